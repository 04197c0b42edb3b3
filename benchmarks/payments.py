"""Payments, from the press on Confirm to the message that tells the end, with no ceiling on calls to MTN.

    python -m benchmarks.payments [--rounds N] [--payments N] [--in-flight N] [--small]

A press comes by webhook; the till shows it, pays, is called back by MTN, asks how it ended, tells it and brings the
card up to date. It is held against a bare program that makes the same HTTP exchanges and commits as often, and against
itself: on a database with a million finished transactions a payment should cost what it costs on an empty one. Each
payment is another person's, in a private chat: in one and the same chat the till keeps to Telegram's one message a
second. Ordering goes before and is not counted. What is measured has one core, the far ends have the other.
"""

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.filled import fill
from benchmarks.results import record
from benchmarks.rig import Program, RunningBot, cpu_seconds, fresh, pin
from benchmarks.rows import hire
from benchmarks.telegram import Button
from benchmarks.trade import SECRET, Trade

LARGE, SMALL = 1_000_000, 10_000
FIRST_CHAT = 5_000_000
BARE = "bare"
GOAL_OF_BARE, GOAL_OF_GROWTH = 0.5, 1.1
HEAD = """| who | finished before | payments a second | to bare | CPU per payment, ms | to bare | to none finished |
|---|---:|---:|---:|---:|---:|---:|"""
Took = tuple[float, float]  # payments a second, CPU seconds for each


def _bare_program(url: str) -> Program:
    return Program("bare_payments", url, str(fresh("payments/bare") / "bare.db")).start()


def _database(finished: int, chats: range) -> Path:
    database = fresh(f"payments/{finished}") / "till.db"
    fill(database, finished, 0, datetime.now(UTC))
    hire(database, chats, datetime.now(UTC))
    return database


async def _turn(trade: Trade, url: str, pid: int, buttons: dict[int, Button], in_flight: int) -> Took:
    """Have everybody confirm, the first fifth as a warm-up, and return what the others took."""
    early = dict(list(buttons.items())[: len(buttons) // 5])
    later = {chat: button for chat, button in buttons.items() if chat not in early}
    await trade.confirm(url, early, in_flight)
    await trade.settle()
    cpu = cpu_seconds(pid)
    ends = await trade.confirm(url, later, in_flight)
    await trade.settle()
    return _rate(ends), (cpu_seconds(pid) - cpu) / len(later)


def _rate(ends: list[float]) -> float:
    """Return payments a second while there were enough on their way: neither the first eighth nor the last."""
    steady = sorted(ends)[len(ends) // 8 : -len(ends) // 8]
    return (len(steady) - 1) / (steady[-1] - steady[0])


async def _bare(trade: Trade, chats: range, in_flight: int) -> Took:
    with await asyncio.to_thread(_bare_program, trade.url) as bare:
        buttons = {chat: Button("ok:ABCDEF:0123456789012345678901", chat) for chat in chats}
        return await _turn(trade, f"http://127.0.0.1:{bare.said}", bare.pid, buttons, in_flight)


async def _till(trade: Trade, database: Path, chats: range, in_flight: int) -> Took:
    webhook = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    till = RunningBot(trade, database, program="benchmarks.unthrottled", **webhook)
    with await asyncio.to_thread(till.start):
        url = f"http://127.0.0.1:{till.port}"
        buttons = await trade.order(url, chats, in_flight)
        return await _turn(trade, url, till.pid, buttons, in_flight)


async def _round(trade: Trade, databases: dict[int, Path], chats: range, in_flight: int) -> dict[str, Took]:
    took = {BARE: await _bare(trade, chats, in_flight)}
    for finished, database in databases.items():
        took[str(finished)] = await _till(trade, database, chats, in_flight)
    print({who: f"{rate:.1f}/s {cpu * 1000:.2f} ms" for who, (rate, cpu) in took.items()}, file=sys.stderr)
    return took


def _row(rounds: list[dict[str, Took]], who: str, name: str, finished: str) -> str:
    rate, cpu = (median(took[who][n] for took in rounds) for n in (0, 1))
    ratios = [median(took[who][n] / took[BARE][n] for took in rounds) for n in (0, 1)]
    growth = "" if who == BARE else f"{median(took[who][1] / took['0'][1] for took in rounds):.2f}"
    return f"| {name} | {finished} | {rate:.1f} | {ratios[0]:.2f} | {cpu * 1000:.2f} | {ratios[1]:.2f} | {growth} |"


def _page(rounds: list[dict[str, Took]], sizes: tuple[int, ...], options: argparse.Namespace) -> str:
    to_bare = median(took["0"][0] / took[BARE][0] for took in rounds)
    growth = median(took[str(sizes[-1])][1] / took["0"][1] for took in rounds)
    rows = [_row(rounds, str(size), "the till", f"{size:,}") for size in sizes]
    return "\n".join(
        [
            f"{options.payments} payments, {options.in_flight} at once; medians of {options.rounds} rounds.",
            "",
            HEAD,
            _row(rounds, BARE, "bare exchanges and commits", ""),
            *rows,
            "",
            f"Goal 1: at least {GOAL_OF_BARE} of the bare program's payments a second. Seen: {to_bare:.2f}.  ",
            f"Goal 2: with {sizes[-1]:,} finished at most {GOAL_OF_GROWTH} times the CPU. Seen: {growth:.2f}.",
        ]
    )


async def main() -> None:
    """Measure each in turn, round after round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--payments", type=int, default=500)
    parser.add_argument("--in-flight", type=int, default=256)
    parser.add_argument("--small", action="store_true", help="ten thousand finished ones instead of a million")
    options = parser.parse_args()
    pin(os.getpid(), last=False)
    sizes, chats = (0, SMALL if options.small else LARGE), range(FIRST_CHAT, FIRST_CHAT + options.payments)
    databases = {size: _database(size, chats) for size in sizes}
    trade = Trade()
    await trade.start()
    rounds = [await _round(trade, databases, chats, options.in_flight) for _ in range(options.rounds)]
    await trade.stop()
    record("Payments", "payments.py", _page(rounds, sizes, options))


if __name__ == "__main__":
    asyncio.run(main())
