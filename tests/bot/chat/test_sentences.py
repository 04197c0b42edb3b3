"""The sentences that say no, those the program says by itself, and the reasons of MTN."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.chat import notices, sentences, words
from bot.chat.badinput import BadInput, BadReason
from bot.domain.limits import Scope
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import State
from bot.playground.entities import LONGEST_TEXT, parse, utf16_units
from bot.service import telling
from bot.service.restored import Meeting
from momo import Money
from tests.bot.chat.samples import CONTACT, KAMPALA, NASTY, TXN, UNTIL, big_words, view

FACTS: dict[str, Any] = {
    "user_id": 2001,
    "chat_id": -5001,
    "txn": TXN,
    "by": NASTY,
    "left": Money(Decimal(25), "EUR"),
    "most": 5,
    "scope": Scope.PERSON,
    "limit": Money(Decimal(500), "EUR"),
    "again_at": UNTIL,
    "reference": NASTY,
    "contact": CONTACT,
    "names": [NASTY] * 20,
    "name": NASTY,
    "number": "46733123999",
    "text": NASTY,
    "cause": "person",
    "reason": NASTY,
    "minutes": 7,
}
# The sentence's name, as the services write it.
GIVEN = re.compile(r"\bnotice(?:_maker)?\([^\"()]*\"([a-z_]+)\"")
NEWS: dict[str, Any] = {
    "code": NASTY,
    "by": NASTY,
    "reason": NASTY,
    "minutes": 7,
    "who": NASTY,
    "desk": NASTY,
    "role": "admin",
    "open": ["ABC234", "XYZ789"],
    "changed": ["MNP456"],
    "service": "mtn:disbursement",
    "since_ms": 1767600000000,
    "failed": [{"kind": "transfer", "code": "NOT_ENOUGH_FUNDS", "count": 2}],
    "decided": [{"who": NASTY, "decision": "approve", "codes": ["ABC234"]}],
    "row": 7,
    "codes": ["ABC234"],
    "stopped": 2,
    "till": NASTY,
    "cause": "person",
    "text": NASTY,
    "product": "disbursement",
    "prefix": "MOMO_DISBURSEMENT",
    "until_ms": 1767600000000,
    "zone": KAMPALA,
    "at_ms": 1767600000000,
    "ended": [{"kind": "transfer", "state": "SUCCESSFUL", "count": 3, "minor": 4500, "currency": "EUR", "decimals": 2}],
    "waiting": [{"state": "PENDING", "count": 2, "since_ms": 1767600000000}],
    "anomalies": 1,
    "rows": 12,
    "head": "0f" * 32,
    "broken": None,
    "verified_ms": 1767600000000,
    "meeting": Meeting.LINES_MISSING,
    "forgotten": 2,
    "news": "FAILED",
    "kind": "transfer",
    "amount": "45",
    "currency": "EUR",
    "sent_at_ms": 1767600000000,
    "short_code": "XYZ789",
}


@pytest.mark.parametrize("reason", BadReason)
def test_every_bad_input_has_a_sentence_with_a_right_example(reason: BadReason) -> None:
    text = parse(sentences.bad_input(BadInput(reason, "/pay <46733123999> 5", "typed")), "HTML").text
    assert text.endswith("For example: /pay <46733123999> 5")
    assert len(text) > len("For example: /pay <46733123999> 5")


@pytest.mark.parametrize("why", Why)
def test_every_refusal_has_a_sentence(why: Why) -> None:
    text = sentences.refusal(Refusal(why, **FACTS))
    assert parse(text, "HTML").text.endswith((".", ".)", NASTY))


@pytest.mark.parametrize("why", Why)
def test_no_refusal_speaks_of_success(why: Why) -> None:
    assert big_words(sentences.refusal(Refusal(why, **FACTS))) == []


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_and_only_one_is_successful(state: State) -> None:
    word = words.state_word(view(state=state).txn)
    assert word
    assert big_words(word) == (["successful"] if state is State.SUCCESSFUL else [])


@pytest.mark.parametrize("why", Why)
def test_what_people_wrote_is_shown_as_text_and_fits_a_message(why: Why) -> None:
    long = FACTS | {"text": "<" * 4096, "reference": "f" * 36, "by": '"' * 130}
    shown = parse(sentences.refusal(Refusal(why, **long)), "HTML").text
    assert 0 < utf16_units(shown) <= LONGEST_TEXT


def test_a_stranger_is_told_his_id_and_the_chats_only_in_a_group() -> None:
    assert "<code>2001</code> and the chat's id -5001." in sentences.refusal(Refusal(Why.NO_ROLE, **FACTS))
    private = sentences.refusal(Refusal(Why.NO_ROLE, user_id=2001, chat_id=2001))
    assert "chat" not in private


def test_too_much_to_refund_names_what_is_left() -> None:
    assert sentences.refusal(Refusal(Why.MORE_THAN_LEFT, **FACTS)) == "Only 25 EUR of ABC234 is left to refund."


def test_who_was_first_is_named() -> None:
    text = parse(sentences.refusal(Refusal(Why.ALREADY, **FACTS)), "HTML").text
    assert f"(decided by {NASTY})" in text
    assert "decided" not in sentences.refusal(Refusal(Why.ALREADY, txn=TXN))


@pytest.mark.parametrize("name", notices.SENTENCES)
def test_every_notice_is_html_that_shows_its_facts_as_text(name: str) -> None:
    text = parse(notices.notice(name, NEWS, "ABC234"), "HTML").text
    assert text.endswith("\nReference: ABC234")
    assert big_words(text) == []


# What a restored copy has forgotten has no row, but a reference all the same.
@pytest.mark.parametrize("name", sorted(notices.SENTENCES.keys() - {"forgotten"}))
def test_a_notice_about_no_transaction_names_none(name: str) -> None:
    assert "Reference" not in notices.notice(name, NEWS, None)


def test_every_notice_the_services_give_has_a_sentence() -> None:
    services = Path(telling.__file__).parent.glob("*.py")
    said = {name for file in services for name in GIVEN.findall(file.read_text())}
    assert len(said) >= 4
    assert said <= notices.SENTENCES.keys()


def test_a_long_reason_and_many_open_transactions_fit_a_message() -> None:
    facts = NEWS | {"reason": "<" * 500, "open": ["ABC234"] * 600, "changed": ["ABC234"] * 600}
    for name in notices.SENTENCES:
        assert utf16_units(parse(notices.notice(name, facts, "ABC234"), "HTML").text) <= LONGEST_TEXT
