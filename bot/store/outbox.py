"""Messages to be sent: rows written in the transaction of their cause, delivered at least once."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from bot import tracing
from bot.domain.schedule import HOLDS_ITS_CHAT
from bot.store import people
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

ANSWER = "answer:"
# Of a message that waits: it was tried, and those behind it in its chat wait for it.
STUCK = "held = 0 AND tries BETWEEN 1 AND :holding"


class Lane(IntEnum):
    """What goes before what within a chat."""

    ANSWER = 0
    END = 1
    PROGRESS = 2


class Form(StrEnum):
    """What a row becomes when it is delivered."""

    TEXT = "text"  # a sentence already written
    CARD = "card"  # a card brought up to date: sent once, edited after
    END = "end"  # a transaction's end, as a new message
    BALANCE = "balance"  # a balance view brought up to date
    CONTACT = "contact"  # a contact that was saved: sent once, edited with MTN's name for it
    FINDING = "finding"  # a page of what somebody looks for, turned in place
    LEAVE = "leave"  # no message: the bot leaves the chat
    NOTICE = "notice"  # a sentence the chat writes from a reason and facts
    PROGRESS = "progress"  # how far a long table is, brought up to date
    DOCUMENT = "document"  # a file made when it is delivered, or what is said in its place


# What answers keep pushing back goes before them after this long.
PATIENCE = timedelta(seconds=20)
# From chat to chat, and in each to its first row, by the index: thousands may wait in each.
HEADS = """
WITH RECURSIVE
  chat(id) AS (
    SELECT min(chat_id) FROM outbox WHERE state = 'NEW'
    UNION ALL SELECT (SELECT min(chat_id) FROM outbox WHERE state = 'NEW' AND chat_id > chat.id)
      FROM chat WHERE chat.id IS NOT NULL),
  asked(id, waited) AS (
    SELECT id, EXISTS(SELECT 1 FROM outbox WHERE state = 'NEW' AND chat_id = chat.id
        AND lane BETWEEN max(:lowest, 1) AND :highest AND next_at_ms <= :now AND created_at_ms <= :patience)
      FROM chat WHERE id IS NOT NULL)
SELECT outbox.*, waited FROM asked JOIN outbox ON outbox.id = (
  SELECT id FROM outbox WHERE state = 'NEW' AND chat_id = asked.id
    AND lane BETWEEN max(:lowest, waited) AND :highest AND next_at_ms <= :now ORDER BY lane, id LIMIT 1)
ORDER BY lane, outbox.id LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class Message:
    """One row. ``doubtful``: an earlier try may have been delivered all the same; ``held``: it waits for others.

    ``waited``: answers have pushed its chat's other messages back for so long that they go first now. What is decided
    when it is taken into work: whether it is ``silent``, and which ends are told together with it (``also``).
    """

    id: int
    subject: str | None
    chat_id: int
    lane: Lane
    form: Form
    payload: dict[str, Any]
    tries: int
    doubtful: bool
    held: bool = False
    trace: str | None = None
    waited: bool = False
    silent: bool = False
    also: tuple["Message", ...] = ()


def add(
    tx: Tx,
    chat_id: int,
    form: Form,
    lane: Lane,
    *,
    dedupe: str | None = None,
    subject: str | None = None,
    trace: str | None = None,
    **payload: Any,
) -> None:
    """Queue a message; one with a *dedupe* key queued before changes nothing.

    *trace*: what it goes back to, if that is not what this work goes back to.

    A newer message about the same *subject* replaces the ones that still wait: only the newest state is told.
    """
    since = to_ms(tx.now)
    if subject is not None:
        lane, since = _replace(tx, subject, lane, since)
    chat_id = people.moved_to(tx.conn, chat_id)
    # An answer goes first whatever waits; anything else stays behind what is waiting for another try.
    tx.conn.execute(
        "INSERT INTO outbox(dedupe, subject, trace, chat_id, lane, kind, payload, created_at_ms, next_at_ms)"
        " VALUES(:dedupe, :subject, :trace, :chat_id, :lane, :kind, :payload, :since,"
        " max(:now, coalesce((SELECT max(next_at_ms) FROM outbox WHERE chat_id = :chat_id AND state = 'NEW'"
        " AND :lane > 0 AND held = 0 AND tries BETWEEN 1 AND :holding), 0)))"
        " ON CONFLICT(dedupe) DO NOTHING",
        {
            "dedupe": dedupe,
            "subject": subject,
            "trace": trace or tracing.current(),
            "chat_id": chat_id,
            "lane": lane,
            "kind": form,
            "payload": json.dumps(payload),
            "now": to_ms(tx.now),
            "since": since,
            "holding": HOLDS_ITS_CHAT,
        },
    )
    tx.rings(Bell.OUTBOX)


