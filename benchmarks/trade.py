"""A trade in payments: those who order and confirm, the Telegram they do it in, and the MTN that pays, in one process.

What lives here: what the outside world does, and when each payment's last message came. What must not: figures.
"""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator

from aiohttp import ClientSession, TCPConnector, web

from benchmarks.far_end import BOT, TOKEN
from benchmarks.telegram import Button, message, pressed, typed
from bot.web.telegram import PATH

SECRET = "benchmark"
CALLS_BACK_AFTER = 0.2
LONGEST_WAIT = 300
FIRST_PAYEE = 46733100000
AMOUNT = "5"
ENDED = "Successful"  # what the card says then


class Trade:
    """Serves as both far ends, at ``url``, and brings what people do to a webhook."""

    url: str

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._updates, self._messages, self._payees = itertools.count(1), itertools.count(1), itertools.count()
        self._cards: dict[int, asyncio.Future[Button]] = {}
        self._ends: dict[int, asyncio.Future[None]] = {}
        # Whose card does not show the end yet: mostly it comes behind the message.
        self._behind: set[int] = set()
        self._settled = asyncio.Event()
        self._payments: dict[str, dict[str, object]] = {}
        self._calling: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_route("*", "/telegram/bot{token}/{method}", self._telegram)
        app.router.add_route("*", "/mtn/{path:.*}", self._mtn)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        # As many connections as Telegram opens to a webhook.
        self._session = ClientSession(connector=TCPConnector(limit=40))
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        await self._session.close()
        await self._runner.cleanup()

    # --- what people do

    async def order(self, url: str, chats: Iterable[int], in_flight: int) -> dict[int, Button]:
        """Let each of these people type an order, and return the button that confirms it."""
        buttons: dict[int, Button] = {}

        async def one(chat: int) -> None:
            card = self._cards[chat] = asyncio.get_running_loop().create_future()
            await self._bring(url, typed(chat, f"/pay {FIRST_PAYEE + next(self._payees)} {AMOUNT}"))
            buttons[chat] = await asyncio.wait_for(card, LONGEST_WAIT)
            del self._cards[chat]

        await _at_once(in_flight, chats, one)
        return buttons

    async def confirm(self, url: str, buttons: dict[int, Button], in_flight: int) -> list[float]:
        """Let each of these people press their button; return when each was told how it ended."""
        ends: list[float] = []
        self._settled.clear()

        async def one(chat: int) -> None:
            end = self._ends[chat] = asyncio.get_running_loop().create_future()
            self._behind.add(chat)
            await self._bring(url, pressed(chat, buttons[chat]))
            await asyncio.wait_for(end, LONGEST_WAIT)
            ends.append(time.perf_counter())

        await _at_once(in_flight, buttons, one)
        return ends

    async def ask(self, url: str, chat: int, text: str) -> float:
        """Let somebody type a command; return the seconds until the answer."""
        end, began = asyncio.get_running_loop().create_future(), time.perf_counter()
        self._ends[chat] = end
        await self._bring(url, typed(chat, text))
        await asyncio.wait_for(end, LONGEST_WAIT)
        return time.perf_counter() - began

    async def settle(self) -> None:
        """Wait until every card shows its end."""
        await asyncio.wait_for(self._settled.wait(), LONGEST_WAIT)

    async def _bring(self, url: str, update: dict[str, object]) -> None:
        update["update_id"] = next(self._updates)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with self._session.post(f"{url}{PATH}", json=update, headers=headers) as answer:
            assert answer.status == 200, answer.status

    # --- Telegram

    async def _telegram(self, request: web.Request) -> web.Response:
        form, method = await request.post(), request.match_info["method"].lower()
        self.counts[method] += 1
        if method not in ("sendmessage", "editmessagetext"):
            webhook = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            known: dict[str, object] = {"getme": BOT, "getwebhookinfo": webhook}
            return web.json_response({"ok": True, "result": known.get(method, True)})
        chat = int(str(form["chat_id"]))
        message_id = int(str(form["message_id"])) if "message_id" in form else next(self._messages)
        if "message_id" in form and ENDED in str(form["text"]):
            self._card_ended(chat)
        elif "message_id" not in form and (end := self._ends.pop(chat, None)) is not None:
            end.set_result(None)
        else:
            self._card_shown(chat, message_id, str(form.get("reply_markup", "")))
        return web.json_response({"ok": True, "result": message(chat, message_id)})

    def _card_shown(self, chat: int, message_id: int, markup: str) -> None:
        if (card := self._cards.get(chat)) is not None and (data := _confirming(markup)) and not card.done():
            card.set_result(Button(data, message_id))

    def _card_ended(self, chat: int) -> None:
        self._behind.discard(chat)
        if not self._behind:
            self._settled.set()

    # --- MTN

    async def _mtn(self, request: web.Request) -> web.Response:
        path = request.path
        if path.endswith("/token/"):
            return web.json_response(TOKEN)
        if request.method == "POST":
            return await self._taken(request)
        if "/accountholder/" in path:
            return web.json_response({"name": "Sand Box", "given_name": "Sand", "family_name": "Box"})
        self.counts["asked"] += 1
        return web.json_response(self._payments.get(path.rpartition("/")[2], {"status": "SUCCESSFUL"}))

    async def _taken(self, request: web.Request) -> web.Response:
        self.counts["sent"] += 1
        payment = self._payments[request.headers["X-Reference-Id"]] = {**await request.json(), "status": "PENDING"}
        calling = asyncio.create_task(self._pay(payment, request.headers["X-Callback-Url"]))
        self._calling.add(calling)
        calling.add_done_callback(self._calling.discard)
        return web.Response(status=202)

    async def _pay(self, payment: dict[str, object], callback_url: str) -> None:
        await asyncio.sleep(CALLS_BACK_AFTER)
        payment.update(status="SUCCESSFUL", financialTransactionId="1")
        async with self._session.put(callback_url, json=payment) as answer:
            assert answer.status == 200, answer.status


async def _at_once(most: int, chats: Iterable[int], do: Callable[[int], Awaitable[None]]) -> None:
    left = iter(chats)

    async def work(mine: Iterator[int]) -> None:
        for chat in mine:
            await do(chat)

    await asyncio.gather(*(work(left) for _ in range(most)))


def _confirming(markup: str) -> str | None:
    """Return what the Confirm button of a card says, if there is one."""
    rows = json.loads(markup)["inline_keyboard"] if markup else []
    return next(
        (data for row in rows for button in row if (data := button.get("callback_data", "")).startswith("ok:")), None
    )
