"""MTN's codes in plain words: what happened, who must act, and whether trying again is safe."""

import pytest

from bot.chat import cards, reasons
from bot.domain.transactions import Kind, State
from tests.bot.chat.samples import KAMPALA, big_words, view

KINDS = [kind for kind in Kind if kind is not Kind.WITHDRAW]
# Every code that MTN's documents or its users name, whichever it ends a transaction with.
CODES = (  # noqa: SIM905 - readable
    "PAYER_NOT_FOUND PAYEE_NOT_FOUND NOT_ENOUGH_FUNDS PAYER_LIMIT_REACHED PAYEE_NOT_ALLOWED_TO_RECEIVE NOT_ALLOWED"
    " NOT_ALLOWED_TARGET_ENVIRONMENT INVALID_CALLBACK_URL_HOST INVALID_CURRENCY APPROVAL_REJECTED PAYMENT_NOT_APPROVED"
    " EXPIRED TRANSACTION_CANCELED SERVICE_UNAVAILABLE INTERNAL_PROCESSING_ERROR RESOURCE_NOT_FOUND"
    " RESOURCE_ALREADY_EXIST COULD_NOT_PERFORM_TRANSACTION SENDER_ACCOUNT_NOT_ACTIVE TRANSACTION_NOT_FOUND"
    " LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED PAYEE_LIMIT_REACHED VALIDATION_ERROR TRANSFER_TYPE_UNKNOWN"
    " ONGOING DELAYED PAYER_DELAYED"
).split()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_code_has_a_cause_and_an_advice(kind: Kind, code: str) -> None:
    reason = reasons.described(kind)[code]
    assert code not in reason.cause
    assert reason.advice.startswith(("Who must act: ", "Nobody has to act"))
    assert "again" in reason.advice
    assert big_words(f"{reason.cause} {reason.advice}") == []


def test_a_code_means_something_else_for_money_that_comes_and_money_that_goes() -> None:
    assert reasons.plain("APPROVAL_REJECTED", Kind.REQUEST_TO_PAY) == "the payer declined"
    assert "payer" not in reasons.plain("APPROVAL_REJECTED", Kind.TRANSFER)
    assert "the payer's account" in reasons.plain("NOT_ENOUGH_FUNDS", Kind.REQUEST_TO_PAY)
    assert "the shop's account" in reasons.plain("NOT_ENOUGH_FUNDS", Kind.REFUND)


def test_nothing_that_is_not_over_is_called_safe_to_try_again() -> None:
    for state in set(State) - {State.FAILED, State.REJECTED}:
        txn = view(state=state, failure_code="NOT_ENOUGH_FUNDS", refused_code="NOT_ENOUGH_FUNDS").txn
        assert reasons.advice(txn) == ""


@pytest.mark.parametrize(("state", "field"), [(State.FAILED, "failure_code"), (State.REJECTED, "refused_code")])
def test_card_and_end_say_why_and_what_to_do(state: State, field: str) -> None:
    shown = view(state=state, kind=Kind.REQUEST_TO_PAY, **{field: "NOT_ENOUGH_FUNDS"})
    for text in (cards.card(shown, KAMPALA, sandbox=True), cards.end(shown, state, None)):
        assert "there is not enough money in the payer's account" in text
        assert "Who must act: the payer, who has to put money into the account. Then it is safe to ask again." in text


def test_a_code_nobody_has_described_is_shown_as_it_is_with_honest_advice() -> None:
    assert reasons.plain("NEW_<CODE>", Kind.TRANSFER) == "MTN says NEW_&lt;CODE&gt;"
    assert "not known here: ask MTN" in reasons.advice(view(state=State.FAILED, failure_code="NEW_CODE").txn)
    assert reasons.plain(None, Kind.TRANSFER) == reasons.plain("", Kind.TRANSFER) == "MTN gave no reason"
