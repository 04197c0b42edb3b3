"""A payment's HTTP exchanges and commits, done bare: no rule, no word, no look at what is committed.

    python -m benchmarks.bare_payments URL DATABASE

Prints its port. For a press that comes by webhook it makes the calls to Telegram and MTN that the till makes, takes
the callback, and commits a row wherever the till writes; rows that wait for the disk together are committed together.
"""

import asyncio
import json
import os
import sqlite3
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web

from benchmarks.trade import ENDED
from bot.service.mtn import CALLBACK_PATH
from bot.store.database import PRAGMAS
from bot.web.telegram import PATH

TEXT = "A card says who pays how much to whom, from which till, and how far it has come. " * 3
KEYBOARD = json.dumps({"inline_keyboard": [[{"text": "Confirm", "callback_data": "ok:ABCDEF:0123456789012345678901"}]]})
BEARER = {
    "Authorization": f"Bearer {'t' * 600}",
    "Ocp-Apim-Subscription-Key": "c" * 32,
    "X-Target-Environment": "sandbox",
}


class Together:
    """Has something written for each who asks, on a thread; those who ask meanwhile are written for together."""

    def __init__(self, write: Callable[[int], None]) -> None:
        self._write, self._thread = write, ThreadPoolExecutor(1)
        self._waiting: list[asyncio.Future[None]] = []
        self._working: asyncio.Task[None] | None = None

    async def one(self) -> None:
        """Return when it is written."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        while together := self._waiting:
            self._waiting = []
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, len(together))
            for done in together:
                done.set_result(None)


class Disk:
    """A database and a journal, each waited for."""

    def __init__(self, path: Path) -> None:
        self._conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._conn.executescript(f"{PRAGMAS}; CREATE TABLE line(id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
        self._journal = os.open(path.with_suffix(".journal"), os.O_RDWR | os.O_APPEND | os.O_CREAT)
        self.commit, self.note = Together(self._commit).one, Together(self._note).one

    def _commit(self, rows: int) -> None:
        self._conn.execute("BEGIN IMMEDIATE")
        for _ in range(rows):
            self._conn.execute("INSERT INTO line(text) VALUES(?)", (TEXT,))
        self._conn.execute("COMMIT")

    def _note(self, lines: int) -> None:
        os.write(self._journal, TEXT.encode() * lines)
        os.fsync(self._journal)


class Bare:
    """Does what a payment needs of the outside world, in the till's order."""

    def __init__(self, url: str, disk: Disk) -> None:
        self._telegram, self._mtn, self._disk = f"{url}/telegram/bot1:benchmark", f"{url}/mtn/disbursement", disk
        self._called_back: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def pressed(self, request: web.Request) -> web.Response:
        """Take a press."""
        message = (await request.json())["callback_query"]["message"]
        await self._disk.commit()
        task = asyncio.create_task(self._pay(message["chat"]["id"], message["message_id"]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.Response()

    async def called_back(self, request: web.Request) -> web.Response:
        """Take a callback."""
        self._called_back.pop(request.match_info["token"]).set_result(None)
        return web.Response()

    async def _pay(self, chat: int, message_id: int) -> None:
        await self._disk.commit()
        await asyncio.gather(
            self._say("answerCallbackQuery", callback_query_id=str(chat), text="Sending."),
            self._tell("editMessageText", chat_id=str(chat), message_id=str(message_id)),
            self._send(),
        )
        await self._tell("sendMessage", chat_id=str(chat))
        await self._tell("editMessageText", f"{ENDED} {TEXT}", chat_id=str(chat), message_id=str(message_id))

    async def _send(self) -> None:
        reference, token = str(uuid.uuid4()), uuid.uuid4().hex
        called_back = self._called_back[token] = asyncio.get_running_loop().create_future()
        await self._disk.commit()
        await self._disk.note()
        body = {
            "amount": "5",
            "currency": "EUR",
            "externalId": reference,
            "payerMessage": "Payment",
            "payeeNote": "Payment",
        }
        body |= {"payee": {"partyIdType": "MSISDN", "partyId": "46733123453"}}  # type: ignore[dict-item]
        more = {"X-Reference-Id": reference, "X-Callback-Url": f"http://127.0.0.1:{self.port}{CALLBACK_PATH}{token}"}
        async with self.session.post(f"{self._mtn}/v1_0/transfer", json=body, headers={**BEARER, **more}) as answer:
            assert answer.status == 202, answer.status
        await self._disk.commit()
        await called_back
        await self._disk.commit()
        async with self.session.get(f"{self._mtn}/v1_0/transfer/{reference}", headers=BEARER) as answer:
            assert (await answer.json())["status"] == "SUCCESSFUL"
        await self._disk.commit()

    async def _tell(self, method: str, text: str = TEXT, **facts: str) -> None:
        """Deliver a message: taken into work, handed over, delivered."""
        await self._disk.commit()
        await self._say(method, text=text, parse_mode="HTML", reply_markup=KEYBOARD, **facts)
        await self._disk.commit()

    async def _say(self, method: str, **form: str) -> None:
        async with self.session.post(f"{self._telegram}/{method}", data=form) as answer:
            assert (await answer.json())["ok"]

    async def serve(self) -> None:
        """Serve until killed."""
        self.session = ClientSession(connector=TCPConnector(limit=128), cookie_jar=DummyCookieJar())
        app = web.Application()
        app.router.add_post(PATH, self.pressed)
        app.router.add_put(CALLBACK_PATH + "{token}", self.called_back)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        print(self.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(Bare(sys.argv[1], Disk(Path(sys.argv[2]))).serve())
