"""A hundred thousand forged callbacks: what the till believes follows MTN's ledger and nothing else."""

import random
import secrets

import pytest

from bot.domain.transactions import State, Transaction
from bot.service import callbacks
from bot.service.callbacks import Doorbell
from bot.store import agenda
from tests.support.till import Till

FORGED = 100_000
SECONDS = 60
OPEN = 8


def forge(till: Till, rng: random.Random, real: list[str], times: int) -> set[str]:
    """Ring with real and invented tokens; return which of them a doorbell would take down."""
    doorbell = Doorbell(till.store, till.policy)
    taken = set()
    for _ in range(times):
        doorbell.ring(rng.choice(real) if rng.random() < 0.5 else secrets.token_urlsafe(rng.choice([1, 31, 32, 33])))
        while not doorbell._rung.empty():
            taken.add(doorbell._rung.get_nowait())
    return taken


async def looks_at_what_is_due(till: Till) -> int:
    due = till.do(lambda tx: agenda.to_observe(tx, 50))
    for txn_id in due:
        await till.new_settlement().observe(txn_id)
    return len(due)


async def test_a_hundred_thousand_forged_callbacks_change_nothing(till: Till) -> None:
    rng, looks = random.Random(1), 0
    txns = [till.pending(amount=f"{n + 1}.10") for n in range(OPEN)]
    tokens = [txn.callback_token for txn in txns]
    for _ in range(SECONDS):
        taken = forge(till, rng, tokens, FORGED // SECONDS + 1)
        till.do(lambda tx, taken=taken: callbacks.hint(tx, till.policy, taken))
        looks += await looks_at_what_is_due(till)
        assert [till.get(txn).state for txn in txns] == [State.PENDING] * OPEN
        till.clock.forward(seconds=1)
    assert looks <= OPEN * (SECONDS / callbacks.QUIET_MS * 1000 + 1)
    assert looks / SECONDS <= 5
    assert till.ask("SELECT count(*) FROM anomaly") == [0]


@pytest.mark.parametrize("stage", ["pending", "sent"])
def test_a_token_a_bit_off_is_nobodys(till: Till, stage: str) -> None:
    txn: Transaction = getattr(till, stage)()
    till.clock.forward(seconds=10)
    near = {txn.callback_token[:i] + c + txn.callback_token[i + 1 :] for i in range(43) for c in "aB3-_"}
    before = till.get(txn)
    till.do(lambda tx: callbacks.hint(tx, till.policy, near - {txn.callback_token}))
    assert till.get(txn) == before
