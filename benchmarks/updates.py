"""Updates in, replies out: the whole till against PTB with nothing behind it.

    python -m benchmarks.updates [--rounds N] [--updates N]

Each update is a ``/help`` from somebody else, brought by webhook; it is answered when Telegram has the reply. The till
stores it, looks up who may what, writes the reply down and delivers it at least once. The other two are PTB with a
handler of one line, that loses what it holds when it dies: stock, and with our transport. All have one core, and
Telegram the other.
"""

import argparse
import asyncio
import itertools
import os
import time
from collections.abc import Iterator
from statistics import median

from aiohttp import ClientSession, TCPConnector, web

from benchmarks.far_end import BOT
from benchmarks.results import record
from benchmarks.rig import FarEnds, Program, RunningBot, cpu_seconds, free_port, fresh, pin
from benchmarks.telegram import message, typed
from bot.web.telegram import PATH

SECRET = "benchmark"
IN_FLIGHT = (64, 256)
HEAD = """| in flight | who | updates a second | to stock PTB | CPU per update, ms |
|---:|---|---:|---:|---:|"""
Took = dict[tuple[int, str], tuple[float, float]]  # updates a second, CPU milliseconds for each
CONTENDERS = ("stock PTB", "PTB with our transport", "the till")


class Telegram:
    """Brings updates to a webhook and waits for the reply to each; so many are on their way at once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[None]] = {}

    async def start(self) -> str:
        """Listen, and return the address of the Bot API."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._called)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        # As many connections as Telegram opens to a webhook.
        self._session = ClientSession(connector=TCPConnector(limit=40))
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        await self._session.close()
        await self._runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        form, method = await request.post(), request.match_info["method"].lower()
        if method == "sendmessage":
            chat_id = int(str(form["chat_id"]))
            if (waiting := self._waiting.pop(chat_id, None)) is not None:
                waiting.set_result(None)
            return web.json_response({"ok": True, "result": message(chat_id, 1)})
        webhook = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        known: dict[str, object] = {"getme": BOT, "getwebhookinfo": webhook}
        return web.json_response({"ok": True, "result": known.get(method, True)})

    async def bring(self, url: str, updates: int, in_flight: int) -> float:
        """Bring so many updates; return the seconds until the last has its reply."""
        left, began = iter(range(updates)), time.perf_counter()
        await asyncio.gather(*(self._carry(url, left) for _ in range(in_flight)))
        return time.perf_counter() - began

    async def _carry(self, url: str, left: Iterator[int]) -> None:
        for _ in left:
            number = next(self._numbers)
            replied = self._waiting[number] = asyncio.get_running_loop().create_future()
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with self._session.post(
                url, json={"update_id": number, **typed(number, "/help")}, headers=headers
            ) as answer:
                assert answer.status == 200, answer.status
            await asyncio.wait_for(replied, 60)


def _plain_bot(api_url: str, port: int, transport: str) -> Program:
    """Return PTB with a handler of one line, started in a process of its own."""
    return Program("plain_bot", api_url, str(port), transport).start()


async def _measure(telegram: Telegram, url: str, pid: int, updates: int, in_flight: int) -> tuple[float, float]:
    """Return updates a second and CPU milliseconds for each, the first quarter left out as a warm-up."""
    await telegram.bring(url, updates // 4, in_flight)
    cpu = cpu_seconds(pid)
    seconds = await telegram.bring(url, updates, in_flight)
    return updates / seconds, (cpu_seconds(pid) - cpu) / updates * 1000


async def _round(telegram: Telegram, api_url: str, ends: FarEnds, updates: int) -> Took:
    took: Took = {}
    for in_flight in IN_FLIGHT:
        for who, transport in zip(CONTENDERS, ("httpx", "ours"), strict=False):
            url = f"http://127.0.0.1:{(port := free_port())}{PATH}"
            with await asyncio.to_thread(_plain_bot, api_url, port, transport) as plain:
                took[in_flight, who] = await _measure(telegram, url, plain.pid, updates, in_flight)
        with await asyncio.to_thread(_till, ends, api_url) as till:
            url = f"http://127.0.0.1:{till.port}{PATH}"
            took[in_flight, "the till"] = await _measure(telegram, url, till.pid, updates, in_flight)
    return took


def _till(ends: FarEnds, api_url: str) -> RunningBot:
    folder = fresh("updates")
    webhook = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    return RunningBot(ends, folder / "till.db", TELEGRAM_API_URL=api_url, **webhook).start()


async def main() -> None:
    """Measure each contender in turn, round after round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--updates", type=int, default=2000)
    options = parser.parse_args()
    pin(os.getpid(), last=False)
    telegram = Telegram()
    api_url = await telegram.start()
    with FarEnds() as ends:
        rounds = [await _round(telegram, api_url, ends, options.updates) for _ in range(options.rounds)]
    await telegram.stop()
    rows = []
    for in_flight in IN_FLIGHT:
        for who in CONTENDERS:
            rate, cpu = (median(took[in_flight, who][n] for took in rounds) for n in (0, 1))
            ratio = median(took[in_flight, who][0] / took[in_flight, CONTENDERS[0]][0] for took in rounds)
            rows.append(f"| {in_flight} | {who} | {rate:.0f} | {ratio:.2f} | {cpu:.2f} |")
    record("Updates", "updates.py", "\n".join([HEAD, *rows]))


if __name__ == "__main__":
    asyncio.run(main())