def _replace(tx: Tx, subject: str, lane: Lane, since: int) -> tuple[Lane, int]:
    """Skip what still waits about a subject; return the most urgent lane and the longest wait, for its successor."""
    skipped = tx.conn.execute(
        "UPDATE outbox SET state = 'SKIPPED' WHERE subject = ? AND state = 'NEW' RETURNING lane, created_at_ms",
        (subject,),
    ).fetchall()
    lanes, waits = [Lane(row["lane"]) for row in skipped], [row["created_at_ms"] for row in skipped]
    return min([lane, *lanes]), min([since, *waits])


def heads(tx: Tx, limit: int, lane: Lane | None = None) -> list[Message]:
    """Return the first message of each chat that may be sent now (of one *lane*), by lane and age.

    Order is kept within a lane. Where answers have pushed anything back for too long, they come last for once.
    """
    rows = tx.conn.execute(
        HEADS,
        {
            "now": to_ms(tx.now),
            "patience": to_ms(tx.now - PATIENCE),
            "lowest": Lane.ANSWER if lane is None else lane,
            "highest": Lane.PROGRESS if lane is None else lane,
            "limit": limit,
        },
    )
    return [_read(row, waited=bool(row["waited"])) for row in rows]


def ends_due(tx: Tx, chat_id: int, limit: int, *, away: bool = False) -> list[Message]:
    """Return the ends of transactions that wait for a chat and may be told now, oldest first.

    *away*: Telegram takes nothing, so none waits for a fault of its own; all that are not held may be told.
    """
    rows = tx.conn.execute(
        "SELECT * FROM outbox WHERE chat_id = :chat AND state = 'NEW' AND kind = :end"
        " AND (next_at_ms <= :now OR (:away AND held = 0)) ORDER BY id LIMIT :limit",
        {"chat": chat_id, "end": Form.END, "now": to_ms(tx.now), "away": away, "limit": limit},
    )
    return [_read(row) for row in rows]


def hold(tx: Tx, message_id: int, until: datetime) -> None:
    """Let a message wait for a moment at which its chat is told of several at once."""
    tx.conn.execute("UPDATE outbox SET held = 1, next_at_ms = ? WHERE id = ?", (to_ms(until), message_id))


def skip(tx: Tx, message_id: int) -> None:
    """Leave a message unsent: its chat does not wish it, or it is no longer true."""
    tx.conn.execute("UPDATE outbox SET state = 'SKIPPED' WHERE id = ? AND state = 'NEW'", (message_id,))


def next_later_at(tx: Tx) -> datetime | None:
    """Return when the next message that must still wait may be sent, or None when none must."""
    row = tx.conn.execute(
        "SELECT min(next_at_ms) AS at FROM outbox WHERE state = 'NEW' AND next_at_ms > ?", (to_ms(tx.now),)
    ).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def late_since(conn: sqlite3.Connection) -> datetime | None:
    """Return since when the message that waits longest could have been sent, or None when none waits.

    One that its chat's wishes hold back waits from their moment on. One that has stepped aside for the others does not
    count: that is its own chat's trouble.
    """
    row = conn.execute(
        "SELECT min(CASE held WHEN 1 THEN next_at_ms ELSE created_at_ms END) AS at FROM outbox"
        " WHERE state = 'NEW' AND tries <= ?",
        (HOLDS_ITS_CHAT,),
    ).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def is_stuck(conn: sqlite3.Connection) -> bool:
    """Tell whether a message waits for another try, and others behind it: Telegram did not take it."""
    row = conn.execute(
        f"SELECT 1 FROM outbox WHERE state = 'NEW' AND {STUCK}"
        f" UNION ALL SELECT 1 FROM outbox WHERE state = 'SENDING' AND {STUCK}",
        {"holding": HOLDS_ITS_CHAT},
    ).fetchone()
    return row is not None


def mark_sending(tx: Tx, message_id: int) -> bool:
    """Claim a message; False when it was claimed or replaced meanwhile."""
    cursor = tx.conn.execute("UPDATE outbox SET state = 'SENDING' WHERE id = ? AND state = 'NEW'", (message_id,))
    return cursor.rowcount == 1


def mark_sent(tx: Tx, row_id: int, message_id: int | None) -> None:
    """Mark a message delivered, with Telegram's id of it."""
    tx.conn.execute("UPDATE outbox SET state = 'SENT', message_id = ? WHERE id = ?", (message_id, row_id))


