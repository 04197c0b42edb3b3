"""Callbacks accepted: as many as one core takes, and how long each waits for its answer.

    python -m benchmarks.callbacks [--seconds N] [--rounds N]

The real program has one core, those who call have the other. Held against a bare aiohttp server that answers 200 to
everything and writes nothing down, in turns.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median, quantiles

from benchmarks.filled import fill
from benchmarks.results import record
from benchmarks.rig import FarEnds, Program, RunningBot, fresh, pin
from benchmarks.rows import token_of
from bot.service.mtn import CALLBACK_PATH

OPENED = 10_000
CONNECTIONS = 64
PACED_A_SECOND = 100
BODY = b'{"financialTransactionId":"1","status":"SUCCESSFUL","amount":"1","currency":"EUR"}'
HEAD = """| who | at once | a second | of bare | median, ms | 99 %, ms |
|---|---:|---:|---:|---:|---:|"""


@dataclass(frozen=True, slots=True)
class Took:
    """What a turn took: answers a second, and the wait for each, in seconds."""

    rate: float
    waits: list[float]

    def row(self, who: str, how: str, bare: "Took") -> str:
        """Return it as a row, held against the bare server's turn."""
        return (
            f"| {who} | {how} | {self.rate:,.0f} | {self.rate / bare.rate:.2f} |"
            f" {median(self.waits) * 1000:.2f} | {quantiles(self.waits, n=100)[98] * 1000:.1f} |"
        )


async def _call(port: int, until: float, every: float, offset: int, waits: list[float]) -> None:
    """Ring over one connection: as fast as it is answered, or once in so many seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    n, at = offset, time.perf_counter() + every * offset / CONNECTIONS
    while (began := time.perf_counter()) < until:
        if began < at:
            await asyncio.sleep(at - began)
            began = time.perf_counter()
        n, at = n + CONNECTIONS, at + every
        path = f"{CALLBACK_PATH}{token_of(1 + n % OPENED)}".encode()
        writer.write(b"PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (path, len(BODY), BODY))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"a callback was answered with {head[:40]!r}")
        waits.append(time.perf_counter() - began)
    writer.close()


async def _turn(port: int, seconds: float, a_second: float | None) -> Took:
    waits: list[float] = []
    began = time.perf_counter()
    every = 0.0 if a_second is None else CONNECTIONS / a_second
    await asyncio.gather(*(_call(port, began + seconds, every, n, waits) for n in range(CONNECTIONS)))
    return Took(len(waits) / (time.perf_counter() - began), waits)


def main() -> None:
    """Measure in turns; the first round warms up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pin(0, last=False)
    folder = fresh("callbacks")
    fill(folder / "till.db", 0, OPENED, datetime.now(UTC))
    ours, bare, paced = [], [], []
    with FarEnds() as ends, Program("bare_door").start() as door, RunningBot(ends, folder / "till.db").start() as bot:
        for _ in range(options.rounds + 1):
            bare.append(asyncio.run(_turn(int(door.said), options.seconds, None)))
            ours.append(asyncio.run(_turn(bot.port, options.seconds, None)))
            paced.append(asyncio.run(_turn(bot.port, options.seconds, PACED_A_SECOND)))
    rows = []
    for one, other, slow in zip(ours[1:], bare[1:], paced[1:], strict=True):
        rows += [other.row("bare aiohttp", "64", other), one.row("the till", "64", other)]
        rows.append(slow.row("the till", f"{PACED_A_SECOND} a second", other))
    record("Callbacks", "callbacks.py", "\n".join([HEAD, *rows]))


if __name__ == "__main__":
    main()
