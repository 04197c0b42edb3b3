# ruff: noqa: S608 - the SQL is put together from the parameters of these tests
import json

import pytest

from bot.service import trail
from tests.support.till import ADMIN_CHAT, Till


def rewritten(till: Till) -> None:
    """Do what somebody could who can write the file, triggers or not."""
    till.store.conn.execute("DROP TRIGGER audit_fixed")
    till.store.conn.execute("UPDATE audit SET actor = 'user:7' WHERE id = 2")


def test_a_sound_trail_says_nothing(till: Till) -> None:
    till.sent()
    till.do(lambda tx: trail.check(tx, till.policy))
    assert till.told("notice") == []


def test_the_admins_are_told_once_where_the_trail_was_changed(till: Till) -> None:
    till.sent()
    rewritten(till)
    for _ in range(2):
        till.do(lambda tx: trail.check(tx, till.policy))
    told = till.ask("SELECT chat_id FROM outbox WHERE kind = 'notice'")
    assert (told, [json.loads(payload)["row"] for payload in till.told("notice")]) == ([ADMIN_CHAT], [2])


def verdicts(till: Till) -> list[str]:
    return till.ask("SELECT event FROM audit WHERE event IN ('verified', 'trail broken') ORDER BY id")


def test_at_start_only_what_is_behind_the_last_checkpoint_is_verified(till: Till) -> None:
    till.sent()
    till.do(lambda tx: trail.check(tx, till.policy))
    rewritten(till)
    till.do(lambda tx: trail.check(tx, till.policy))
    assert verdicts(till) == ["verified", "verified"]


async def test_at_night_the_whole_chain_is_verified(till: Till) -> None:
    till.sent()
    till.do(lambda tx: trail.check(tx, till.policy))
    rewritten(till)
    await trail.verify_all(till.store, till.policy, 2)
    till.do(lambda tx: trail.check(tx, till.policy))
    assert verdicts(till) == ["verified", "trail broken"]
    assert till.noticed("trail_broken") == [ADMIN_CHAT]


@pytest.mark.parametrize("column", ["amount_minor = 1", "failure_code = 'X'", "state = 'FAILED'", "final_at_ms = 1"])
async def test_a_finished_transaction_that_was_changed_is_told_once(till: Till, column: str) -> None:
    txn = till.paid()
    conn = till.store.conn
    for name in ("txn_frozen", "txn_moves", "txn_audited", "txn_evidence"):
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute(f"UPDATE txn SET {column} WHERE id = ?", (txn.id,))
    for _ in range(2):
        await trail.verify_all(till.store, till.policy, 2)
    assert till.noticed("rows_changed") == [ADMIN_CHAT]


async def test_transactions_that_nobody_changed_fit_their_trail(till: Till) -> None:
    till.paid()
    till.cancel(till.draft(amount="3"))
    await trail.verify_all(till.store, till.policy, 1)
    assert till.noticed("rows_changed") == []
