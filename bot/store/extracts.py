"""Everything a copy of the database holds of one desk, kind by kind and row by row: a whole kind is never in memory.

What lives here: which columns are given out, and in what form. What is not given out are secrets: what buttons and
callbacks are known by, and the keys of hashes and receipts. docs/export.md names every column.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.purging import REMOVED
from bot.store import people, soundness
from bot.store.people import Desk
from bot.store.times import from_ms

OF_DESK = "txn_id IN (SELECT id FROM txn WHERE desk_id = :desk)"
KINDS = {
    "till": "SELECT id, chat_id, title, language, opened_by, opened_at_ms, closed_at_ms FROM desk WHERE id = :desk",
    "transactions": "SELECT id, short_code, reference_id, kind, state, amount_minor, decimals, currency,"
    " CASE msisdn WHEN :removed THEN 'removed' ELSE msisdn END AS msisdn, payee_name, note, maker_id, original_id,"
    " approvals_needed, self_approval, created_at_ms, expires_at_ms, confirmed_at_ms, send_by_ms, last_sent_at_ms,"
    " final_at_ms, charged_on, attempts, ambiguous, polls, last_answer, refused_code, failure_code,"
    " financial_transaction_id, api_user, party_hash, body_sha256"
    " FROM txn JOIN txn_party ON txn_party.txn_id = txn.id WHERE desk_id = :desk ORDER BY id",
    "attempts": f"SELECT txn_id, n, started_at_ms FROM attempt WHERE {OF_DESK}",
    "observations": "SELECT id, txn_id, at_ms, source, http_status, code, momo_status, actor FROM observation"
    f" WHERE {OF_DESK} ORDER BY id",
    "callbacks": f"SELECT txn_id, attempts, polls, at_ms FROM callback WHERE {OF_DESK}",
    "decisions": f"SELECT txn_id, user_id, decision, at_ms FROM decision WHERE {OF_DESK}",
    "corrections": f"SELECT id, txn_id, user_id, at_ms, text FROM correction WHERE {OF_DESK} ORDER BY id",
    "anomalies": f"SELECT id, kind, txn_id, at_ms, data FROM anomaly WHERE {OF_DESK} ORDER BY id",
    "audit": "SELECT id, at_ms, txn_id, actor, event, f, t, observation_id, data, prev, hash FROM audit"
    f" WHERE {OF_DESK} OR data ->> 'desk' = :desk ORDER BY id",
    "contacts": "SELECT id, name, msisdn, mtn_name, added_by, added_at_ms FROM contact WHERE desk_id = :desk"
    " ORDER BY id",
    "roles": "SELECT user_id, desk_id, role, granted_by, granted_at_ms FROM role WHERE desk_id IN (0, :desk)",
    "people": "SELECT user_id, name FROM person WHERE user_id IN (SELECT user_id FROM role WHERE desk_id IN (0, :desk)"
    " UNION SELECT maker_id FROM txn WHERE desk_id = :desk"
    f" UNION SELECT user_id FROM decision WHERE {OF_DESK} UNION SELECT user_id FROM correction WHERE {OF_DESK})",
}


class NoSuchDesk(Exception):
    """Nothing is given out; the text names the desks there are."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One kind: its columns, and its rows in that order."""

    columns: list[str]
    rows: Iterator[list[Any]]


class Copy:
    """A finished copy of the database, opened to be read."""

    def __init__(self, path: Path) -> None:
        self._conn = soundness.reading(path)
        self._conn.row_factory = sqlite3.Row

    def close(self) -> None:
        """Let go of the file."""
        self._conn.close()

    def desk(self, named: str) -> Desk:
        """Return the desk of a title or a chat id.

        Raises:
            NoSuchDesk: there is none, or there are several of that title.
        """
        found = people.find_desk(self._conn, named)
        if found is None:
            there = ", ".join(f"{desk.title} ({desk.chat_id})" for desk in people.every_desk(self._conn))
            raise NoSuchDesk(f"no till, or more than one, is called {named}; there are: {there}")
        return found

    def extract(self, kind: str, desk_id: int) -> Extract:
        """Return one kind of a desk's rows."""
        cursor = self._conn.execute(KINDS[kind], {"desk": desk_id, "removed": str(REMOVED)})
        names = [column[0] for column in cursor.description]
        return Extract([name.removesuffix("_ms") for name in names], _rows(cursor, names))


def _rows(cursor: sqlite3.Cursor, names: list[str]) -> Iterator[list[Any]]:
    with closing(cursor):
        for row in cursor:
            yield [_plain(name, value) for name, value in zip(names, row, strict=True)]


def _plain(name: str, value: Any) -> Any:
    """Return a moment in ISO 8601, UTC, and a hash in hexadecimal digits."""
    if name.endswith("_ms") and value is not None:
        return from_ms(value).isoformat()
    return value.hex() if isinstance(value, bytes) else value
