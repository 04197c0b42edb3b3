import pytest

from bot.domain.refusals import Why
from bot.domain.settling import PostOutcome
from bot.domain.transactions import Kind, Transaction
from bot.service import refundable
from momo import Money
from tests.support.till import Till, euros, refuses, says


def amount(till: Till, original: Transaction, wanted: str | None = None) -> Money:
    return till.do(lambda tx: refundable.amount(tx, original, euros(wanted) if wanted else None))


def test_without_an_amount_all_that_is_left_is_refunded(till: Till) -> None:
    assert amount(till, till.paid("50")) == euros("50")


def test_part_of_a_payment_can_be_refunded(till: Till) -> None:
    assert amount(till, till.paid("50"), "20") == euros("20")


def test_more_than_was_paid_cannot(till: Till) -> None:
    with refuses(Why.MORE_THAN_LEFT):
        amount(till, till.paid("50"), "50.01")


@pytest.mark.parametrize("stage", ["ready", "sent", "pending"])
def test_what_is_on_its_way_back_is_not_left(till: Till, stage: str) -> None:
    paid = till.paid("50")
    getattr(till, stage)(Kind.REFUND, "30", original=paid)
    assert amount(till, paid) == euros("20")


def test_a_refund_asked_for_is_not_left_either(till: Till) -> None:
    paid = till.paid("50")
    till.confirm(till.draft(Kind.REFUND, "50", original=paid))
    with refuses(Why.NOTHING_LEFT):
        amount(till, paid)


def test_a_draft_claims_nothing(till: Till) -> None:
    paid = till.paid("50")
    till.draft(Kind.REFUND, "50", original=paid)
    assert amount(till, paid) == euros("50")


def test_a_refund_that_failed_can_be_made_again(till: Till) -> None:
    paid = till.paid("50")
    txn = till.pending(Kind.REFUND, "50", original=paid)
    till.look(txn, says(txn, "FAILED"))
    assert amount(till, paid) == euros("50")


def test_a_refund_in_doubt_still_claims_its_amount(till: Till) -> None:
    paid = till.paid("50")
    txn = till.sent(Kind.REFUND, "50", original=paid)
    till.post(txn, PostOutcome.DOUBT, code="ResponseLost")
    with refuses(Why.NOTHING_LEFT):
        amount(till, paid)


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.DEPOSIT])
def test_money_sent_to_somebody_cannot_be_called_back(till: Till, kind: Kind) -> None:
    txn = till.pending(kind)
    till.look(txn, says(txn, "SUCCESSFUL"))
    with refuses(Why.TRANSFER_NOT_REFUNDABLE):
        amount(till, till.get(txn))


def test_a_refund_cannot_be_refunded(till: Till) -> None:
    with refuses(Why.NOT_REFUNDABLE_KIND):
        amount(till, till.pending(Kind.REFUND, "1", original=till.paid()))


def test_a_payment_that_has_not_come_in_cannot_be_refunded(till: Till) -> None:
    with refuses(Why.NOT_SUCCESSFUL_YET):
        amount(till, till.pending(Kind.REQUEST_TO_PAY))
