"""What a card and an end say, in every state."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.chat import cards
from bot.chat.formats import clock_time
from bot.domain.transactions import Kind, State
from bot.playground.entities import LONGEST_TEXT, parse, utf16_units
from bot.service.familiarity import Familiarity
from bot.store.cards import CardRole
from momo import Msisdn
from tests.bot.chat.samples import CONTACT, KAMPALA, NASTY, UNTIL, big_words, view

KINDS = [kind for kind in Kind if kind is not Kind.WITHDRAW]  # the till offers no withdrawals
# Everything a state's text may depend on.
VARIANTS: list[dict[str, Any]] = [
    {},
    {"repeat_asked": True},
    {"refused_code": "PAYEE_NOT_FOUND", "failure_code": "EXPIRED"},
    {"send_closed": True},
    {"held": True, "last_answer": "INTERNAL_PROCESSING_ERROR"},
    {"failure_code": "APPROVAL_REFUSED"},
    {"failure_code": "ROLE_TAKEN"},
    {"failure_code": "MISMATCH", "payee_name": None},
    {"failure_code": "SOME_<NEW>_CODE", "refused_code": "SOME_<NEW>_CODE", "payee_name": ""},
]


def written(**changes: Any) -> str:
    return cards.card(view(**changes), KAMPALA, sandbox=True)


def ended(state: State, **changes: Any) -> str:
    return cards.end(view(state=state, **changes), state, None)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_of_every_kind_has_words(state: State, kind: Kind) -> None:
    for changes, retry, role in product(VARIANTS, (False, True), CardRole):
        text = written(role=role, can_retry=retry, **{"state": state, "kind": kind, **changes})
        assert parse(text, "HTML").text.rpartition("\n")[2]
    assert "Reference: <code>ABC234</code>" in ended(state, kind=kind)


@pytest.mark.parametrize("state", sorted(set(State) - {State.SUCCESSFUL}))
@pytest.mark.parametrize("changes", VARIANTS)
def test_only_a_final_successful_is_called_so(state: State, changes: dict[str, Any]) -> None:
    for kind, retry, role in product(KINDS, (False, True), CardRole):
        shown = written(role=role, can_retry=retry, **{"state": state, "kind": kind, **changes})
        assert big_words(shown) == []
        assert big_words(ended(state, **{"kind": kind, **changes})) == []


def test_a_successful_end_says_so_with_the_amount() -> None:
    assert "<b>1,500.50 EUR</b>" in ended(State.SUCCESSFUL)
    assert "was successful" in ended(State.SUCCESSFUL)
    assert "Successful" in written(state=State.SUCCESSFUL)
    assert "MTN's id: 77." in written(state=State.SUCCESSFUL, financial_transaction_id="77")


@pytest.mark.parametrize("state", [State.FAILED, State.REJECTED, State.UNSENT])
def test_a_failed_end_says_failed_and_that_no_money_moved(state: State) -> None:
    text = ended(state, failure_code="NOT_ENOUGH_FUNDS", refused_code="NOT_ENOUGH_FUNDS")
    assert "failed" in text
    assert "No money moved." in text
    assert state is State.UNSENT or "there is not enough money" in text


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PENDING, State.REVIEW])
def test_while_money_may_have_moved_no_card_says_it_did_not(state: State) -> None:
    for changes, retry in product(VARIANTS, (False, True)):
        text = written(state=state, can_retry=retry, **changes)
        assert "No money moved" not in text
        assert "ailed" not in text


def test_names_notes_and_titles_are_shown_as_text() -> None:
    nasty: dict[str, Any] = {"payee_name": NASTY, "note": NASTY, "desk": NASTY, "approvals_needed": 1}
    shown = replace(view(role=CardRole.CHECKER, **nasty), maker=NASTY, decided_by=NASTY)
    for state in State:
        text = cards.card(replace(shown, txn=replace(shown.txn, state=state)), KAMPALA, sandbox=False)
        assert parse(text, "HTML").text.count(NASTY) >= 4
    assert NASTY in parse(cards.end(shown, State.CANCELLED, NASTY), "HTML").text
    assert NASTY in parse(ended(State.SUCCESSFUL, payee_name=NASTY), "HTML").text


def test_the_longest_card_fits_a_message() -> None:
    long = view(role=CardRole.CHECKER, payee_name="&" * 60, note="x" * 160, desk="'" * 255, failure_code="C" * 500)
    for state in State:
        shown = replace(long, txn=replace(long.txn, state=state), maker='"' * 130, decided_by="<" * 130)
        assert utf16_units(cards.card(shown, KAMPALA, sandbox=True)) <= LONGEST_TEXT


def test_a_card_tells_the_sandbox_from_the_real_thing() -> None:
    assert "(sandbox, no real money)" in cards.card(view(), KAMPALA, sandbox=True)
    assert "(LIVE)" in cards.card(view(), KAMPALA, sandbox=False)


def test_a_deadline_is_a_clock_time_in_the_tills_zone() -> None:
    assert "Confirm until 12:05." in written(state=State.DRAFT)
    assert "until 12:05." in written(state=State.AWAITING_APPROVAL)


def test_a_request_goes_into_the_collection_account_and_comes_from_the_payer() -> None:
    text = written(kind=Kind.REQUEST_TO_PAY)
    assert "From: 46733123999" in text
    assert "Into: collection account" in text
    assert "To: 46733123999" in written(kind=Kind.TRANSFER)


def test_who_decides_is_told_who_asks_and_where() -> None:
    assert "Asked by: Merchant at Corner shop" in written(role=CardRole.CHECKER)
    assert "Asked by" not in written(role=CardRole.MAKER)


def test_self_approval_is_shown_on_each_card_that_needs_one() -> None:
    for role in CardRole:
        assert "One person may ask and approve" in written(role=role, approvals_needed=1, self_approval=True)
    assert "One person" not in written(approvals_needed=0, self_approval=True)


def test_a_refusal_is_told_with_its_cause_and_not_as_the_end() -> None:
    text = written(state=State.UNKNOWN, refused_code="PAYEE_NOT_FOUND")
    assert "no active Mobile Money account" in text
    assert "do not send it again yet" in text


def test_who_approved_is_said_where_one_approval_is_not_enough() -> None:
    waiting = view(state=State.AWAITING_APPROVAL, approvals_needed=3)
    text = cards.card(replace(waiting, approved_by=(NASTY, "Admin")), KAMPALA, sandbox=True)
    assert f"Approved by {NASTY}, Admin; 1 more needed." in parse(text, "HTML").text
    alone = written(state=State.AWAITING_APPROVAL, approvals_needed=1)
    assert alone.endswith(f"Waiting for approval until {clock_time(UNTIL, KAMPALA)}.")


def test_a_card_says_how_its_number_is_known() -> None:
    near = Familiarity(never_paid=True, near=(Msisdn("46733123989"), NASTY))
    for familiarity, words in (
        (None, ""),
        (Familiarity(), ""),
        (Familiarity(CONTACT), "Saved as: &lt;b&gt;O&#x27;Neil"),
        (Familiarity(never_paid=True), "New here: this till has never sent money to this number."),
        (near, "one digit away from &lt;b&gt;O&#x27;Neil&lt;/b&gt; &amp; &quot;Sons&quot; &lt;script&gt; · •••• 3989"),
    ):
        text = cards.card(replace(view(), familiarity=familiarity), KAMPALA, sandbox=True)
        assert words in text
        assert ("New here" in text) == (familiarity is not None and familiarity.never_paid)
        assert big_words(text) == []