def put_back(
    tx: Tx, message: Message, at: datetime, error: str, *, doubtful: bool, counts: bool, holds_chat: bool
) -> None:
    """Let a message wait until *at* for its next try, and what waits behind it in the chat with it.

    *counts*: the try counts against it; *holds_chat*: what is behind it waits too, so that order is kept.
    """
    tx.conn.execute(
        "UPDATE outbox SET state = 'NEW', tries = tries + :counts, error = :error,"
        " doubtful = max(doubtful, :doubtful), next_at_ms = :at WHERE id = :id",
        {"error": error, "doubtful": doubtful, "counts": counts, "at": to_ms(at), "id": message.id},
    )
    if not holds_chat:
        return
    tx.conn.execute(
        "UPDATE outbox SET next_at_ms = max(next_at_ms, :at) WHERE chat_id = :chat AND state = 'NEW'",
        {"at": to_ms(at), "chat": message.chat_id},
    )


def retry_now(tx: Tx, row_id: int) -> None:
    """Queue a message again at once: it was not its fault."""
    tx.conn.execute("UPDATE outbox SET state = 'NEW' WHERE id = ?", (row_id,))
    tx.rings(Bell.OUTBOX)


def mark_dead(tx: Tx, row_id: int, error: str) -> None:
    """Give a message up; it stays as a dead letter."""
    tx.conn.execute("UPDATE outbox SET state = 'DEAD', error = ? WHERE id = ?", (error, row_id))


def is_dead(conn: sqlite3.Connection, subject: str) -> bool:
    """Tell whether the last message about a subject was given up."""
    row = conn.execute(
        "SELECT 1 FROM outbox dead WHERE state = 'DEAD' AND subject = :subject AND NOT EXISTS"
        " (SELECT 1 FROM outbox later WHERE later.id > dead.id AND later.subject = dead.subject)",
        {"subject": subject},
    ).fetchone()
    return row is not None


def say_again(tx: Tx, update_id: int, chat_id: int) -> None:
    """Queue the last answer to an update once more, in the chat that the first one has moved to."""
    row = tx.conn.execute(
        "SELECT dedupe, payload FROM outbox WHERE dedupe GLOB :answers AND kind = :text ORDER BY id DESC LIMIT 1",
        {"answers": f"answer:{update_id}:*", "text": Form.TEXT},
    ).fetchone()
    if row is not None:
        said = json.loads(row["payload"]) | {"reply_to": None, "thread_id": None}
        add(tx, chat_id, Form.TEXT, Lane.ANSWER, dedupe=f"moved:{chat_id}:{row['dedupe']}", **said)


def subject_of(conn: sqlite3.Connection, chat_id: int, message_id: int) -> str | None:
    """Return what a message we sent was about, or None."""
    row = conn.execute(
        "SELECT subject FROM outbox WHERE chat_id = ? AND message_id = ? AND subject IS NOT NULL", (chat_id, message_id)
    ).fetchone()
    return None if row is None else str(row["subject"])


def answer_to(update_id: int, number: int) -> str:
    """Return the dedupe key of the *number*-th answer to an update."""
    return f"{ANSWER}{update_id}:{number}"


def answered_update(conn: sqlite3.Connection, chat_id: int, message_id: int) -> int | None:
    """Return which update a message we sent is an answer to, or None."""
    row = conn.execute(
        "SELECT dedupe FROM outbox WHERE chat_id = ? AND message_id = ? AND dedupe LIKE ?",
        (chat_id, message_id, f"{ANSWER}%"),
    ).fetchone()
    return None if row is None else int(row["dedupe"].split(":")[1])


def bring_forward(tx: Tx) -> None:
    """Let no message wait for a moment later than now."""
    tx.conn.execute("UPDATE outbox SET next_at_ms = min(next_at_ms, :now) WHERE state = 'NEW'", {"now": to_ms(tx.now)})


def recover(tx: Tx) -> None:
    """Queue again what was being sent when the process died: it may have arrived, so it is doubtful."""
    tx.conn.execute("UPDATE outbox SET state = 'NEW', doubtful = 1 WHERE state = 'SENDING'")


def _read(row: sqlite3.Row, *, waited: bool = False) -> Message:
    return Message(
        row["id"],
        row["subject"],
        row["chat_id"],
        Lane(row["lane"]),
        Form(row["kind"]),
        json.loads(row["payload"]),
        row["tries"],
        bool(row["doubtful"]),
        bool(row["held"]),
        row["trace"],
        waited,
    )
