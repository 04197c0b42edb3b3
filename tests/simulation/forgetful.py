"""What the mutants do instead: functions of the bot, written again with one rule forgotten in each."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.chat import cards as words
from bot.domain import settling
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import SEND_WITHIN, State, Transaction
from bot.service import approvals, freeze, limits, refundable, roles, settlement, telling, views
from bot.service.approvals import Decided
from bot.service.payments import body_sha256
from bot.service.throttle import Turn
from bot.store import audit, cards, decisions, observations, transactions
from bot.store.bells import Bell
from bot.store.cards import Card, CardRole
from bot.store.database import Tx

if TYPE_CHECKING:
    from tests.simulation.world import World

# The world that is running: what is told from memory is told in it.
worlds: list["World"] = []


class Everybody(set[int]):
    """Has everybody in it."""

    def __contains__(self, _: object) -> bool:
        return True

    def __sub__(self, _: Any) -> "Everybody":
        return self

    def intersection(self, *others: Any) -> set[int]:
        """Return all of the others."""
        return set().union(*others)


def believe(tx: Tx, token: str, to: State) -> None:
    """End a transaction because a callback said so."""
    row = tx.conn.execute("SELECT id FROM txn WHERE callback_token = ?", (token,)).fetchone()
    txn = transactions.get(tx.conn, row["id"]) if row else None
    if txn is not None and txn.state in (State.UNKNOWN, State.PENDING):
        transactions.move(tx, txn, to, "callback")


def rename(tx: Tx, txn: Transaction, reference_id: str) -> None:
    """Give a transaction another reference id."""
    body = body_sha256(reference_id, txn.kind, txn.amount, txn.msisdn, txn.note)
    tx.conn.execute("UPDATE txn SET reference_id = ?, body_sha256 = ? WHERE id = ?", (reference_id, body, txn.id))


async def transmit_then_name(self: Any, txn_id: int) -> None:
    """Send under an id that is written down afterwards."""
    await self._mtn.turn(Turn.WRITE)
    txn = await self._store.tx(lambda tx: transactions.get(tx.conn, txn_id))
    reference_id = await self._store.tx(lambda tx: tx.mint.reference_id())
    answer = await self._mtn.submit(replace(txn, reference_id=reference_id), None)

    def write_down(tx: Tx) -> None:
        rename(tx, txn, reference_id)
        settlement.claim(tx, txn_id, self._mtn)
        settlement.record_post(tx, txn_id, answer)

    await self._store.tx(write_down)


async def transmit_then_claim(self: Any, txn_id: int) -> None:
    """Send first, and write down afterwards that it was sent."""
    await self._mtn.turn(Turn.WRITE)
    txn = await self._store.tx(lambda tx: transactions.get(tx.conn, txn_id))
    original = await self._store.tx(lambda tx: settlement._original_reference(tx, txn))
    answer = await self._mtn.submit(txn, original)

    def write_down(tx: Tx) -> None:
        settlement.claim(tx, txn_id, self._mtn)
        settlement.record_post(tx, txn_id, answer)

    await self._store.tx(write_down)


async def transmit_then_journal(self: Any, txn_id: int) -> None:
    """Send first, and tell the journal afterwards."""
    await self._mtn.turn(Turn.WRITE)
    attempt = await self._store.tx(lambda tx: settlement.claim(tx, txn_id, self._mtn))
    if attempt is None:
        return
    answer = await self._mtn.submit(attempt.txn, attempt.original_reference_id)
    await self._journalled(attempt)
    await self._store.tx(lambda tx: settlement.record_post(tx, txn_id, answer))


def update_anyway(tx: Tx, txn: Transaction, changes: dict[str, Any], *more: str) -> bool:
    """Change a row whatever state it is in."""
    columns = {transactions.COLUMNS[name]: transactions._value(value) for name, value in changes.items()}
    assignments = ", ".join([f"{name} = :{name}" for name in columns] + list(more))
    tx.conn.execute(f"UPDATE txn SET {assignments} WHERE id = :txn_id", {**columns, "txn_id": txn.id})  # noqa: S608
    tx.rings(Bell.READY)
    tx.rings(Bell.MONEY)
    return True


def only_the_maker(tx: Tx, policy: Any, user_id: int, txn: Transaction) -> None:
    """Check who confirms, but not whether it is still a draft."""
    if user_id != txn.maker_id:
        raise Refusal(Why.NOT_YOUR_CARD)


def at_any_time(demand: Callable[..., None]) -> Callable[..., None]:
    """Check everything but the time."""

    def demand_anyway(tx: Tx, policy: Any, user_id: int, txn: Transaction) -> None:
        demand(tx, policy, user_id, replace(txn, expires_at=tx.now + timedelta(days=1)))

    return demand_anyway


def only_deciders(tx: Tx, policy: Any, user_id: int, card: Card) -> Transaction:
    """Check who decides, but not whether it is still to be decided."""
    txn = transactions.get(tx.conn, card.txn_id)
    if user_id == txn.maker_id or user_id not in roles.approvers(tx, policy, txn.desk_id):
        raise Refusal(Why.NOT_AN_APPROVER)
    return txn


def record_any_post(tx: Tx, txn_id: int, answer: Any) -> None:
    """Let an attempt's answer count, however late it comes."""
    txn = transactions.get(tx.conn, txn_id)
    observation_id = observations.add(tx, txn_id, "POST", http_status=answer.http_status, code=answer.code)
    settlement.apply(tx, txn, settling.after_post(txn, answer, tx.now), observation_id)
    audit.append(tx, "attempt answered", "bot", txn_id=txn_id, observation_id=observation_id)


