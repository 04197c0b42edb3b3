"""What must follow a kill at each point: one payment, made by a person who notices nothing but a pause.

The rows are those of the crash matrix in `docs/safety.md`; the points are in `crashing`. ``python -m
tests.journeys.crash_points TIMES`` lives each row that many times and prints what came of it.
"""

import argparse
import asyncio
import collections
import contextlib
import os
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .harness import ADMINS, PAYEE, Desk, World, open_world, paid_once, shows
from .momo_faults import Fault, unauthorised
from .waiting import PATIENCE

AT_ONCE = 2 * (os.cpu_count() or 1)


async def pays(desk: Desk, amount: int, *faults: Fault) -> None:
    """Type, wait for the card, confirm, wait for the end. The kill comes somewhere in between."""
    desk.world.momo.plan(amount, *faults)
    desk.say(f"/pay {PAYEE} {amount} books")
    desk.world.telegram.press(desk.merchant, await desk.card(amount), "Confirm")
    await desk.told(amount, "successful")


async def small(desk: Desk) -> None:
    await pays(desk, 21)


async def with_a_token_taken_back(desk: Desk) -> None:
    await pays(desk, 21, unauthorised)


async def large(desk: Desk) -> None:
    """Pay so much that the owner has to approve."""
    async with asyncio.TaskGroup() as both:
        both.create_task(pays(desk, 621))
        card = await desk.card(621, "Approve", ADMINS)
        desk.world.telegram.press(desk.owner, card, "Approve")


async def while_it_is_copied(desk: Desk) -> None:
    """Pay, and have the database copied meanwhile; what was killed is asked for again at the end."""
    async with asyncio.TaskGroup() as both:
        both.create_task(pays(desk, 21))
        both.create_task(desk.world.back_up())
    assert (await desk.world.back_up()).code == 0


@dataclass(frozen=True)
class Row:
    """A line of the matrix.

    Attributes:
        then: further points, each met by a process of its own before the plain program starts.
        posts: how often MTN sees the request, always under one reference id.
        ends: how often the chat may be told; all but the first time it says "(repeat)".
        at_start: the program dies before it works: on a new file, or with a desk in it (``"used"``).
    """

    number: str
    point: str
    then: tuple[str, ...] = ()
    journey: Callable[[Desk], Coroutine[Any, Any, None]] = small
    posts: int = 1
    ends: int = 1
    at_start: str = ""

    def __str__(self) -> str:
        return " then ".join([f"{self.number} {self.point}", *self.then])

    @property
    def amount(self) -> int:
        return 621 if self.journey is large else 21


ROWS = [
    Row("C1", "updates fetched"),
    Row("C2", "updates stored"),
    Row("C3", "inside the draft"),
    Row("C4", "draft written"),
    Row("C5", "confirmed"),
    Row("C5", "approved", journey=large),
    Row("C6", "attempt written"),
    Row("C7", "attempt in the journal"),
    Row("C8", "half of the request sent"),
    Row("C9", "the whole request sent"),
    Row("C10", "accepted"),
    Row("C11", "pending written"),
    Row("C12", "the end seen"),
    Row("C13", "inside the end"),
    Row("C14", "end written"),
    Row("C15", "message about to leave", ends=2),
    Row("C15", "message delivered", ends=2),
    Row("C16", "message marked"),
    Row("C17", "callback answered"),
    Row("C18", "approval not answered", journey=large),
    Row("C19", "first token asked for"),
    Row("C19", "first token there"),
    Row("C19", "token asked for again", journey=with_a_token_taken_back, posts=2),
    Row("C20", "migration begun", at_start="new"),
    Row("C20", "migration half done", at_start="new"),
    Row("C20", "second migration", at_start="new"),
    Row("C20", "checkpoint"),
    Row("C20", "trail being verified", at_start="used"),
    Row("C20", "copy being written", journey=while_it_is_copied),
    Row("C20", "copy written", journey=while_it_is_copied),
    Row("C21", "inside the draft", then=("recovering",)),
    Row("C21", "confirmed", then=("recovered", "attempt written")),
    Row("C21", "half of the request sent", then=("looking",)),
    Row("C21", "the whole request sent", then=("looked", "inside the end")),
    Row("C21", "accepted", then=("recovering", "end written")),
    Row("C21", "message delivered", then=("recovered", "message delivered"), ends=3),
]


