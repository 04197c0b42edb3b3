"""Looking for transactions among a million of them: pages, and searches that find much, little or nothing.

    python -m benchmarks.history [--times N] [--small]

Each line is typed behind /history. "Page": what finding and writing it takes, in CPU: it waits for nothing else.
"Slice": the longest that it held up everybody else: a search is made of many transactions, and others go between.
"Answer": from the update at the webhook of the running program to the message at Telegram, of which a reply that looks
for nothing (/help) is the baseline.
"""

import argparse
import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar
from zoneinfo import ZoneInfo

from benchmarks.filled import fill
from benchmarks.results import record
from benchmarks.rig import RunningBot, fresh, pin
from benchmarks.rows import DESK_CHAT, OWNER, hire, name_of, number_of
from benchmarks.trade import SECRET, Trade
from bot.chat import histories
from bot.chat.filters import Here, parse_filters
from bot.domain.finding import Cursor
from bot.domain.mint import Mint
from bot.domain.policy import Policy
from bot.service import searching
from bot.store.database import Tx, prepare, run
from bot.store.searches import Finding
from momo import market_of

T = TypeVar("T")
LARGE, SMALL = 1_000_000, 10_000
GOAL_MS = 20
FIRST_CHAT = 5_000_000
MOST_ASKED = 20
NEWEST = Cursor()
UTC_ZONE = ZoneInfo("UTC")
HEAD = """| asked | page, CPU ms | slice, CPU ms | answer, ms | to /help | found |
|---|---:|---:|---:|---:|---:|"""


@dataclass
class Watched:
    """A store on this thread, that knows the longest transaction."""

    conn: sqlite3.Connection
    mint: Mint = field(default_factory=lambda: Mint(Random(6)))
    longest: float = 0.0

    async def tx(self, fn: Callable[[Tx], T]) -> T:
        """Run *fn* as one transaction."""
        began = time.process_time()
        result = run(Tx(self.conn, datetime.now(UTC), self.mint), fn)
        self.longest = max(self.longest, time.process_time() - began)
        return result


@dataclass(frozen=True)
class Asked:
    """What is looked for, and where the page begins."""

    name: str
    typed: str = ""
    cursor: Cursor = NEWEST


@dataclass(frozen=True)
class Took:
    """The median seconds of a page, the longest of its transactions, and how many rows it has."""

    page: float
    slice: float
    rows: int


def _questions(finished: int) -> list[Asked]:
    """Return what people look for; the days and names are those of the rows."""
    day = f"{datetime.now(UTC) - timedelta(days=180):%d/%m/%Y}"
    return [
        Asked("the newest page"),
        Asked("the next page", cursor=Cursor(finished - 9)),
        Asked("the page before", cursor=Cursor(finished - 25, newer=True)),
        Asked("a page in the middle", cursor=Cursor(finished // 2)),
        Asked("a number", number_of(7)),
        Asked("a day half a year ago", day),
        Asked("an amount", "7"),
        Asked("amounts from, rare", ">100.97"),
        Asked("a state nothing is in", "failed"),
        Asked("a kind there is none of", "refund"),
        Asked("a name that all have", "Sand"),
        Asked("a name that one in 20,000 has", name_of(7).split()[1]),
        Asked("a name that nobody has", "Okello"),
    ]


def _database(finished: int) -> Path:
    folder = fresh("history")
    fill(folder / "till.db", finished, 0, datetime.now(UTC))
    hire(folder / "till.db", range(FIRST_CHAT, FIRST_CHAT + MOST_ASKED), datetime.now(UTC))
    return folder / "till.db"


async def _alone(database: Path, questions: list[Asked], times: int) -> list[Took]:
    conn = sqlite3.connect(database, isolation_level=None)
    prepare(conn)
    policy = Policy(market_of("sandbox"), frozenset({OWNER}), None, None, timedelta(0))
    took = [await _measure(Watched(conn), policy, asked, times) for asked in questions]
    conn.close()
    return took


async def _measure(store: Watched, policy: Policy, asked: Asked, times: int) -> Took:
    kept = Finding(1, "", FIRST_CHAT, DESK_CHAT, None, None, 1, asked.typed, datetime.now(UTC), None)
    took, rows = [], 0
    store.longest = 0.0
    for _ in range(times):
        began = time.process_time()
        wanted = parse_filters("history", asked.typed, Here(policy.market, kept.at, UTC_ZONE))
        page = await searching.read(store, policy, kept, wanted, asked.cursor)
        histories.page(page, wanted, UTC_ZONE, masked=False)
        took.append(time.process_time() - began)
        rows = len(page.rows)
    return Took(median(took), store.longest, rows)


async def _answers(database: Path, questions: list[Asked], times: int) -> list[float]:
    """Return the median seconds of an answer to /help, and to each question that is typed."""
    trade, medians = Trade(), []
    await trade.start()
    webhook = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    with await asyncio.to_thread(RunningBot(trade, database, **webhook).start) as till:
        url = f"http://127.0.0.1:{till.port}"
        # Each by somebody else: nobody may type so much in a minute.
        for chat, text in enumerate(("/help", *(f"/history {asked.typed}" for asked in questions)), FIRST_CHAT):
            took = [await trade.ask(url, chat, text) for _ in range(times)]
            medians.append(median(took))
    await trade.stop()
    return medians


def _page(finished: int, questions: list[Asked], alone: list[Took], answers: dict[str, float], help_: float) -> str:
    rows = [_row(asked, took, answers.get(asked.name), help_) for asked, took in zip(questions, alone, strict=True)]
    slow = [asked.name for asked, took in zip(questions, alone, strict=True) if took.page * 1000 >= GOAL_MS]
    verdict = f"Goal: a page in under {GOAL_MS} ms. " + (f"Missed by: {', '.join(slow)}." if slow else "Met by all.")
    head = f"Among {finished:,} finished transactions. /help is answered after {help_ * 1000:.1f} ms."
    return "\n".join([head, "", HEAD, *rows, "", verdict])


def _row(asked: Asked, took: Took, answer: float | None, help_: float) -> str:
    whole = "| | |" if answer is None else f"| {answer * 1000:.1f} | {answer / help_:.2f} |"
    return f"| {asked.name} | {took.page * 1000:.1f} | {took.slice * 1000:.1f} {whole} {took.rows} |"


async def main() -> None:
    """Measure each question alone, then in the running program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--small", action="store_true", help="ten thousand transactions instead of a million")
    options = parser.parse_args()
    pin(os.getpid(), last=False)
    finished = SMALL if options.small else LARGE
    database, questions = _database(finished), _questions(finished)
    alone = await _alone(database, questions, options.times)
    typed = [asked for asked in questions if asked.cursor == NEWEST]
    help_, *answers = await _answers(database, typed, 5)
    found = dict(zip((asked.name for asked in typed), answers, strict=True))
    record("History", "history.py", _page(finished, questions, alone, found, help_))


if __name__ == "__main__":
    asyncio.run(main())
