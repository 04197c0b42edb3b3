"""A database as years of trade leave it: so many finished transactions with their trail, so many that are open."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.domain.mint import Mint
from bot.domain.roles import Role
from bot.store import audit, people
from bot.store.database import Tx, prepare, run
from bot.store.times import to_ms

OWNER, CASHIER, DESK_CHAT = 1001, 1002, -1_000_000_005_001
API_USER = "00000000-0000-4000-8000-000000000001"
YEAR = timedelta(days=365)
Moves = tuple[tuple[str, str], ...]
MOVES: Moves = (("DRAFT", "READY"), ("READY", "PENDING"), ("PENDING", "SUCCESSFUL"))
NUMBERS = 20_000  # different payees


def token_of(n: int) -> str:
    """Return the token in the callback path of the n-th transaction."""
    return f"{n:043d}"


def fill(path: Path, finished: int, opened: int, now: datetime) -> None:
    """Write a new database with transactions that ended during a year, and then some that MTN has not ended yet.

    The triggers that forbid such rows are taken away for the while: nobody waits a year for a benchmark.
    """
    conn = sqlite3.connect(path, isolation_level=None)
    conn.executescript("PRAGMA synchronous = OFF")
    prepare(conn)
    run(Tx(conn, now - YEAR, Mint(Random(1))), _furnish)
    conn.execute("PRAGMA foreign_keys = OFF")
    triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for trigger in triggers:
        conn.execute(f"DROP TRIGGER {trigger['name']}")
    conn.execute("BEGIN")
    _write(conn, finished, opened, now)
    for trigger in triggers:
        conn.execute(trigger["sql"])
    conn.execute("COMMIT")
    run(Tx(conn, now, Mint(Random(2))), _checkpoint)
    conn.execute("ANALYZE")
    conn.close()


def _furnish(tx: Tx) -> None:
    desk = people.open_desk(tx, DESK_CHAT, "Corner shop", OWNER)
    people.grant(tx, CASHIER, desk.id, Role.CASHIER, OWNER)
    people.meet(tx, CASHIER, "Cashier", "en", private=True)


def _checkpoint(tx: Tx) -> None:
    """As the nightly verification leaves one."""
    head = audit.head(tx.conn)
    audit.append(tx, audit.VERIFIED, "bot", row=head.row, head=head.hash.hex())


def _write(conn: sqlite3.Connection, finished: int, opened: int, now: datetime) -> None:
    start, step = to_ms(now - YEAR), YEAR / max(finished, 1) // timedelta(milliseconds=1)
    rows = [*range(1, finished + opened + 1)]
    made = {n: start + n * step if n <= finished else to_ms(now) - 60_000 for n in rows}
    conn.executemany(TXN, (_txn(n, made[n], open_=n > finished) for n in rows))
    conn.executemany(
        "INSERT INTO txn_party VALUES(?, ?, 'Sand Box', 'Payment')", ((n, f"46733{n % NUMBERS:06d}") for n in rows)
    )
    conn.executemany("INSERT INTO attempt VALUES(?, 1, ?)", ((n, made[n]) for n in rows))
    conn.executemany(
        "INSERT INTO observation(txn_id, at_ms, source, http_status, momo_status) VALUES(?, ?, 'GET', 200, ?)",
        ((n, made[n], "SUCCESSFUL" if n <= finished else "PENDING") for n in rows),
    )
    conn.executemany(
        "INSERT INTO audit(at_ms, txn_id, actor, event, f, t, observation_id, data, prev, hash)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _trail(audit.head(conn).hash, [(n, made[n], MOVES if n <= finished else MOVES[:2]) for n in rows]),
    )


TXN = """
INSERT INTO txn(id, reference_id, short_code, callback_token, kind, amount_minor, currency, decimals, party_hash,
  body_sha256, desk_id, maker_id, approvals_needed, src_update_id, state, created_at_ms, expires_at_ms, next_at_ms,
  version, api_user, attempts, polls, confirmed_at_ms, send_by_ms, last_sent_at_ms, final_at_ms,
  financial_transaction_id, charged_on)
VALUES(:n, :reference, :code, :token, 'transfer', :amount, 'EUR', 2, :party, zeroblob(32), 1, 1002, 0, -:n, :state, :at,
  :at, :next, :version, :user, 1, 1, :at, :at, :at, :final, :mtn, :day)
"""


def _txn(n: int, at: int, *, open_: bool) -> dict[str, object]:
    return {
        "n": n,
        "reference": f"{n:08x}-0000-4000-8000-{n:012x}",
        "code": f"{n:06X}"[-6:],
        "token": token_of(n),
        "amount": 100 + n % 9999,
        "party": (n % NUMBERS).to_bytes(32, "big"),
        "version": len(MOVES[:2] if open_ else MOVES),
        "user": API_USER,
        "state": "PENDING" if open_ else "SUCCESSFUL",
        "at": at,
        "next": at + 60_000 + n % 3600 * 1000,  # the next look: spread over an hour
        "final": None if open_ else at + 5000,
        "mtn": None if open_ else str(n),
        "day": f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}",
    }


def _trail(prev: bytes, moves: list[tuple[int, int, Moves]]) -> Iterator[tuple[object, ...]]:
    for n, at, steps in moves:
        for before, after in steps:
            fields = (at, n, "bot", audit.MOVE, before, after, None, json.dumps({}))
            linked = audit.link(prev, fields)
            yield (*fields, prev, linked)
            prev = linked
