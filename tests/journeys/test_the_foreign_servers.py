"""The two servers of these journeys keep what they promise, seen by a plain HTTP client."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from . import momo_faults
from .foreign_momo import ForeignMomo
from .foreign_telegram import TOKEN, ForeignTelegram
from .telegram_webhook import SECRET_HEADER
from .waiting import Hold


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def telegram() -> AsyncIterator[ForeignTelegram]:
    server = ForeignTelegram()
    await server.start()
    server.group(-5001)
    server.person(1001)
    yield server
    await server.stop()


@pytest.fixture
async def momo() -> AsyncIterator[ForeignMomo]:
    server = ForeignMomo()
    await server.start()
    yield server
    await server.stop()


class Bot:
    """Calls a method with JSON; returns the whole answer."""

    def __init__(self, http: aiohttp.ClientSession, telegram: ForeignTelegram) -> None:
        self._http, self._base = http, f"{telegram.url}/bot{TOKEN}/"

    async def call(self, method: str, **params: Any) -> Any:
        async with self._http.post(self._base + method, json=params) as response:
            return await response.json()


class Merchant:
    """Calls MTN's disbursement with a token of its own."""

    def __init__(self, http: aiohttp.ClientSession, momo: ForeignMomo) -> None:
        self._http, self._momo = http, momo
        self._base = f"{momo.url}/disbursement"

    async def headers(self) -> dict[str, str]:
        account = self._momo.accounts["disbursement"]
        key = {"Ocp-Apim-Subscription-Key": account.subscription_key}
        auth = aiohttp.encode_basic_auth(account.api_user, account.api_key)
        async with self._http.post(f"{self._base}/token/", headers=key | {"Authorization": auth}) as response:
            token = (await response.json())["access_token"]
        return key | {"Authorization": f"Bearer {token}", "X-Target-Environment": "sandbox"}

    async def transfer(self, amount: int, reference_id: str, **headers: str) -> tuple[int, str]:
        body = {"amount": str(amount), "currency": "EUR", "externalId": reference_id, "payerMessage": "a",
                "payeeNote": "b", "payee": {"partyIdType": "MSISDN", "partyId": "46733123999"}}  # fmt: skip
        sent = await self.headers() | {"X-Reference-Id": reference_id} | headers
        async with self._http.post(f"{self._base}/v1_0/transfer", json=body, headers=sent) as response:
            return response.status, await response.text()

    async def status(self, reference_id: str) -> Any:
        url = f"{self._base}/v1_0/transfer/{reference_id}"
        async with self._http.get(url, headers=await self.headers()) as response:
            return await response.json()


async def test_an_update_stays_until_its_offset_is_passed(http: Any, telegram: ForeignTelegram) -> None:
    bot, update = Bot(http, telegram), telegram.say(1001, -5001, "/start")
    for _ in range(2):
        assert [u["update_id"] for u in (await bot.call("getUpdates"))["result"]] == [update]
    assert (await bot.call("getUpdates", offset=update + 1))["result"] == []
    assert telegram.confirmed == update


async def test_a_poll_is_held_until_somebody_speaks(http: Any, telegram: ForeignTelegram) -> None:
    poll = asyncio.create_task(Bot(http, telegram).call("getUpdates", timeout=5))
    await telegram.wait_for(lambda: telegram.polls == 1)
    telegram.say(1001, -5001, "/start")
    assert (await poll)["result"][0]["message"]["entities"][0]["type"] == "bot_command"


async def test_a_second_poller_ends_the_first_with_409(http: Any, telegram: ForeignTelegram) -> None:
    bot = Bot(http, telegram)
    first = asyncio.create_task(bot.call("getUpdates", timeout=5))
    await telegram.wait_for(lambda: telegram.polls == 1)
    await bot.call("getUpdates")
    assert (await first)["error_code"] == 409


async def test_a_webhook_is_called_until_it_takes_and_nobody_fetches_beside_it(
    http: Any, telegram: ForeignTelegram
) -> None:
    secrets, answers = [], iter((500, 200))

    async def door(request: web.BaseRequest) -> web.Response:
        secrets.append(request.headers[SECRET_HEADER])
        return web.Response(status=next(answers))

    async with RawTestServer(door) as server:
        bot, urls = Bot(http, telegram), ["http://example.com/", str(server.make_url("/"))]
        assert [(await bot.call("setWebhook", url=url, secret_token="s3"))["ok"] for url in urls] == [False, True]
        update = telegram.say(1001, -5001, "/start")
        await telegram.wait_for(lambda: telegram.courier.statuses(update) == [500, 200])
        assert (await bot.call("getUpdates"))["error_code"] == 409
        await bot.call("deleteWebhook")
        assert (await bot.call("getUpdates"))["result"] == []
    assert secrets == ["s3", "s3"]


