"""How well a desk knows a number: the guard against a slip of the finger, for whoever looks at the card."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.policy import PAYMENTS
from bot.domain.slips import one_slip
from bot.domain.transactions import Kind, State, Transaction
from bot.store import contacts, lately, transactions
from bot.store.contacts import Contact
from bot.store.database import Tx
from momo import Msisdn

TYPED = PAYMENTS | {Kind.REQUEST_TO_PAY}
UNDECIDED = frozenset({State.DRAFT, State.AWAITING_APPROVAL})


@dataclass(frozen=True, slots=True)
class Familiarity:
    """What a desk knows of the number it is about to pay or ask.

    ``contact``: it is saved under a name. ``never_paid``: it would be paid, and never was by this desk. ``near``: it
    is new here, and one digit away from a number that is known: that number and its name, which may be empty.
    """

    contact: Contact | None = None
    never_paid: bool = False
    near: tuple[Msisdn, str] | None = None


def of(tx: Tx, txn: Transaction) -> Familiarity | None:
    """Return how a transaction's number is known; None where it was not typed, or nothing can be stopped any more."""
    if txn.kind not in TYPED or txn.state not in UNDECIDED:
        return None
    contact = contacts.of_number(tx.conn, txn.desk_id, txn.msisdn)
    party = transactions.party_hash(tx.conn, txn.id)
    paid = lately.has_succeeded(tx.conn, txn.desk_id, party, PAYMENTS)
    known = contact is not None or paid or lately.has_succeeded(tx.conn, txn.desk_id, party, TYPED)
    return Familiarity(contact, txn.kind in PAYMENTS and not paid, None if known else _near(tx, txn))


def _near(tx: Tx, txn: Transaction) -> tuple[Msisdn, str] | None:
    known = _known(tx, txn.desk_id)
    return next(((number, name) for number, name in known if one_slip(str(txn.msisdn), str(number))), None)


def _known(tx: Tx, desk_id: int) -> Iterator[tuple[Msisdn, str]]:
    """Yield the numbers a desk knows with their names, the saved ones first."""
    for contact in contacts.of_desk(tx.conn, desk_id):
        yield contact.msisdn, contact.name
    for dealing in lately.dealings(tx.conn, desk_id, TYPED, {State.SUCCESSFUL}):
        yield dealing.msisdn, dealing.name
