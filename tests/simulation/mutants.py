"""Planted bugs: each takes one rule of the bot away, in this process only, and must be caught.

A mutant replaces functions of the real modules by name while its worlds run, and may do without triggers: the
second wall would otherwise catch what the first one lets through.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.chat import context, dispatch
from bot.domain import schedule, settling
from bot.domain.settling import Decision, PostOutcome
from bot.domain.transactions import State
from bot.jobs import inbox as inbox_job
from bot.jobs import outbox as outbox_job
from bot.service import approvals, deadlines, payments, refundable, roles, settlement, staff, telling, updates_in
from bot.service.settlement import Settlement
from bot.store import inbox, outbox, transactions
from tests.simulation import forgetful
from tests.simulation.world import Doctored

if TYPE_CHECKING:
    from tests.simulation.world import World

Plant = Callable[["Patches"], None]


class Patches:
    """Replaces attributes until the worlds of a mutant are over."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def set(self, owner: Any, name: str, value: Any) -> Any:
        """Put *value* in the place of an attribute; return what was there."""
        before = getattr(owner, name)
        setattr(owner, name, value)
        self._stack.callback(setattr, owner, name, before)
        return before


@dataclass(frozen=True)
class Mutant(Doctored):
    """A planted bug: its name, how it is planted, and the triggers that are gone with it."""

    name: str
    plant: Plant
    without_triggers: tuple[str, ...] = ()

    def enter(self, world: "World") -> None:
        """Be told which world begins."""
        forgetful.worlds[:] = [world]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Have the bug in the bot."""
        with ExitStack() as stack:
            self.plant(Patches(stack))
            yield


class Believer(Mutant):
    """Trusts the body of a callback."""

    def door(self, world: "World", token: str, status: str) -> None:
        """Do as the callback says."""
        life = world.life
        if life is not None and not life.dead and status != "PENDING":
            world.spawn(life.store.tx(lambda tx: forgetful.believe(tx, token, State(status))))


# --- ids and order


def _new_reference(patches: Patches) -> None:
    real = settlement.claim

    def claim(tx: Any, txn_id: int, mtn: Any) -> Any:
        txn = transactions.get(tx.conn, txn_id)
        if txn.attempts:
            forgetful.rename(tx, txn, tx.mint.reference_id())
        return real(tx, txn_id, mtn)

    patches.set(settlement, "claim", claim)


def _post_before_persist(patches: Patches) -> None:
    patches.set(Settlement, "transmit", forgetful.transmit_then_name)


def _persist_after_post(patches: Patches) -> None:
    patches.set(Settlement, "transmit", forgetful.transmit_then_claim)


# --- what an answer means


def _after_post(patches: Patches, change: Callable[[Any, Any, Decision], None]) -> None:
    real = settling.after_post

    def after_post(txn: Any, answer: Any, now: Any) -> Decision:
        decision: Decision = real(txn, answer, now)
        change(txn, answer, decision)
        return decision

    patches.set(settling, "after_post", after_post)


def _timeout_is_failed(patches: Patches) -> None:
    def change(txn: Any, answer: Any, decision: Decision) -> None:
        if answer.outcome is PostOutcome.DOUBT:
            decision.to = State.FAILED

    _after_post(patches, change)


def _duplicate_is_failed(patches: Patches) -> None:
    def change(txn: Any, answer: Any, decision: Decision) -> None:
        if answer.http_status == 409:
            decision.to = State.FAILED

    _after_post(patches, change)


def _never_held(patches: Patches) -> None:
    _after_post(patches, lambda _, __, decision: decision.changes.pop("held", None))


def _optimistic_doubt(patches: Patches) -> None:
    def change(txn: Any, answer: Any, decision: Decision) -> None:
        doubt = answer.outcome is PostOutcome.DOUBT
        decision.changes["ambiguous"] = txn.ambiguous + doubt

    _after_post(patches, change)
    real = settlement.claim

    def claim(tx: Any, txn_id: int, mtn: Any) -> Any:
        before = transactions.get(tx.conn, txn_id).ambiguous
        attempt = real(tx, txn_id, mtn)
        tx.conn.execute("UPDATE txn SET ambiguous = ? WHERE id = ?", (before, txn_id))
        return attempt

    patches.set(settlement, "claim", claim)


def _not_found_is_never(patches: Patches) -> None:
    real = settling._not_found

    def not_found(txn: Any, decision: Decision, now: Any) -> None:
        real(txn, decision, now)
        if txn.state is State.UNKNOWN:
            decision.to, decision.send_again = State.UNSENT, False

    patches.set(settling, "_not_found", not_found)


def _gives_up(patches: Patches) -> None:
    real = settling.after_get

    def after_get(txn: Any, *rest: Any) -> Decision:
        decision: Decision = real(txn, *rest)
        if decision.to is None and txn.state is State.UNKNOWN and txn.polls >= 8:
            decision.to, decision.send_again = State.FAILED, False
        return decision

    patches.set(settling, "after_get", after_get)


def _instant_rejected(patches: Patches) -> None:
    real = settling._close_if_quiet

    def close(txn: Any, decision: Decision, *rest: Any) -> None:
        real(txn, decision, *rest)
        if txn.refused_code and txn.ambiguous == 0:
            decision.to = State.REJECTED

    patches.set(settling, "_close_if_quiet", close)


def _resend(patches: Patches, also: Callable[[Any], bool]) -> None:
    real = settling.can_send_again

    def can_send_again(txn: Any, now: Any) -> bool:
        return bool(real(txn, now)) or (txn.state is State.UNKNOWN and not txn.held and also(txn))

    patches.set(settling, "can_send_again", can_send_again)


def _no_window(patches: Patches) -> None:
    _resend(patches, lambda txn: not txn.send_closed and txn.refused_code is None)


def _sent_after_cancel(patches: Patches) -> None:
    _resend(patches, lambda txn: bool(txn.send_closed))


def _no_rest(patches: Patches) -> None:
    patches.set(schedule, "RESEND_AFTER", timedelta(0))


def _unsent_too_soon(patches: Patches) -> None:
    patches.set(schedule, "UNSENT_QUIET", timedelta(minutes=1))
    patches.set(schedule, "UNSENT_SPREAD", timedelta(0))


# --- races and rights


def _no_state_check(patches: Patches) -> None:
    patches.set(transactions, "_update", forgetful.update_anyway)


def _no_cas(patches: Patches) -> None:
    _no_state_check(patches)
    patches.set(payments, "_demand_makers_draft", forgetful.only_the_maker)
    patches.set(approvals, "_demand_decidable", forgetful.only_deciders)


def _last_write_wins(patches: Patches) -> None:
    _no_state_check(patches)
    patches.set(settlement, "record_post", forgetful.record_any_post)


def _self_approval(patches: Patches) -> None:
    patches.set(approvals, "_left_out", lambda _: set())


def _no_authority(patches: Patches) -> None:
    real = roles.approvers
    patches.set(roles, "demand", lambda *_: None)
    patches.set(roles, "approvers", lambda *given: forgetful.Everybody(real(*given)))


def _anybody_confirms(patches: Patches) -> None:
    real = payments._demand_makers_draft

    def demand(tx: Any, policy: Any, user_id: int, txn: Any) -> None:
        real(tx, policy, txn.maker_id, txn)

    patches.set(payments, "_demand_makers_draft", demand)


def _no_refund_bound(patches: Patches) -> None:
    patches.set(refundable, "left", lambda _, original: original.amount)
    patches.set(refundable, "demand_left", lambda *_: None)


def _role_change_stops_nothing(patches: Patches) -> None:
    patches.set(staff, "_stop_unsent", lambda *_: 0)


def _stale_buttons(patches: Patches) -> None:
    real = deadlines.expire
    patches.set(deadlines, "expire", lambda tx: real(replace(tx, now=tx.now - timedelta(hours=1))))
    patches.set(payments, "_demand_makers_draft", forgetful.at_any_time(payments._demand_makers_draft))


def _no_second_question(patches: Patches) -> None:
    patches.set(transactions, "same_again", lambda *_: None)


# --- inbox and outbox


def _notify_from_memory(patches: Patches) -> None:
    patches.set(telling, "ended", forgetful.tell_from_memory)


def _mark_before_send(patches: Patches) -> None:
    real = outbox_job.Postman._handed_over

    async def handed_over(self: Any, message: Any) -> Any:
        await self._store.tx(lambda tx: outbox.mark_sent(tx, message.id, None))
        return await real(self, message)

    patches.set(outbox_job.Postman, "_handed_over", handed_over)


def _ack_before_persist(patches: Patches) -> None:
    async def fetch_forever(store: Any, fetch: Any) -> None:
        while True:
            try:
                updates = await fetch(await store.tx(inbox.offset))
                more = await fetch(updates[-1]["update_id"] + 1) if updates else []
                if updates:
                    await updates_in.keep(store, updates + more)
            except Exception:  # noqa: BLE001 - as the real one
                await asyncio.sleep(1)

    patches.set(dispatch, "POLL_SECONDS", 1)
    patches.set(inbox_job, "fetch_forever", fetch_forever)


def _two_transactions(patches: Patches) -> None:
    async def commit(self: Any, fn: Any, *, ends_form: bool = False) -> Any:
        result = await self.till.store.tx(fn)
        await self.till.store.tx(lambda tx: inbox.mark_done(tx.conn, self.origin.update_id))
        return result

    patches.set(context.Context, "commit", commit)


EVIDENCE, NEVER_THERE, MOVES = ("txn_evidence",), ("txn_never_there",), ("txn_moves",)
MUTANTS: tuple[Mutant, ...] = (
    Mutant("new reference on retry", _new_reference, ("txn_frozen",)),
    Mutant("timeout = FAILED", _timeout_is_failed, EVIDENCE),
    Believer("callback body trusted", lambda _: None, EVIDENCE),
    Mutant("POST before persist", _post_before_persist, ("txn_frozen",)),
    Mutant("persist after POST", _persist_after_post),
    Mutant("no compare-and-set", _no_cas, (*MOVES, *EVIDENCE, "txn_approved", "txn_refund_bound")),
    Mutant("self-approval", _self_approval, ("decision_by_another", "txn_approved")),
    Mutant("no authorisation check", _no_authority),
    Mutant("anybody confirms", _anybody_confirms),
    Mutant("no refund bound", _no_refund_bound, ("txn_refund_bound",)),
    Mutant("404 = never", _not_found_is_never, NEVER_THERE),
    Mutant("409 = FAILED", _duplicate_is_failed, EVIDENCE),
    Mutant("gives up after 8 polls", _gives_up, EVIDENCE),
    Mutant("notifies from memory", _notify_from_memory),
    Mutant("marks before it sends", _mark_before_send),
    Mutant("acknowledges before it persists", _ack_before_persist),
    Mutant("effect and done in two transactions", _two_transactions),
    Mutant("last write wins", _last_write_wins, MOVES),
    Mutant("instant REJECTED", _instant_rejected, NEVER_THERE),
    Mutant("optimistic doubt", _optimistic_doubt),
    Mutant("no rest before a re-post", _no_rest),
    Mutant("no send window", _no_window),
    Mutant("sent after Cancel", _sent_after_cancel),
    Mutant("never held", _never_held),
    Mutant("UNSENT after a minute", _unsent_too_soon),
    Mutant("a role taken away stops nothing", _role_change_stops_nothing),
    Mutant("stale buttons work", _stale_buttons),
    Mutant("no second question", _no_second_question),
)
