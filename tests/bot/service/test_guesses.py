"""What is offered beside a question: what this desk did last, and whom it has saved."""

from bot.domain.roles import Role
from bot.domain.transactions import Kind
from bot.service import contacts, guesses, seats
from bot.service.payments import Place
from bot.store import people
from momo import Msisdn
from tests.support.till import CASHIER, OWNER, SHOP, Till, euros, says

FIRST, SECOND, THIRD = Msisdn("46733123901"), Msisdn("46733123902"), Msisdn("46733123903")


def numbers(till: Till, kind: Kind = Kind.TRANSFER) -> list[tuple[Msisdn, str]]:
    found = till.do(lambda tx: guesses.numbers(tx, till.desk.id, kind))
    return [(somebody.msisdn, somebody.name) for somebody in found]


def save(till: Till, name: str, msisdn: Msisdn) -> None:
    seat = till.do(lambda tx: seats.seat(tx, till.policy, CASHIER, SHOP, private=False))
    till.do(lambda tx: contacts.save(tx, seat, Place(SHOP), name, msisdn))


def test_the_last_numbers_come_first_once_each_then_the_saved_ones(till: Till) -> None:
    for amount, number in (("1", FIRST), ("2", SECOND), ("3", FIRST)):
        till.pending(amount=amount, msisdn=number)
    save(till, "Second", SECOND), save(till, "Third", THIRD)
    assert numbers(till) == [(FIRST, ""), (SECOND, "Second"), (THIRD, "Third")]


def test_what_failed_was_dropped_or_is_of_another_kind_is_not_offered(till: Till) -> None:
    failed = till.pending(msisdn=FIRST)
    till.look(failed, says(failed, "FAILED"))
    till.cancel(till.draft(msisdn=SECOND))
    till.pending(Kind.REQUEST_TO_PAY, msisdn=THIRD)
    assert numbers(till) == []
    assert numbers(till, Kind.REQUEST_TO_PAY) == [(THIRD, "")]


def test_amounts_of_the_same_number_come_first(till: Till) -> None:
    for amount, number in (("1", FIRST), ("2", SECOND), ("3", FIRST), ("4", SECOND), ("2", THIRD)):
        till.pending(amount=amount, msisdn=number)
    offered = till.do(lambda tx: guesses.amounts(tx, till.desk.id, Kind.TRANSFER, FIRST))
    assert offered == [euros("3"), euros("1"), euros("2"), euros("4")]


def test_a_payment_that_came_in_is_offered_with_what_is_left_of_it(till: Till) -> None:
    whole, part = till.paid("50"), till.paid("30")
    for original, amount in ((whole, "50"), (part, "10")):
        till.ready(Kind.REFUND, amount, original=original)
    offered = till.do(lambda tx: guesses.collections(tx, till.desk.id))
    assert [(txn.id, left) for txn, left in offered] == [(part.id, euros("20"))]


def test_another_desks_doings_are_not_offered(till: Till) -> None:
    till.pending(msisdn=FIRST)
    till.paid()
    save(till, "Second", SECOND)
    other = till.do(lambda tx: people.open_desk(tx, -5002, "Other", OWNER))
    till.grant(CASHIER, Role.CASHIER, other.id)
    till.desk = other
    assert numbers(till) == []
    assert till.do(lambda tx: guesses.amounts(tx, other.id, Kind.TRANSFER, FIRST)) == []
    assert till.do(lambda tx: guesses.collections(tx, other.id)) == []