async def live_through(row: Row, directory: Path) -> None:
    """Make the journey of a row with the kill in it, and check what must be true after it."""
    async with contextlib.AsyncExitStack() as stack:
        if row.at_start:
            world, desk = await _killed_at_start(row, directory, stack)
            await row.journey(desk)
        else:
            world = await stack.enter_async_context(open_world(directory, row.point))
            desk = await world.open_desk()
            async with asyncio.TaskGroup() as both:
                both.create_task(row.journey(desk))
                both.create_task(_brought_back(world, row.then))
        await _settled(desk)
        _check(row, world, desk)
    _check_file(directory)


async def _killed_at_start(row: Row, directory: Path, stack: contextlib.AsyncExitStack) -> tuple[World, Desk]:
    """Open a world, kill its bot, and let one or more die while they start; then start the plain program."""
    world = await stack.enter_async_context(open_world(directory))
    desk = await world.open_desk() if row.at_start == "used" else None
    await world.bot.kill()
    if row.at_start == "new":
        _take_files_away(directory)
    await world.launch_bot(row.point)
    await _brought_back(world, row.then)
    return world, desk or await world.open_desk()


def _take_files_away(directory: Path) -> None:
    for file in directory.glob("desk.sqlite3*"):
        file.unlink()


async def _brought_back(world: World, then: tuple[str, ...]) -> None:
    """Wait for the kill, live through the others, start the plain program."""
    for point in [*then, ""]:
        code = await world.bot.ended(PATIENCE)
        assert code == -signal.SIGKILL, f"ended with {code} by itself\n{world.bot.said()}"
        await world.launch_bot(point)


async def _settled(desk: Desk) -> None:
    """Return when all that was waiting for this chat has been told: messages of a chat keep their order."""
    before = len(desk.messages)
    desk.say("/help")
    await desk.world.telegram.wait_for(lambda: len(desk.messages) > before, PATIENCE, "an answer to /help")


def _check(row: Row, world: World, desk: Desk) -> None:
    posts, ends = world.momo.posts_of(row.amount), desk.ends(row.amount, "successful")
    assert paid_once(world, row.amount)
    assert len(posts) == row.posts, f"{len(posts)} requests at MTN"
    assert 1 <= len(ends) <= row.ends, [m.text for m in ends]
    assert all("(repeat)" in m.text for m in ends[1:]), [m.text for m in ends]
    assert len(_cards(row, desk)) == 1, _cards(row, desk)
    assert [r for r in world.telegram.refusals if "not modified" not in r and "query is too old" not in r] == []


def _cards(row: Row, desk: Desk) -> list[str]:
    """Return the payments the chat was shown, by their references."""
    texts = (text for m in desk.messages for _, text in m.versions if shows(row.amount)(text))
    found = (line for text in texts for line in text.splitlines() if line.startswith("Reference: "))
    return sorted(set(found))


def _check_file(directory: Path) -> None:
    """The file and every copy of it are whole, no update was given up, and one payment was written."""
    for file in (directory / "desk.sqlite3", *directory.glob("momo-desk-*.db")):
        with contextlib.closing(sqlite3.connect(file)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
            assert conn.execute("SELECT count(*) FROM inbox WHERE done = 2").fetchone() == (0,)
            assert conn.execute("SELECT count(*) FROM txn").fetchone() == (1,)


async def _many(rows: list[Row], times: int) -> int:
    """Live each row `times` times, print the table, return how many went wrong."""
    places, wrong = asyncio.Semaphore(AT_ONCE), collections.Counter[str]()

    async def once(row: Row) -> None:
        async with places:
            with tempfile.TemporaryDirectory() as directory:
                try:
                    await live_through(row, Path(directory))
                except Exception:  # noqa: BLE001 - whatever it is, the row did not hold
                    wrong[str(row)] += 1
                    traceback.print_exc()

    await asyncio.gather(*(once(row) for _ in range(times) for row in rows))
    print("| point | runs | violations |\n|---|---|---|")
    for row in rows:
        print(f"| {row} | {times} | {wrong[str(row)]} |")
    return wrong.total()


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the real program at every point of the crash matrix.")
    parser.add_argument("times", type=int, nargs="?", default=1)
    parser.add_argument("--only", default="", help="rows whose name has this in it")
    options = parser.parse_args()
    os.umask(0o077)
    return min(1, asyncio.run(_many([row for row in ROWS if options.only in str(row)], options.times)))


if __name__ == "__main__":
    sys.exit(main())
