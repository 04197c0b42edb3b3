"""The real program, made to kill itself once at a named point: ``python -m tests.journeys.crashing POINT run``.

What lives here: the points, and the seams of the program wrapped so that each says what is about to happen or
just happened. What must not: any decision about what must follow; that is in `crash_points`. The program itself
knows nothing of this. A point is a list of patterns: the process dies at the event that matches the last one,
after the others matched before it.
"""

import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

POINTS: dict[str, tuple[str, ...]] = {
    "updates fetched": (r"telegram answered getUpdates .*/pay",),
    "updates stored": (r"committed .*inbox new .*/pay",),
    "inside the draft": (r"committing .*>DRAFT",),
    "draft written": (r"committed .*>DRAFT",),
    "confirmed": (r"committed .*DRAFT>READY",),
    "approved": (r"committed .*AWAITING_APPROVAL>READY",),
    "attempt written": (r"committed .*READY>UNKNOWN",),
    "attempt in the journal": (r"journalled",),
    "half of the request sent": (r"momo was sent half",),
    "the whole request sent": (r"momo was sent all",),
    "accepted": (r"momo answered POST .* 202",),
    "pending written": (r"committed .*UNKNOWN>PENDING",),
    "the end seen": (r"momo answered GET .*/transfer/.*SUCCESSFUL",),
    "inside the end": (r"committing .*>SUCCESSFUL",),
    "end written": (r"committed .*>SUCCESSFUL",),
    "message about to leave": (r"telegram is asked sendMessage .*successful",),
    "message delivered": (r"telegram answered sendMessage .*successful",),
    "message marked": (r"telegram answered sendMessage .*successful", r"committed .*outbox \w+ SENT"),
    "callback answered": (r"writing a callback down",),
    "approval not answered": (r"committed .*AWAITING_APPROVAL>READY", r"telegram is asked answerCallbackQuery"),
    "first token asked for": (r"momo is asked POST /disbursement/token/",),
    "first token there": (r"momo answered POST /disbursement/token/",),
    "token asked for again": (r"committed .*READY>UNKNOWN", r"momo is asked POST /disbursement/token/"),
    "migration begun": (r"statement 1 of 0001",),
    "migration half done": (r"statement 20 of 0001",),
    "second migration": (r"statement 2 of 000[2-9]",),
    "checkpoint": (r"committing .*>DRAFT", r"checkpoint"),
    "trail being verified": (r"verifying the trail",),
    "copy being written": (r"writing a copy",),
    "copy written": (r"checking a copy",),
    "recovering": (r"recovering",),
    "recovered": (r"recovering", r"committed"),
    "looking": (r"momo is asked GET .*/transfer/",),
    "looked": (r"momo answered GET .*/transfer/",),
}


class Reaper:
    """Hears of every event and kills the process at the one that was named."""

    def __init__(self, point: tuple[str, ...]) -> None:
        self._left = list(point)

    def hear(self, event: str) -> None:
        """Take note of an event: the process may not live to see this return."""
        if self.waits_for(event):
            if len(self._left) == 1:
                kill()
            self._left.pop(0)

    def waits_for(self, event: str) -> bool:
        return re.match(self._left[0], event, re.DOTALL) is not None

    def dies_at(self, event: str) -> bool:
        return len(self._left) == 1 and self.waits_for(event)


def kill() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


# the database


def _seen(conn: sqlite3.Connection) -> tuple[int, set[int], set[tuple[int, str]]]:
    """Return the last line of the trail, the updates, and where each message stands."""
    return (
        conn.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()[0],
        {row[0] for row in conn.execute("SELECT update_id FROM inbox")},
        {(row[0], row[1]) for row in conn.execute("SELECT id, state FROM outbox")},
    )


def _done_since(conn: sqlite3.Connection, before: tuple[int, set[int], set[tuple[int, str]]]) -> str:
    """Say what a transaction did: new lines of the trail, new updates, messages that moved on."""
    last, updates, messages = before
    trail = conn.execute("SELECT event, coalesce(f, ''), coalesce(t, '') FROM audit WHERE id > ?", (last,))
    done = [f"audit {event} {f}>{t}" for event, f, t in trail]
    inbox = conn.execute("SELECT update_id, body FROM inbox")
    done += [f"inbox new {body}" for update_id, body in inbox if update_id not in updates]
    outbox = conn.execute("SELECT id, state, kind FROM outbox")
    done += [f"outbox {kind} {state}" for key, state, kind in outbox if (key, state) not in messages]
    return "; ".join(done)


