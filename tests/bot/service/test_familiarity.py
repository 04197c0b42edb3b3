"""The guard against a slip of the finger: what a desk knows of the number it is about to pay."""

import pytest

from bot.domain.roles import Role
from bot.domain.transactions import Kind, Transaction
from bot.service import contacts, familiarity, seats
from bot.service.familiarity import Familiarity
from bot.service.payments import Place
from bot.store import people
from momo import Msisdn
from tests.support.till import CASHIER, OWNER, SHOP, Till, says

NUMBER, SLIP, FAR = Msisdn("46733123999"), Msisdn("46733123989"), Msisdn("46733127777")


def familiar(till: Till, txn: Transaction) -> Familiarity | None:
    return till.do(lambda tx: familiarity.of(tx, txn))


def pay(till: Till, msisdn: Msisdn = NUMBER, kind: Kind = Kind.TRANSFER) -> None:
    txn = till.pending(kind, msisdn=msisdn)
    till.look(txn, says(txn, "SUCCESSFUL"))


def save(till: Till, msisdn: Msisdn = NUMBER) -> None:
    seat = till.do(lambda tx: seats.seat(tx, till.policy, CASHIER, SHOP, private=False))
    till.do(lambda tx: contacts.save(tx, seat, Place(SHOP), "Corner shop", msisdn))


def test_a_number_never_paid_before_is_named_one(till: Till) -> None:
    assert familiar(till, till.draft(msisdn=FAR)) == Familiarity(None, never_paid=True)


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.DEPOSIT])
def test_a_number_paid_before_is_known(till: Till, kind: Kind) -> None:
    pay(till)
    assert familiar(till, till.draft(kind)) == Familiarity()


def test_a_payment_that_failed_makes_no_number_known(till: Till) -> None:
    txn = till.pending(msisdn=NUMBER)
    till.look(txn, says(txn, "FAILED"))
    assert familiar(till, till.draft(amount="7")) == Familiarity(None, never_paid=True)


def test_a_slip_beside_a_number_paid_before_is_named(till: Till) -> None:
    pay(till)
    assert familiar(till, till.draft(msisdn=SLIP)) == Familiarity(None, never_paid=True, near=(NUMBER, ""))


def test_a_slip_beside_a_contact_is_named_by_the_contacts_name(till: Till) -> None:
    save(till)
    found = familiar(till, till.draft(msisdn=SLIP))
    assert found
    assert found.near == (NUMBER, "Corner shop")


def test_a_number_that_is_known_itself_is_no_slip(till: Till) -> None:
    pay(till)
    save(till, SLIP)
    found = familiar(till, till.draft(msisdn=SLIP))
    assert found
    assert found.contact
    assert found.contact.name == "Corner shop"
    assert found.near is None


def test_a_request_warns_of_a_slip_and_not_of_a_number_never_paid(till: Till) -> None:
    pay(till, kind=Kind.REQUEST_TO_PAY)
    assert familiar(till, till.draft(Kind.REQUEST_TO_PAY, "9", msisdn=SLIP)) == Familiarity(near=(NUMBER, ""))


def test_what_another_desk_knows_counts_for_nothing(till: Till) -> None:
    pay(till)
    save(till)
    other = till.do(lambda tx: people.open_desk(tx, -5002, "Other", OWNER))
    till.grant(CASHIER, Role.CASHIER, other.id)
    till.desk = other
    assert familiar(till, till.draft(msisdn=SLIP)) == Familiarity(None, never_paid=True)


def test_nothing_is_said_once_nothing_can_be_stopped_nor_of_a_refund(till: Till) -> None:
    assert familiar(till, till.sent()) is None
    paid = till.paid()
    assert familiar(till, till.draft(Kind.REFUND, "5", original=paid)) is None
