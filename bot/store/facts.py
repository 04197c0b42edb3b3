"""Single values that must survive: the MTN account this file belongs to, Telegram's offset, the hash key."""

import sqlite3

ACCOUNT = "account"
BOT = "telegram_bot"
INCARNATION = "incarnation"


def get(conn: sqlite3.Connection, key: str) -> str | None:
    """Return the value of *key*, or None."""
    row = conn.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row["value"])


def put(conn: sqlite3.Connection, key: str, value: str) -> None:
    """Set the value of *key*."""
    conn.execute(
        "INSERT INTO fact(key, value) VALUES(:key, :value) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        {"key": key, "value": value},
    )


def put_once(conn: sqlite3.Connection, key: str, value: str) -> str:
    """Set the value of *key* if it has none yet; return the value it has now."""
    conn.execute(
        "INSERT INTO fact(key, value) VALUES(:key, :value) ON CONFLICT DO NOTHING",
        {"key": key, "value": value},
    )
    return get(conn, key) or value


def incarnation(conn: sqlite3.Connection) -> str | None:
    """Return the random name of this very database; None when it never met a reference journal."""
    return get(conn, INCARNATION)


def renew_incarnation(conn: sqlite3.Connection, value: str) -> None:
    """Give the database another name: a copy with one of its own is known for a copy wherever it is started."""
    put(conn, INCARNATION, value)
