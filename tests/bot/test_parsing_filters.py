"""What people look for, as they type it: every word counts, in English and French, and none is passed over."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.badinput import BadInput
from bot.chat.badinput import BadReason as Why
from bot.chat.filter_words import KINDS, STATES, WAITING
from bot.chat.filters import Here, fold, parse_filters
from bot.domain.finding import Wanted
from bot.domain.periods import Period
from bot.domain.transactions import Kind, State
from momo import Money, Msisdn, market_of

KAMPALA = ZoneInfo("Africa/Kampala")
NOW = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)  # in Kampala it is the 19th already
UGANDA = Here(market_of("mtnuganda"), NOW, KAMPALA)
SANDBOX = Here(market_of("sandbox"), NOW, KAMPALA)
FAILED = frozenset({State.FAILED, State.REJECTED, State.UNSENT})
NUMBER = Msisdn("256772123456")


def shillings(amount: int) -> Money:
    return Money(Decimal(amount), "UGX")


def days(first: str, last: str = "") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last or first), KAMPALA)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wanted()),
        ("0772123456", Wanted(msisdn=NUMBER)),
        ("+256 772 123 456", Wanted(msisdn=NUMBER)),
        ("0772-123-456", Wanted(msisdn=NUMBER)),
        ("failed", Wanted(states=FAILED)),
        ("Échoué", Wanted(states=FAILED)),
        ("réussis", Wanted(states=frozenset({State.SUCCESSFUL}))),
        ("en attente", Wanted(states=WAITING)),
        ("cancelled expirés", Wanted(states=frozenset({State.CANCELLED, State.EXPIRED}))),
        ("pay", Wanted(kinds=frozenset({Kind.TRANSFER}))),
        ("remboursement", Wanted(kinds=frozenset({Kind.REFUND}))),
        ("demande dépôt", Wanted(kinds=frozenset({Kind.REQUEST_TO_PAY, Kind.DEPOSIT}))),
        ("today", Wanted(period=days("2026-11-19"))),
        ("aujourd’hui", Wanted(period=days("2026-11-19"))),
        ("hier", Wanted(period=days("2026-11-18"))),
        ("last week", Wanted(period=days("2026-11-09", "2026-11-15"))),
        ("2026-11-01..2026-11-15", Wanted(period=days("2026-11-01", "2026-11-15"))),
        ("du 1/11/2026 au 15/11/2026", Wanted(period=days("2026-11-01", "2026-11-15"))),
        ("5000", Wanted(least=shillings(5000), most=shillings(5000))),
        ("5 000", Wanted(least=shillings(5000), most=shillings(5000))),
        ("5k", Wanted(least=shillings(5000), most=shillings(5000))),
        (">5000", Wanted(least=shillings(5001))),
        ("> 5000", Wanted(least=shillings(5001))),
        (">=5,000", Wanted(least=shillings(5000))),
        ("<5k", Wanted(most=shillings(4999))),
        (">1000 <=5000", Wanted(least=shillings(1001), most=shillings(5000))),
        ("1000-5000", Wanted(least=shillings(1000), most=shillings(5000))),
        ("Okello", Wanted(words=("Okello",))),
        ("O'Neil rent", Wanted(words=("O'Neil", "rent"))),
        ("INV-2026-11", Wanted(words=("INV-2026-11",))),
        ("by Grace", Wanted(makers=("Grace",))),
        ("par Éric", Wanted(makers=("Éric",))),
        ("me", Wanted(mine=True)),
        (
            "failed pay Okello 0772123456 >5000 yesterday by Grace",
            Wanted(
                msisdn=NUMBER,
                words=("Okello",),
                makers=("Grace",),
                states=FAILED,
                kinds=frozenset({Kind.TRANSFER}),
                least=shillings(5001),
                period=days("2026-11-18"),
            ),
        ),
        ("5000 0772123456", Wanted(msisdn=NUMBER, least=shillings(5000), most=shillings(5000))),
    ],
)
def test_filters_are_read_as_people_type_them(text: str, wanted: Wanted) -> None:
    assert parse_filters("history", text, UGANDA) == wanted


def test_where_numbers_have_any_length_many_digits_are_a_number_and_few_an_amount() -> None:
    wanted = parse_filters("find", "46733123999 12.50", SANDBOX)
    assert wanted == Wanted(
        msisdn=Msisdn("46733123999"), least=Money(Decimal("12.50"), "EUR"), most=Money(Decimal("12.50"), "EUR")
    )


@pytest.mark.parametrize(
    ("text", "why", "example", "typed"),
    [
        (">", Why.FILTER_UNCLEAR, "/history >5000", ">"),
        (">abc", Why.FILTER_UNCLEAR, "/history >5000", ">abc"),
        ("failed @@@", Why.FILTER_UNCLEAR, "/history failed today", "@@@"),
        ("by", Why.FILTER_UNCLEAR, "/history by Grace", "by"),
        ("077212345678901234567", Why.FILTER_UNCLEAR, "/history 5000", "077212345678901234567"),
        ("today yesterday", Why.FILTER_UNCLEAR, "/history failed today", "yesterday"),
        ("5000 >6000", Why.FILTER_UNCLEAR, "/history >5000", ">6000"),
        (">6000 <5000", Why.FILTER_UNCLEAR, "/history <5000", "<5000"),
        ("0772123456 Okello 0772123457", Why.FILTER_UNCLEAR, "/history 5000", "0772123457"),
        ("2026-02-30", Why.PERIOD_NO_SUCH_DAY, "/history 2026-02-28", "2026-02-30"),
        ("2026-11-15..2026-11-01", Why.PERIOD_BACKWARDS, "/history 2026-11-01..2026-11-15", "2026-11-15..2026-11-01"),
        ("word " * 13, Why.FILTERS_TOO_MANY, "/history failed today", ""),
    ],
)
def test_what_is_no_filter_is_refused_with_a_right_example(text: str, why: Why, example: str, typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_filters("history", text, UGANDA)
    assert (refused.value.reason, refused.value.example) == (why, example)
    assert refused.value.typed.startswith(typed)
    parse_filters("history", example.removeprefix("/history "), UGANDA)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), max_size=12).map(" ".join))
def test_a_line_is_read_or_refused_and_never_read_as_nothing(text: str) -> None:
    for here in (UGANDA, SANDBOX):
        try:
            wanted = parse_filters("history", text, here)
        except BadInput as refused:
            parse_filters("history", refused.example.removeprefix("/history "), here)
        else:
            assert (wanted == Wanted()) == (not text.split())


@pytest.mark.parametrize("word", [*STATES, *KINDS])
def test_the_tables_have_words_as_they_are_looked_up(word: str) -> None:
    assert fold(word) == word
