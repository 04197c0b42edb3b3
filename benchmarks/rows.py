"""A database as years of trade leave it: so many finished transactions with their trail, so many that are open."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.domain.mint import Mint
from bot.domain.roles import Role
from bot.service import hashing
from bot.store import audit, people
from bot.store.database import Tx, prepare, run
from bot.store.times import to_ms

OWNER, CASHIER, DESK_CHAT = 1001, 1002, -1_000_000_005_001
API_USER = "00000000-0000-4000-8000-000000000001"
YEAR = timedelta(days=365)
Moves = tuple[tuple[str, str], ...]
MOVES: Moves = (("DRAFT", "READY"), ("READY", "PENDING"), ("PENDING", "SUCCESSFUL"))
NUMBERS = 20_000  # different payees
Values = Callable[[int, int], tuple[object, ...]]  # from a transaction's number and moment


def token_of(n: int) -> str:
    """Return the token in the callback path of the n-th transaction."""
    return f"{n:043d}"


def create(path: Path, finished: int, now: datetime) -> None:
    """Write a new database with a till and transactions that ended during a year."""
    conn = _connect(path)
    run(Tx(conn, now - YEAR, Mint(Random(1))), _furnish)
    conn.close()
    start, step = to_ms(now - YEAR), YEAR / max(finished, 1) // timedelta(milliseconds=1)
    add(path, range(1, finished + 1), lambda n: start + n * step, now, open_=False)


def hire(path: Path, chats: range, now: datetime) -> None:
    """Make cashiers of these people, who have opened a private chat with the bot."""
    conn = _connect(path)
    run(Tx(conn, now, Mint(Random(3))), lambda tx: _hire(tx, chats))
    conn.close()


def _hire(tx: Tx, chats: range) -> None:
    desk = people.open_desks(tx.conn)[0]
    for chat in chats:
        people.grant(tx, chat, desk.id, Role.CASHIER, OWNER)
        people.meet(tx, chat, "Person", "en", private=True)


def _connect(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path, isolation_level=None)
    prepare(conn)
    conn.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000")
    return conn


def _furnish(tx: Tx) -> None:
    desk = people.open_desk(tx, DESK_CHAT, "Corner shop", OWNER)
    people.grant(tx, CASHIER, desk.id, Role.CASHIER, OWNER)
    people.meet(tx, CASHIER, "Cashier", "en", private=True)


def add(path: Path, rows: range, made_at: Callable[[int], int], now: datetime, *, open_: bool) -> None:
    """Add transactions and close the file.

    The triggers that forbid such rows are taken away for the while: nobody waits a year for a benchmark.
    """
    conn = _connect(path)
    conn.execute("PRAGMA foreign_keys = OFF")
    triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    hashes = run(Tx(conn, now, Mint(Random(4))), lambda tx: [hashing.keyed(tx, number_of(n)) for n in range(NUMBERS)])
    conn.execute("BEGIN")
    for trigger in triggers:
        conn.execute(f"DROP TRIGGER {trigger['name']}")
    _write(conn, [(n, made_at(n)) for n in rows], hashes, open_=open_)
    for trigger in triggers:
        conn.execute(trigger["sql"])
    conn.execute("COMMIT")
    run(Tx(conn, now, Mint(Random(2))), _checkpoint)
    conn.close()


def _checkpoint(tx: Tx) -> None:
    """As the nightly verification leaves one."""
    head = audit.head(tx.conn)
    audit.append(tx, audit.VERIFIED, "bot", row=head.row, head=head.hash.hex())


def _write(conn: sqlite3.Connection, rows: list[tuple[int, int]], hashes: list[bytes], *, open_: bool) -> None:
    """Write each transaction, and what one leaves in the other tables: its trail, its messages, the updates."""
    state, moves = ("PENDING", MOVES[:2]) if open_ else ("SUCCESSFUL", MOVES)
    conn.executemany(TXN, (_txn(n, at, hashes, open_=open_) for n, at in rows))
    for sql, values in {**LEFT, **({} if open_ else LEFT_BY_AN_END)}.items():
        conn.executemany(sql, (values(n, at) for n, at in rows))
    conn.executemany(
        "INSERT INTO observation(txn_id, at_ms, source, http_status, momo_status) VALUES(?, ?, 'GET', 200, ?)",
        ((n, at, state) for n, at in rows),
    )
    conn.executemany(
        "INSERT INTO audit(at_ms, txn_id, actor, event, f, t, observation_id, data, prev, hash)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _trail(audit.head(conn).hash, rows, moves),
    )
    conn.execute("DELETE FROM tally")
    conn.execute("INSERT INTO tally SELECT state, kind, count(*) FROM txn GROUP BY state, kind")


def number_of(n: int) -> str:
    """Return the number of the n-th transaction."""
    return f"46733{n % NUMBERS:06d}"


def name_of(n: int) -> str:
    """Return the name that goes with the number of the n-th transaction."""
    letters = "".join(chr(ord("a") + n % NUMBERS // 26**place % 26) for place in range(4))
    return f"Sand {letters.capitalize()}"


# What a transaction leaves, whatever became of it: its number, its card and the updates that made it ...
LEFT: dict[str, Values] = {
    "INSERT INTO txn_party VALUES(?, ?, ?, 'Payment')": lambda n, _: (n, number_of(n), name_of(n)),
    "INSERT INTO attempt VALUES(?, 1, ?)": lambda n, at: (n, at),
    "INSERT INTO card(id, txn_id, role, chat_id, nonce, message_id) VALUES(?, ?, 'maker', ?, ?, ?)": lambda n, _: (
        (n, n, DESK_CHAT, f"{n:022d}", 2 * n)
    ),
    "INSERT INTO inbox(update_id, chat_id, received_at_ms, done) VALUES(?, ?, ?, 1)": lambda n, at: (-n, DESK_CHAT, at),
    "INSERT INTO outbox(subject, chat_id, lane, kind, payload, state, created_at_ms, next_at_ms, message_id)"
    " VALUES(?, ?, 0, 'card', ?, 'SENT', ?, ?, ?)": lambda n, at: (
        (f"card:{n}", DESK_CHAT, f'{{"card_id": {n}}}', at, at, 2 * n)
    ),
}
# ... and its end.
LEFT_BY_AN_END: dict[str, Values] = {
    "INSERT INTO outbox(dedupe, chat_id, lane, kind, payload, state, created_at_ms, next_at_ms, message_id)"
    " VALUES(?, ?, 1, 'end', ?, 'SENT', ?, ?, ?)": lambda n, at: (
        (f"end:{n}:SUCCESSFUL:{n}", DESK_CHAT, f'{{"card_id": {n}, "state": "SUCCESSFUL"}}', at, at, 2 * n + 1)
    ),
}
TXN = """
INSERT INTO txn(id, reference_id, short_code, callback_token, kind, amount_minor, currency, decimals, party_hash,
  body_sha256, desk_id, maker_id, approvals_needed, src_update_id, state, created_at_ms, expires_at_ms, next_at_ms,
  version, api_user, attempts, polls, confirmed_at_ms, send_by_ms, last_sent_at_ms, final_at_ms,
  financial_transaction_id, charged_on)
