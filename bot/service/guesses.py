"""What may be meant by an answer that is not given yet: offered on buttons beside a question."""

from dataclasses import dataclass
from itertools import islice

from bot.domain.transactions import FINAL, Kind, State, Transaction
from bot.service import refundable
from bot.service.familiarity import TYPED
from bot.store import contacts, lately, transactions
from bot.store.database import Tx
from momo import Money, Msisdn

# What went through or may have; a number that failed was perhaps wrong.
LIKELY = (frozenset(State) - FINAL - {State.DRAFT}) | {State.SUCCESSFUL}
RECENT_NUMBERS, SAVED_NUMBERS, AMOUNTS, COLLECTIONS = 4, 6, 4, 5


@dataclass(frozen=True, slots=True)
class Somebody:
    """A number and the name it goes by here, or at MTN; empty when there is none."""

    msisdn: Msisdn
    name: str


def numbers(tx: Tx, desk_id: int, kind: Kind) -> list[Somebody]:
    """Return whom a desk dealt with last in this way, newest first, and then its other contacts."""
    last = lately.dealings(tx.conn, desk_id, [kind], LIKELY)
    saved = {contact.msisdn: contact.name for contact in contacts.of_desk(tx.conn, desk_id)}
    names = {dealing.msisdn: dealing.name for dealing in reversed(last)} | saved
    recent = list(dict.fromkeys(dealing.msisdn for dealing in last))[:RECENT_NUMBERS]
    others = [msisdn for msisdn in saved if msisdn not in recent][:SAVED_NUMBERS]
    return [Somebody(msisdn, names[msisdn]) for msisdn in recent + others]


def unsaved(tx: Tx, desk_id: int) -> list[Somebody]:
    """Return whom a desk dealt with last and has not saved, newest first."""
    saved = {contact.msisdn for contact in contacts.of_desk(tx.conn, desk_id)}
    last = lately.dealings(tx.conn, desk_id, TYPED, {State.SUCCESSFUL})
    names = {dealing.msisdn: dealing.name for dealing in reversed(last)}
    recent = [number for number in dict.fromkeys(dealing.msisdn for dealing in last) if number not in saved]
    return [Somebody(msisdn, names[msisdn]) for msisdn in recent[:RECENT_NUMBERS]]


def amounts(tx: Tx, desk_id: int, kind: Kind, msisdn: Msisdn) -> list[Money]:
    """Return the amounts last used with this number, and then those last used with anybody."""
    last = lately.dealings(tx.conn, desk_id, [kind], LIKELY)
    likely = [d.amount for d in last if d.msisdn == msisdn] + [d.amount for d in last]
    return list(dict.fromkeys(likely))[:AMOUNTS]


def collections(tx: Tx, desk_id: int) -> list[tuple[Transaction, Money]]:
    """Return the last payments that came in and of which something can be given back, each with the rest."""
    last = lately.dealings(tx.conn, desk_id, [Kind.REQUEST_TO_PAY], {State.SUCCESSFUL})
    paid = (transactions.get(tx.conn, dealing.txn_id) for dealing in last)
    refundables = ((txn, rest) for txn in paid if (rest := refundable.left(tx, txn)).amount)
    return list(islice(refundables, COLLECTIONS))