def _watch_database(reaper: Reaper) -> None:
    from bot.store import database

    run = database.run

    def watched(tx: Any, fn: Callable[[Any], T]) -> T:
        said = ""

        def inside(tx: Any) -> T:
            nonlocal said
            before = _seen(tx.conn)
            result = fn(tx)
            said = _done_since(tx.conn, before)
            reaper.hear(f"committing {said}")
            return result

        if reaper.dies_at("checkpoint"):
            _die_in_a_checkpoint(tx.conn)
        result = run(tx, inside)
        reaper.hear(f"committed {said}")
        return result

    database.run = watched


def _die_in_a_checkpoint(conn: sqlite3.Connection) -> None:
    """Make every commit end in a checkpoint, and die at some moment within one of the next."""
    conn.execute("PRAGMA wal_autocheckpoint = 1")
    _die_soon()


def _die_soon() -> None:
    """Die at some moment within the next hundredth of a second."""

    def soon() -> None:
        time.sleep(random.uniform(0, 0.01))
        kill()

    threading.Thread(target=soon, daemon=True).start()


def _watch_migrations(reaper: Reaper) -> None:
    from bot.store import migrations

    statements, available = migrations.statements, migrations.available

    def watched(script: str) -> Iterator[str]:
        version = next(number for number, text in available() if text == script)
        for n, statement in enumerate(statements(script), 1):
            reaper.hear(f"statement {n} of {version:04}")
            yield statement

    migrations.statements = watched


# both wires


def _watch_momo(reaper: Reaper) -> None:
    from momo.transport import AiohttpTransport

    exchange = AiohttpTransport.exchange

    async def watched(self: Any, request: Any) -> Any:
        called = f"{request.method} {urlsplit(request.url).path}"
        reaper.hear(f"momo is asked {called}")
        if "X-Reference-Id" in request.headers:
            await _send_by_hand(reaper, request)
        answer = await exchange(self, request)
        reaper.hear(f"momo answered {called} {answer.status} {answer.body.decode(errors='replace')}")
        return answer

    AiohttpTransport.exchange = watched  # type: ignore[method-assign]


async def _send_by_hand(reaper: Reaper, request: Any) -> None:
    """Write half or all of a request to a socket of our own, if that is the point to die at."""
    part = next((part for part in ("half", "all") if reaper.dies_at(f"momo was sent {part}")), None)
    if part is None:
        return
    url, body = urlsplit(request.url), request.body or b""
    headers = {"Host": url.netloc, "Content-Length": str(len(body))} | dict(request.headers)
    head = f"POST {url.path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(head.encode() + (body[: len(body) // 2] if part == "half" else body))
    await writer.drain()
    if part == "all":
        await reader.read(1)  # MTN has answered; nobody here has looked at what
    reaper.hear(f"momo was sent {part}")


def _watch_telegram(reaper: Reaper) -> None:
    from bot.chat.transport import AiohttpRequest

    do_request = AiohttpRequest.do_request

    async def watched(self: Any, url: str, method: str, request_data: Any = None, **limits: Any) -> Any:
        called = f"{url.rpartition('/')[2]} {request_data.parameters if request_data else ''}"
        reaper.hear(f"telegram is asked {called}")
        status, body = await do_request(self, url, method, request_data, **limits)
        reaper.hear(f"telegram answered {called} {body.decode(errors='replace')}")
        return status, body

    AiohttpRequest.do_request = watched  # type: ignore[assignment,method-assign]


# single functions


def _watch_calls(reaper: Reaper) -> None:
    """Report calls of functions that have no wire and no name in the trail."""
    from bot.service import callbacks, trail
    from bot.store import transactions
    from bot.store.database import Database
    from bot.store.journal import FileJournal

    callbacks.hint = _announced(callbacks.hint, lambda: reaper.hear("writing a callback down"))
    trail.check = _announced(trail.check, lambda: reaper.hear("verifying the trail"))
    transactions.break_leases = _announced(transactions.break_leases, lambda: reaper.hear("recovering"))
    append = FileJournal.append

    async def journalled(self: Any, line: Any) -> None:
        await append(self, line)
        reaper.hear("journalled")

    FileJournal.append = journalled  # type: ignore[method-assign]

    copy_into = Database.copy_into

    async def copied(self: Any, path: Any) -> None:
        if reaper.dies_at("writing a copy"):
            _die_soon()
        await copy_into(self, path)
        reaper.hear("checking a copy")

    Database.copy_into = copied  # type: ignore[method-assign]


def _announced(fn: Callable[..., T], announce: Callable[[], None]) -> Callable[..., T]:
    def announced(*args: Any, **kwargs: Any) -> T:
        announce()
        return fn(*args, **kwargs)

    return announced


def main(point: str, arguments: list[str]) -> int:
    """Run the program's own main with every seam watched."""
    from bot.__main__ import main as run_bot

    reaper = Reaper(POINTS[point])
    for watch in (_watch_database, _watch_migrations, _watch_momo, _watch_telegram, _watch_calls):
        watch(reaper)
    return run_bot(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
