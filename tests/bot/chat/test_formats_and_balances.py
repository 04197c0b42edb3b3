"""Amounts, times and balances as people read them."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.chat import balances
from bot.chat.formats import clock_time, money
from bot.service.mtn import USED
from bot.service.views import BalanceView
from bot.store.balances import Known, View
from momo import Money
from tests.bot.chat.samples import KAMPALA, NOW


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1500", "UGX", "1,500 UGX"),
        ("12.50", "EUR", "12.50 EUR"),
        ("12.5", "EUR", "12.50 EUR"),
        ("12.00", "EUR", "12 EUR"),
        ("0.07", "EUR", "0.07 EUR"),
        ("1000000000", "UGX", "1,000,000,000 UGX"),
        ("999999999.99", "EUR", "999,999,999.99 EUR"),
    ],
)
def test_an_amount_has_its_currency_behind_a_space(amount: str, currency: str, shown: str) -> None:
    assert money(Money(Decimal(amount), currency)) == shown


def test_no_digit_of_an_amount_is_lost() -> None:
    # market_of takes any currency for an environment it does not know, also one with three decimals.
    assert money(Money(Decimal("0.005"), "TND")) == "0.005 TND"


def test_a_time_is_that_of_the_tills_zone() -> None:
    assert clock_time(NOW, KAMPALA) == "12:00"


def written(outcome: str | None, *ages: timedelta) -> str:
    products = [product.value for product in USED]
    known = [Known(products[n], Money(Decimal(1500), "EUR"), NOW - age) for n, age in enumerate(ages)]
    shown = BalanceView(View(1, -5001, None, None, NOW, None, outcome), known, NOW)
    return balances.balance(shown, KAMPALA, sandbox=True)


def test_while_mtn_is_asked_the_last_figures_have_their_age() -> None:
    text = written(None, timedelta(minutes=3), timedelta(hours=5))
    assert "<b>1,500 EUR</b> (at 11:57, 3 min ago)" in text
    assert "(at 07:00, 5 h ago)" in text
    assert text.endswith("Asking MTN …")


def test_mtns_own_figures_have_no_age() -> None:
    assert "ago" not in written("ok", timedelta(0), timedelta(0))
    assert "Asking" not in written("ok", timedelta(0), timedelta(0))


def test_without_an_answer_the_old_figures_stay_old() -> None:
    text = written("ServerError", timedelta(minutes=30))
    assert "30 min ago" in text
    assert "MTN does not tell right now" in text


def test_before_the_first_answer_there_is_nothing_to_show_but_the_question() -> None:
    assert written(None).splitlines() == ["<b>Balance</b> (sandbox, no real money)", "Asking MTN …"]


def test_a_figure_of_another_day_says_so_in_hours() -> None:
    at = datetime(2026, 1, 3, 9, 0, tzinfo=NOW.tzinfo)
    assert "48 h ago" in written(None, NOW - at)


def test_the_live_account_is_called_live() -> None:
    shown = BalanceView(View(1, -5001, None, None, NOW, None, "ok"), [], NOW)
    assert "(LIVE)" in balances.balance(shown, KAMPALA, sandbox=False)
