"""Whole payments against the local MoMo platform: whatever goes wrong on the way, money moves once.

Settlement objects are thrown away between steps, as a kill would: only the rows remain.
"""

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.transactions import AT_MTN, Kind, State, Transaction
from bot.service import callbacks, settlement
from bot.store import agenda, transactions
from momo.sandbox import Effect
from momo.wire import HttpRequest
from tests.support.till import Till


async def settle(till: Till, txn: Transaction, hours: float = 26) -> Transaction:
    """Work on one transaction as sender and poller would, each step in a process of its own."""
    give_up_at = till.clock.seconds() + hours * 3600
    await till.new_settlement().transmit(txn.id)
    while till.get(txn).state in AT_MTN and till.clock.seconds() < give_up_at:
        due = till.do(agenda.overdue_since) or till.do(agenda.next_later_at)
        assert due is not None
        till.clock.now = max(till.clock.now, due)
        await till.new_settlement().observe(txn.id)
    return till.get(txn)


def effects(till: Till, txn: Transaction) -> Sequence[Effect]:
    till.sandbox.timeline.catch_up()
    return till.sandbox.ledger.effects_of(txn.reference_id)


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.DEPOSIT, Kind.REQUEST_TO_PAY])
async def test_an_undisturbed_payment_succeeds(till: Till, kind: Kind) -> None:
    txn = await settle(till, till.ready(kind))
    assert txn.state is State.SUCCESSFUL
    # MTN's status of a deposit names none.
    assert bool(txn.financial_transaction_id) is (kind is not Kind.DEPOSIT)
    assert len(effects(till, txn)) == 1


MISHAPS: list[tuple[str, dict[str, object]]] = [
    ("lose_answer", {}),
    ("cut_body", {}),
    ("reset", {}),
    ("drop_request", {}),
    ("refuse_connection", {}),
    ("timeout", {}),
    ("timeout", {"processed": True}),
    ("slow", {"seconds": 30}),
    ("late_processing", {"seconds": 45}),
    ("late_processing", {"seconds": 300}),
    ("duplicate_delivery", {"seconds": 60}),
    ("error_after", {}),
    ("status_500", {}),
    ("status_500", {"processed": True}),
    ("status_503", {"processed": True}),
    ("status_401", {}),
    ("status_401", {"processed": True}),
    ("status_429", {"retry_after": 30}),
    ("answer", {"status": 404, "body": "nothing here"}),
    ("answer", {"status": 200, "body": "{}", "processed": True}),
    ("not_found_for", {"seconds": 50}),
]


@pytest.mark.parametrize(("fault", "args"), MISHAPS, ids=[f"{fault}-{args}" for fault, args in MISHAPS])
async def test_a_mishap_of_the_attempt_moves_money_once(till: Till, fault: str, args: dict[str, object]) -> None:
    till.sandbox.faults.add(fault, operation="transfer", args=args)
    txn = await settle(till, till.ready())
    assert txn.state is State.SUCCESSFUL
    assert len(effects(till, txn)) == 1


@pytest.mark.parametrize("fault", ["lose_answer", "status_503", "truncate", "status_429", "oversized", "stale_pending"])
async def test_a_mishap_of_the_lookups_only_takes_time(till: Till, fault: str) -> None:
    till.sandbox.faults.add(fault, operation="transfer_status", count=6)
    txn = await settle(till, till.ready())
    assert txn.state is State.SUCCESSFUL
    assert len(effects(till, txn)) == 1


async def test_an_outage_longer_than_the_window_ends_after_a_retry_under_the_same_id(till: Till) -> None:
    till.sandbox.faults.add("refuse_connection", count=None)
    txn = await settle(till, till.ready(), hours=0.5)
    assert txn.state is State.UNKNOWN
    till.sandbox.faults.clear()
    till.retry(txn)
    assert (await settle(till, txn)).state is State.SUCCESSFUL
    assert len(effects(till, txn)) == 1


async def test_a_refusal_is_rejected_and_moves_nothing(till: Till) -> None:
    till.sandbox.faults.add("error_500_code", operation="transfer", args={"code": "NOT_ALLOWED"})
    txn = await settle(till, till.ready())
    assert (txn.state, txn.refused_code) == (State.REJECTED, "NOT_ALLOWED")
    assert till.sandbox.requests.count("transfer") == 1
    assert effects(till, txn) == []


