"""Bugs to be planted around MTN: ids, order, what an answer means, the journal, the clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.domain import schedule, settling
from bot.domain.settling import Decision, PostOutcome
from bot.domain.steady import Steady
from bot.domain.transactions import State
from bot.service import settlement
from bot.service.settlement import Settlement
from bot.store import transactions
from tests.simulation import forgetful
from tests.simulation.planting import Patches


def new_reference(patches: Patches) -> None:
    real = settlement.claim

    def claim(tx: Any, txn_id: int, mtn: Any) -> Any:
        txn = transactions.get(tx.conn, txn_id)
        if txn.attempts:
            forgetful.rename(tx, txn, tx.mint.reference_id())
        return real(tx, txn_id, mtn)

    patches.set(settlement, "claim", claim)


def post_before_persist(patches: Patches) -> None:
    patches.set(Settlement, "transmit", forgetful.transmit_then_name)


def persist_after_post(patches: Patches) -> None:
    patches.set(Settlement, "transmit", forgetful.transmit_then_claim)


def _after_post(patches: Patches, change: Callable[[Any, Any, Decision], None]) -> None:
    real = settling.after_post

    def after_post(txn: Any, answer: Any, now: Any) -> Decision:
        decision: Decision = real(txn, answer, now)
        change(txn, answer, decision)
        return decision

    patches.set(settling, "after_post", after_post)


def timeout_is_failed(patches: Patches) -> None:
    def change(txn: Any, answer: Any, decision: Decision) -> None:
        if answer.outcome is PostOutcome.DOUBT:
            decision.to = State.FAILED

    _after_post(patches, change)


def duplicate_is_failed(patches: Patches) -> None:
    def change(txn: Any, answer: Any, decision: Decision) -> None:
        if answer.http_status == 409:
            decision.to = State.FAILED

    _after_post(patches, change)


def never_held(patches: Patches) -> None:
    _after_post(patches, lambda _, __, decision: decision.changes.pop("held", None))


def optimistic_doubt(patches: Patches) -> None:
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


def not_found_is_never(patches: Patches) -> None:
    real = settling._not_found

    def not_found(txn: Any, decision: Decision, now: Any) -> None:
        real(txn, decision, now)
        if txn.state is State.UNKNOWN:
            decision.to, decision.send_again = State.UNSENT, False

    patches.set(settling, "_not_found", not_found)


def gives_up(patches: Patches) -> None:
    real = settling.after_get

    def after_get(txn: Any, *rest: Any) -> Decision:
        decision: Decision = real(txn, *rest)
        if decision.to is None and txn.state is State.UNKNOWN and txn.polls >= 8:
            decision.to, decision.send_again = State.FAILED, False
        return decision

    patches.set(settling, "after_get", after_get)


def instant_rejected(patches: Patches) -> None:
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


def no_window(patches: Patches) -> None:
    _resend(patches, lambda txn: not txn.send_closed and txn.refused_code is None)


def sent_after_cancel(patches: Patches) -> None:
    _resend(patches, lambda txn: bool(txn.send_closed))


def no_rest(patches: Patches) -> None:
    patches.set(schedule, "RESEND_AFTER", timedelta(0))


def unsent_too_soon(patches: Patches) -> None:
    patches.set(schedule, "UNSENT_QUIET", timedelta(minutes=1))
    patches.set(schedule, "UNSENT_SPREAD", timedelta(0))


def journal_after_post(patches: Patches) -> None:
    patches.set(Settlement, "transmit", forgetful.transmit_then_journal)


def clock_set_back(patches: Patches) -> None:
    patches.set(Steady, "__call__", lambda self: self._wall())
    patches.set(Steady, "not_before", lambda *_: None)