def tell_from_memory(tx: Tx, txn: Transaction, **facts: Any) -> None:
    """Tell an end at once, from memory, without a row that says it must be told."""
    for card in cards.of(tx.conn, txn.id, CardRole.MAKER):
        worlds[-1].spawn(_tell(worlds[-1], card, txn.state, facts.get("by")))


async def _tell(world: "World", card: Card, state: State, by: str | None) -> None:
    life = world.life
    if life is None:
        return
    await life.boundary("memory")
    view = await life.store.tx(lambda tx: views.card(tx, life.policy, card.id))
    with contextlib.suppress(TelegramError):
        text = words.end(view, state, by)
        await life.bot._app.bot.send_message(card.chat_id, text, parse_mode=ParseMode.HTML)


def approve_by(count: Callable[[Tx, Transaction], int]) -> Callable[..., Decided]:
    """Approve as the bot does, but count the approvals in another way."""

    def approve(tx: Tx, policy: Any, user_id: int, card: Card) -> Decided:
        txn = approvals._demand_decidable(tx, policy, user_id, card)
        freeze.demand_moving(tx)
        refundable.demand_left(tx, txn)
        limits.demand_room(tx, policy, txn)
        if user_id not in decisions.approvers(tx.conn, txn.id):
            decisions.add(tx, txn.id, user_id, "approve")
        audit.append(tx, "approve", f"user:{user_id}", txn_id=txn.id)
        missing = txn.approvals_needed - count(tx, txn)
        if missing <= 0:
            changes = {"send_by": tx.now + SEND_WITHIN, "next_at": tx.now, **limits.charge(tx, policy, txn)}
            transactions.move(tx, txn, State.READY, f"user:{user_id}", **changes)
        telling.card_changed(tx, txn, answering=True)
        return Decided(transactions.get(tx.conn, txn.id), missing)

    return approve


def presses_so_far(tx: Tx, txn: Transaction) -> int:
    """Count every press of Approve, whoever pressed."""
    query = "SELECT count(*) FROM audit WHERE event = 'approve' AND txn_id = ?"
    return int(tx.conn.execute(query, (txn.id,)).fetchone()[0])


def people_so_far(tx: Tx, txn: Transaction) -> int:
    """Count everybody who approved, also who may no longer."""
    return len(decisions.approvers(tx.conn, txn.id))
