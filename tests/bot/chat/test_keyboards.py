"""Buttons: their data fits, can be read back, and only what we made is read."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.chat import keyboards, phonebook
from bot.chat.card_buttons import of_card
from bot.chat.keyboards import Press, Verb, data, read
from bot.domain.transactions import AT_MTN, Kind, State
from bot.service.views import CardView
from bot.store.cards import CardRole
from bot.store.people import Desk
from bot.store.questions import Question
from tests.bot.chat.samples import CONTACT, NASTY, NOW, view

QUESTION = Question(2**63 - 1, "n" * 22, -5001, 1002, [{}, {}], NOW, None)
DESKS = (Desk(1, -5001, NASTY), Desk(2**63 - 1, -5002, "x" * 255))


def shown(keyboard: InlineKeyboardMarkup | None) -> dict[str, str]:
    """Return the labels of a keyboard with their data; a button that only copies comes to nobody."""
    rows = keyboard.inline_keyboard if keyboard else ()
    return {button.text: str(button.callback_data) for row in rows for button in row if button.copy_text is None}


def copied(**changes: object) -> list[str]:
    """Return what the buttons of a card copy."""
    keyboard = of_card(view(**changes))  # type: ignore[arg-type]
    rows = keyboard.inline_keyboard if keyboard else ()
    return [button.copy_text.text for row in rows for button in row if button.copy_text]


def labels(**changes: object) -> list[str]:
    return list(shown(of_card(view(**changes))))  # type: ignore[arg-type]


def views() -> list[CardView]:
    flags = product(State, CardRole, (False, True), (False, True), (None, "", "Sand Box"))
    return [
        view(role, can_retry=retry, state=state, repeat_asked=repeat, payee_name=name)
        for state, role, retry, repeat, name in flags
    ]


def test_no_buttons_data_is_longer_than_telegram_takes() -> None:
    boards = [
        *map(of_card, views()),
        keyboards.of_question(QUESTION, ["a", "b"]),
        keyboards.of_step(["a"] * 10, 2, "n" * 22, skip=True, back=True),
        phonebook.buttons(CONTACT),
        phonebook.about_deleting(CONTACT)[1],
    ]
    found = [one for board in (*boards, keyboards.of_desks(DESKS)) for one in shown(board).values()]
    assert found
    assert all(1 <= len(one.encode()) <= 64 for one in found)


def test_every_buttons_data_is_read_back() -> None:
    for board in (*map(of_card, views()), keyboards.of_question(QUESTION, ["a"]), keyboards.of_desks(DESKS)):
        for one in shown(board).values():
            press = read(one)
            assert press is not None
            assert data(press.verb, press.subject, press.nonce) == one


@given(verb=st.sampled_from(Verb), subject=st.text(st.characters(exclude_characters=":")), nonce=st.text())
def test_what_is_written_is_read(verb: Verb, subject: str, nonce: str) -> None:
    assert read(data(verb, subject, nonce)) == Press(verb, subject, nonce)


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    press = read(text)
    assert press is None or text.startswith(press.verb.value)


@pytest.mark.parametrize("text", ["", ":", "::", "OK:ABC234:n", "confirm:1:n", " ok:ABC234:n", "ok "])
def test_what_we_did_not_write_is_not_read(text: str) -> None:
    assert read(text) is None


def test_a_draft_is_confirmed_or_cancelled_once_mtn_was_asked_the_name() -> None:
    assert labels(payee_name=None) == ["Cancel"]
    for name in ("", "Sand Box"):
        assert labels(payee_name=name) == ["Confirm", "Cancel"]


def test_the_second_question_has_another_button_with_another_nonce() -> None:
    asked = view(repeat_asked=True)
    asked = replace(asked, card=replace(asked.card, repeat_nonce="r" * 22))
    board = shown(of_card(asked))
    assert list(board) == ["Yes, once more", "Cancel"]
    assert board["Yes, once more"].endswith("r" * 22)


def test_only_what_waits_for_people_can_be_decided() -> None:
    decides = {State.AWAITING_APPROVAL: ["Approve", "Reject"], State.REVIEW: ["Close as not sent"]}
    for state in State:
        found = labels(role=CardRole.CHECKER, state=state, can_retry=True)
        assert found == decides.get(state, []) + (["Status now"] if state in AT_MTN else [])


def test_only_an_unsent_or_retryable_payment_can_be_stopped() -> None:
    for state in set(State) - {State.DRAFT}:
        stopped = state in (State.AWAITING_APPROVAL, State.READY)
        assert ("Cancel" in labels(state=state)) == stopped
    retried = ["Retry (same payment)", "Cancel", "Admins: review", "Status now"]
    assert labels(state=State.UNKNOWN, can_retry=True) == retried


def test_what_may_be_on_its_way_can_be_asked_about() -> None:
    for state in AT_MTN:
        assert labels(state=state) == ["Status now"]


def test_what_went_through_has_a_receipt_and_only_a_payers_money_a_refund() -> None:
    for kind in Kind:
        expected = ["Receipt", "Refund"] if kind is Kind.REQUEST_TO_PAY else ["Receipt"]
        assert labels(state=State.SUCCESSFUL, kind=kind) == expected
    assert labels(role=CardRole.CHECKER, state=State.SUCCESSFUL) == []


@pytest.mark.parametrize("state", ["FAILED", "REJECTED", "UNSENT", "CANCELLED", "EXPIRED"])
def test_what_ended_without_money_has_nothing_to_press(state: str) -> None:
    assert labels(state=State(state)) == []


def test_what_mtn_may_be_asked_about_has_its_reference_to_copy() -> None:
    never_there = {State.DRAFT, State.AWAITING_APPROVAL, State.READY, State.CANCELLED, State.EXPIRED}
    for state in State:
        assert copied(state=state) == ([] if state in never_there else [view().txn.reference_id])


def test_what_decides_stands_before_what_tells() -> None:
    rows = of_card(view(state=State.UNKNOWN, can_retry=True))
    assert rows is not None
    assert [[button.text for button in row] for row in rows.inline_keyboard] == [
        ["Retry (same payment)", "Cancel", "Admins: review"],
        ["Status now", "Copy reference"],
    ]
