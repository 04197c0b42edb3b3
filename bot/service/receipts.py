"""Receipts of what went through, and the codes by which this bot knows its own again.

A code is a transaction's short code and a keyed hash over everything that makes the receipt. Whoever has the key, which
never leaves the database, can make one; nobody else can, and whoever checks one is told what the database says.
"""

import base64
import hmac
import json
from dataclasses import dataclass

from bot.domain.mint import SHORT_CODE_LENGTH
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, allows
from bot.domain.transactions import State, Transaction
from bot.service import hashing, roles
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import audit, facts, outbox, people, statements, transactions
from bot.store.database import Tx
from bot.store.outbox import Form, Lane
from bot.store.statements import GivenBack
from bot.store.times import to_ms

KEY = "receipt_key"
VERSION = 1
# A hundred bits: short enough to be typed, and each guess costs a message that is counted.
SEAL_LENGTH = 20
CODE_LENGTH = SHORT_CODE_LENGTH + SEAL_LENGTH


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What a receipt shows. ``number_kept``: the number is still the one that was paid, not blanked since."""

    txn: Transaction
    desk: str
    code: str
    original_code: str | None
    given_back: tuple[GivenBack, ...]
    number_kept: bool


@dataclass(frozen=True, slots=True)
class Genuine:
    """A code this bot made. ``own``: whoever asks may know what has become of it since."""

    view: ReceiptView
    own: bool


def ask(tx: Tx, user_id: int, txn: Transaction, place: Place, *, language: str, nameless: bool = False) -> None:
    """Have the receipt of a transaction sent: its text and its page. *nameless*: for those who see no names.

    Raises:
        Refusal: it has not gone through, so there is nothing to give a receipt of.
    """
    if txn.state is not State.SUCCESSFUL:
        raise Refusal(Why.NO_RECEIPT, txn=txn)
    audit.append(tx, "receipt", f"user:{user_id}", txn_id=txn.id)
    for document in ("receipt text", "receipt"):
        outbox.add(
            tx,
            place.chat_id,
            Form.DOCUMENT,
            Lane.ANSWER,
            document=document,
            txn_id=txn.id,
            nameless=nameless,
            language=language,
            thread_id=place.thread_id,
            reply_to=place.reply_to,
        )


def view(tx: Tx, txn: Transaction) -> ReceiptView:
    """Return what the receipt of a transaction that went through shows now."""
    original = None if txn.original_id is None else transactions.get(tx.conn, txn.original_id)
    return ReceiptView(
        txn=txn,
        desk=people.desk(tx.conn, txn.desk_id).title,
        code=code_of(tx, txn),
        original_code=original.short_code if original else None,
        given_back=tuple(statements.given_back(tx.conn, txn.id)),
        number_kept=hashing.keyed(tx, str(txn.msisdn)) == transactions.party_hash(tx.conn, txn.id),
    )


def code_of(tx: Tx, txn: Transaction) -> str:
    """Return the code of the receipt of a transaction that went through, without separators."""
    key = facts.put_once(tx.conn, KEY, tx.mint.key().hex())
    seal = hmac.digest(bytes.fromhex(key), _content(tx, txn), "sha256")
    return txn.short_code + base64.b32encode(seal).decode()[:SEAL_LENGTH]


def _content(tx: Tx, txn: Transaction) -> bytes:
    """Return everything a receipt stands for, in a form that has one spelling only; names are no part of it."""
    content = [
        VERSION,
        txn.reference_id,
        txn.kind,
        txn.amount.minor_units(txn.decimals),
        txn.amount.currency,
        txn.decimals,
        transactions.party_hash(tx.conn, txn.id).hex(),
        txn.final_at and to_ms(txn.final_at),
        txn.financial_transaction_id,
        txn.desk_id,
    ]
    return json.dumps(content, separators=(",", ":")).encode()


def demand_reader(tx: Tx, policy: Policy, seat: Seat) -> None:
    """Refuse anybody who has no role in any till: strangers learn nothing."""
    if not roles.has_anywhere(tx, policy, seat.user_id, Right.READ):
        raise seat.nobody


def check(tx: Tx, policy: Policy, seat: Seat, code: str) -> Genuine | None:
    """Return what this bot knows of a receipt's code; None: it did not make it.

    Anybody with a role in some till may ask, since a receipt is made to be shown around.

    Raises:
        Refusal: this person has no role at all.
    """
    demand_reader(tx, policy, seat)
    txn = transactions.find(tx.conn, code[:SHORT_CODE_LENGTH])
    if txn is None or txn.state is not State.SUCCESSFUL or not _same(code_of(tx, txn), code):
        audit.append(tx, "forged receipt", f"user:{seat.user_id}", desk=seat.desk.id if seat.desk else None)
        return None
    return Genuine(view(tx, txn), _is_own(tx, policy, seat, txn))


def _same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode())


def _is_own(tx: Tx, policy: Policy, seat: Seat, txn: Transaction) -> bool:
    """Tell whether more may be said here than stands on the receipt: in a group its own till's alone."""
    if seat.sees_all or (seat.desk and seat.desk.id == txn.desk_id):
        return True
    private = seat.chat_id == seat.user_id
    return private and allows(roles.role_of(tx.conn, policy, seat.user_id, txn.desk_id), Right.READ)