async def test_a_refusal_that_was_carried_out_all_the_same_is_not_called_rejected(till: Till) -> None:
    till.sandbox.faults.add("status_400", operation="transfer", args={"processed": True})
    txn = await settle(till, till.ready())
    assert txn.state is State.SUCCESSFUL
    assert len(effects(till, txn)) == 1


async def test_a_request_that_is_lost_for_ever_is_unsent_after_a_day(till: Till) -> None:
    till.sandbox.faults.add("timeout", operation="transfer", count=None)
    txn = await settle(till, till.ready(), hours=40)
    assert txn.state is State.UNSENT
    assert effects(till, txn) == []


async def test_an_answer_that_disagrees_goes_to_a_person(till: Till) -> None:
    till.sandbox.faults.add("alter", operation="transfer_status", count=None, args={"fields": {"amount": "99"}})
    txn = await settle(till, till.ready(), hours=48)
    assert txn.state is State.REVIEW
    assert len(effects(till, txn)) == 1


# --- killed between two steps


async def test_a_kill_before_the_call_is_followed_by_the_same_call(till: Till) -> None:
    txn = till.sent()
    till.do(transactions.break_leases)
    assert (await settle(till, txn)).state is State.SUCCESSFUL
    assert len(effects(till, txn)) == 1


async def test_a_kill_after_the_call_is_followed_by_a_lookup(till: Till) -> None:
    txn = till.sent()
    await till.mtn.submit(txn, None)
    till.do(transactions.break_leases)
    assert (await settle(till, txn)).state is State.SUCCESSFUL
    assert till.sandbox.requests.count("transfer") == 1
    assert len(effects(till, txn)) == 1


async def test_a_kill_after_a_lookup_is_followed_by_the_same_lookup(till: Till) -> None:
    txn = till.ready()
    await till.new_settlement().transmit(txn.id)
    till.clock.forward(seconds=30)
    await till.mtn.look(till.get(txn))
    assert (await settle(till, txn)).state is State.SUCCESSFUL
    assert len(till.told("end")) == 1


async def test_two_workers_at_once_move_money_once(till: Till) -> None:
    txn = till.ready()
    await asyncio.gather(*(till.new_settlement().transmit(txn.id) for _ in range(5)))
    assert (await settle(till, txn)).state is State.SUCCESSFUL
    assert till.sandbox.requests.count("transfer") == 1


# --- callbacks


async def test_a_callback_before_the_late_answer_ends_the_payment_once(till: Till) -> None:
    till.sandbox.settings.update({"settle_after": 0.0})
    attempt = till.claim(txn := till.ready())
    assert attempt is not None
    answer = await till.mtn.submit(attempt.txn, None)
    await deliver_callbacks(till)
    await till.new_settlement().observe(txn.id)
    till.do(lambda tx: settlement.record_post(tx, txn.id, answer))
    assert till.get(txn).state is State.SUCCESSFUL
    assert len(till.told("end")) == 1


@pytest.mark.parametrize("mode", ["once", "none", "twice", "late", "out_of_order"])
async def test_however_callbacks_come_the_end_is_told_once(till: Till, mode: str) -> None:
    till.sandbox.settings.update({"callback_mode": mode})
    txn = await settle(till, till.ready())
    till.clock.forward(minutes=2)
    await deliver_callbacks(till)
    assert till.get(txn).state is State.SUCCESSFUL
    assert len(till.told("end")) == 1


async def test_a_forged_callback_ends_nothing(till: Till) -> None:
    till.sandbox.settings.update({"settle_after": 3600.0})
    txn = till.ready()
    await till.new_settlement().transmit(txn.id)
    till.do(lambda tx: callbacks.hint(tx, till.policy, {txn.callback_token}))
    await till.new_settlement().observe(txn.id)
    assert till.get(txn).state is State.PENDING


async def deliver_callbacks(till: Till) -> None:
    """Bring the callbacks that are due to the doorbell's rows."""

    async def arrive(request: HttpRequest) -> int:
        token = request.url.rpartition("/")[2]
        till.do(lambda tx: callbacks.hint(tx, till.policy, {token}))
        return 200

    till.transport._deliver = arrive
    await till.transport.deliver_due()