VALUES(:n, :reference, :code, :token, 'transfer', :amount, 'EUR', 2, :party, zeroblob(32), 1, 1002, 0, -:n, :state, :at,
  :at, :next, :version, :user, 1, 1, :at, :at, :at, :final, :mtn, :day)
"""


def _txn(n: int, at: int, hashes: list[bytes], *, open_: bool) -> dict[str, object]:
    return {
        "n": n,
        "reference": f"{n:08x}-0000-4000-8000-{n:012x}",
        "code": f"{n:06X}"[-6:],
        "token": token_of(n),
        "amount": 100 + n % 9999,
        "party": hashes[n % NUMBERS],
        "version": len(MOVES[:2] if open_ else MOVES),
        "user": API_USER,
        "state": "PENDING" if open_ else "SUCCESSFUL",
        "at": at,
        "next": at + 60_000 + n % 3600 * 1000,  # the next look: spread over an hour
        "final": None if open_ else at + 5000,
        "mtn": None if open_ else str(n),
        "day": f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}",
    }


def _trail(prev: bytes, rows: list[tuple[int, int]], moves: Moves) -> Iterator[tuple[object, ...]]:
    for n, at in rows:
        for before, after in moves:
            fields = (at, n, "bot", audit.MOVE, before, after, None, json.dumps({}))
            linked = audit.link(prev, fields)
            yield (*fields, prev, linked)
            prev = linked
