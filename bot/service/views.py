"""What a card or a balance message shows, read in one transaction; the words are the chat's."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import settling
from bot.domain.policy import Policy
from bot.domain.transactions import PAYER_APPROVES_WITHIN, Kind, State, Transaction
from bot.service import familiarity, prospects
from bot.service.familiarity import Familiarity
from bot.service.prospects import Prospects
from bot.store import balances, cards, decisions, freezes, people, transactions
from bot.store.balances import Known, View
from bot.store.cards import Card
from bot.store.database import Tx
from bot.store.times import EPOCH


@dataclass(frozen=True, slots=True)
class CardView:
    """A card and everything it needs to be written."""

    card: Card
    txn: Transaction
    desk: str
    maker: str
    original_code: str | None
    decided_by: str | None
    can_retry: bool
    frozen: bool = False
    # Names, in the order in which they approved.
    approved_by: tuple[str, ...] = ()
    # How the number is known at this desk, while it can still be stopped.
    familiarity: Familiarity | None = None
    # What confirming it would mean; None once nobody decides on it any more.
    prospects: Prospects | None = None
    # Until when the payer may approve on the phone, while that time is not over.
    payer_until: datetime | None = None
    now: datetime = EPOCH


@dataclass(frozen=True, slots=True)
class BalanceView:
    """A balance message: what is known of each account, and how asking MTN went."""

    view: View
    known: list[Known]
    now: datetime


def card(tx: Tx, policy: Policy, card_id: int) -> CardView:
    """Read what a card shows now."""
    shown = cards.get(tx.conn, card_id)
    txn = transactions.get(tx.conn, shown.txn_id)
    original = None if txn.original_id is None else transactions.get(tx.conn, txn.original_id)
    return CardView(
        card=shown,
        txn=txn,
        desk=people.desk(tx.conn, txn.desk_id).title,
        maker=people.name_of(tx.conn, txn.maker_id),
        original_code=original.short_code if original else None,
        decided_by=decisions.last_by(tx.conn, txn.id),
        can_retry=settling.can_retry(txn, tx.now),
        frozen=freezes.in_force(tx.conn) is not None,
        familiarity=familiarity.of(tx, txn),
        approved_by=tuple(people.name_of(tx.conn, user_id) for user_id in decisions.approvers(tx.conn, txn.id)),
        prospects=prospects.of(tx, policy, txn),
        payer_until=_payer_until(tx, txn),
        now=tx.now,
    )


def _payer_until(tx: Tx, txn: Transaction) -> datetime | None:
    if txn.state is not State.PENDING or txn.kind is not Kind.REQUEST_TO_PAY or txn.last_sent_at is None:
        return None
    until = txn.last_sent_at + PAYER_APPROVES_WITHIN
    return until if until > tx.now else None


def balance(tx: Tx, view_id: int, currency: str) -> BalanceView:
    """Read what a balance message shows now; *currency* is the one of accounts nobody named."""
    view = balances.view(tx.conn, view_id)
    return BalanceView(view, balances.known(tx.conn, view.currency or currency), tx.now)