async def test_forms_are_understood_and_buttons_can_be_pressed(http: Any, telegram: ForeignTelegram) -> None:
    markup = '{"inline_keyboard": [[{"text": "Confirm 5", "callback_data": "c:1:x"}]]}'
    form = {"chat_id": "-5001", "text": "<b>Pay</b> &lt;5&gt;", "parse_mode": "HTML", "reply_markup": markup}
    await http.post(f"{telegram.url}/bot{TOKEN}/sendMessage", data=form)
    message = telegram.from_bot(-5001)[0]
    press = telegram.press(1001, message, "Confirm")
    bot = Bot(http, telegram)
    assert (message.text, (await bot.call("getUpdates"))["result"][0]["callback_query"]["data"]) == ("Pay <5>", "c:1:x")
    answers = [await bot.call("answerCallbackQuery", callback_query_id=press.query_id) for _ in range(2)]
    assert [a["ok"] for a in answers] == [True, False]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": -5001, "text": " "}),
        ("sendMessage", {"chat_id": -5001, "text": "x" * 4097}),
        ("sendMessage", {"chat_id": -5001, "text": "<b>5", "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": 1001, "text": "a person who never wrote"}),
        ("editMessageText", {"chat_id": -5001, "message_id": 1, "text": "no such message"}),
        ("answerCallbackQuery", {"callback_query_id": "1"}),
    ],
)
async def test_what_telegram_refuses_is_refused(http: Any, telegram: ForeignTelegram, method: str, params: Any) -> None:
    assert (await Bot(http, telegram).call(method, **params))["ok"] is False


async def test_an_edit_that_changes_nothing_is_refused(http: Any, telegram: ForeignTelegram) -> None:
    bot = Bot(http, telegram)
    sent = (await bot.call("sendMessage", chat_id=-5001, text="a"))["result"]
    edits = [await bot.call("editMessageText", chat_id=-5001, message_id=sent["message_id"], text=t) for t in "ab"]
    assert [e["ok"] for e in edits] == [False, True]


async def test_privacy_mode_hides_plain_words_in_a_group(telegram: ForeignTelegram) -> None:
    assert telegram.say(1001, -5001, "25") == 0
    assert telegram.say(1001, 1001, "25") > 0


async def test_a_transfer_settles_once_and_a_repeat_is_a_409(http: Any, momo: ForeignMomo) -> None:
    merchant, reference = Merchant(http, momo), str(uuid.uuid4())
    momo.plan(25, settle=0)
    answers = [(await merchant.transfer(25, reference))[0] for _ in range(2)]
    await momo.wait_for(lambda: momo.effects)
    assert answers == [202, 409]
    assert [e.reference_id for e in momo.effects_of(25)] == [reference]
    assert (await merchant.status(reference))["status"] == "SUCCESSFUL"


async def test_a_lost_answer_still_moves_the_money_and_a_reset_does_not(http: Any, momo: ForeignMomo) -> None:
    merchant = Merchant(http, momo)
    momo.plan(1, momo_faults.lost_answer, settle=0)
    momo.plan(2, momo_faults.reset_before, settle=0)
    for amount in (1, 2):
        with pytest.raises(aiohttp.ClientError):
            await merchant.transfer(amount, str(uuid.uuid4()))
    await momo.wait_for(lambda: momo.effects)
    assert (len(momo.effects_of(1)), len(momo.effects_of(2))) == (1, 0)
    assert (await merchant.transfer(2, str(uuid.uuid4())))[0] == 202


async def test_a_body_cut_short_is_seen_as_such(http: Any, momo: ForeignMomo) -> None:
    momo.plan(3, momo_faults.cut_in_the_body)
    with pytest.raises(aiohttp.ClientError):
        await Merchant(http, momo).transfer(3, str(uuid.uuid4()))


async def test_a_held_request_waits_for_its_release(http: Any, momo: ForeignMomo) -> None:
    hold = Hold()
    momo.plan(4, momo_faults.held(hold))
    sending = asyncio.create_task(Merchant(http, momo).transfer(4, str(uuid.uuid4())))
    await hold.arrived.wait()
    assert not momo.transactions
    hold.release.set()
    assert (await sending)[0] == 202


async def test_mtn_calls_back_the_address_of_the_request(http: Any, momo: ForeignMomo) -> None:
    momo.plan(5, settle=0, callback="POST")
    await Merchant(http, momo).transfer(5, str(uuid.uuid4()), **{"X-Callback-Url": f"{momo.url}/nowhere"})
    await momo.wait_for(lambda: momo.callbacks)
    assert momo.callbacks[0][1].startswith("POST 40")
