"""Bugs to be planted around people: races, rights, limits, stops, and a copy that is put back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.freezing import Cause
from bot.service import approvals, deadlines, freeze, limits, payments, refundable, roles, settlement, staff
from bot.store import agenda, decisions, forgotten, freezes, transactions
from tests.simulation import forgetful
from tests.simulation.planting import Patches


def _no_state_check(patches: Patches) -> None:
    patches.set(transactions, "_update", forgetful.update_anyway)


def no_cas(patches: Patches) -> None:
    _no_state_check(patches)
    patches.set(payments, "_demand_makers_draft", forgetful.only_the_maker)
    patches.set(approvals, "_demand_decidable", forgetful.only_deciders)


def last_write_wins(patches: Patches) -> None:
    _no_state_check(patches)
    patches.set(settlement, "record_post", forgetful.record_any_post)


def self_approval(patches: Patches) -> None:
    patches.set(approvals, "_left_out", lambda _: set())


def no_authority(patches: Patches) -> None:
    real = roles.approvers
    patches.set(roles, "demand", lambda *_, **__: None)
    patches.set(roles, "approvers", lambda *given: forgetful.Everybody(real(*given)))


def anybody_confirms(patches: Patches) -> None:
    real = payments._demand_makers_draft

    def demand(tx: Any, policy: Any, user_id: int, txn: Any) -> None:
        real(tx, policy, txn.maker_id, txn)

    patches.set(payments, "_demand_makers_draft", demand)


def no_refund_bound(patches: Patches) -> None:
    patches.set(refundable, "left", lambda _, original: original.amount)
    patches.set(refundable, "demand_left", lambda *_: None)


def role_change_stops_nothing(patches: Patches) -> None:
    patches.set(staff, "stop_unsent", lambda *_: 0)


def stale_buttons(patches: Patches) -> None:
    real = deadlines.expire
    patches.set(deadlines, "expire", lambda tx: real(replace(tx, now=tx.now - timedelta(hours=1))))
    patches.set(payments, "_demand_makers_draft", forgetful.at_any_time(payments._demand_makers_draft))


def no_second_question(patches: Patches) -> None:
    patches.set(transactions, "same_again", lambda *_: None)


def freeze_ignored(patches: Patches) -> None:
    patches.set(agenda, "MAY_LEAVE", "1")
    patches.set(freezes, "in_force", lambda _: None)


def thaw_by_one(patches: Patches) -> None:
    patches.set(freeze, "AGREEMENTS", 1)


def anomaly_stops_nothing(patches: Patches) -> None:
    real = freeze.stop

    def stop(tx: Any, policy: Any, cause: Any, *given: Any, **more: Any) -> bool:
        return cause is not Cause.ANOMALY and bool(real(tx, policy, cause, *given, **more))

    patches.set(freeze, "stop", stop)


def limit_when_typed(patches: Patches) -> None:
    real = limits.demand_room

    def demand_room(tx: Any, policy: Any, txn: Any) -> None:
        if txn.created_at == tx.now:
            real(tx, policy, txn)

    patches.set(limits, "demand_room", demand_room)


def alone_without_waiting(patches: Patches) -> None:
    patches.set(freeze, "ALONE_WAITS", timedelta(0))


def presses_counted(patches: Patches) -> None:
    patches.set(decisions, "has_decided", lambda *_: False)
    patches.set(approvals, "approve", forgetful.approve_by(forgetful.presses_so_far))


def former_admins_counted(patches: Patches) -> None:
    patches.set(approvals, "approve", forgetful.approve_by(forgetful.people_so_far))


def same_till_only(patches: Patches) -> None:
    real = transactions.same_again

    def same_again(tx: Any, txn: Any, since: Any) -> Any:
        twin = real(tx, txn, since)
        return twin if twin is not None and twin.desk_id == txn.desk_id else None

    patches.set(transactions, "same_again", same_again)


def restored_goes_on(patches: Patches) -> None:
    real = freeze.stop

    def stop(tx: Any, policy: Any, cause: Any, *given: Any, **more: Any) -> bool:
        return cause is not Cause.RESTORED and bool(real(tx, policy, cause, *given, **more))

    patches.set(freeze, "stop", stop)


def restored_sends_again(patches: Patches) -> None:
    patches.set(transactions, "close_sending", lambda *_: None)


def forgotten_refund_is_free(patches: Patches) -> None:
    patches.set(forgotten, "refunds_claimed", lambda *_: 0)


def forgotten_for_good(patches: Patches) -> None:
    patches.set(forgotten, "add", lambda *_: False)
