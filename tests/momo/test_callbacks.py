"""Callbacks: bodies are read whatever they are, addresses are known by their token, and both verbs are taken."""

import asyncio
import hmac
import json
from contextlib import suppress
from decimal import Decimal

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from momo import ConfigurationError, Credentials, InvalidValue, MomoClient, Money, Msisdn, Party, Status
from momo.callbacks import Callback, CallbackPaths, Notice, callback_routes, read_notice
from momo.sandbox import Sandbox, SandboxServer
from tests.momo.recorded import REFERENCE, USER

SECRET = "s3cret-of-the-shop-16"
PATHS = CallbackPaths("https://shop.example/", SECRET)
FULL = {
    "financialTransactionId": 1234567890,
    "externalId": 7,
    "amount": 100,
    "currency": "EUR",
    "payee": {"partyIdType": "MSISDN", "partyId": 46733123999},
    "payerMessage": "rent",
    "payeeNote": "May",
    "status": "FAILED",
    "reason": {"code": "PAYER_NOT_FOUND", "message": "nobody"},
    "somethingNew": [1],
}


def notice_of(body):
    return read_notice(json.dumps(body).encode())


def test_a_full_body_is_read_with_numbers_for_strings():
    notice = notice_of(FULL)

    assert (notice.status, notice.amount) == (Status.FAILED, Money(Decimal(100), "EUR"))
    assert (notice.financial_transaction_id, notice.external_id) == ("1234567890", "7")
    assert notice.party == Party("MSISDN", "46733123999")
    assert notice.reason is not None
    assert (notice.reason.code, notice.reason.message) == ("PAYER_NOT_FOUND", "nobody")
    assert notice.raw["somethingNew"] == [1]
    assert "46733123999" not in repr(notice)


@pytest.mark.parametrize(
    ("reason", "code"),
    [("payer not found", "PAYER_NOT_FOUND"), ("EXPIRED", "EXPIRED"), ({"message": "Low balance"}, "LOW_BALANCE")],
)
def test_a_reason_may_be_a_word(reason, code):
    notice = notice_of({"status": "FAILED", "reason": reason})

    assert notice.reason is not None
    assert notice.reason.code == code


@pytest.mark.parametrize(
    "body",
    [{}, {"status": None, "amount": "much", "currency": "EUR", "payee": "x"}, {"amount": 5}, {"reason": []}],
)
def test_what_is_missing_or_makes_no_sense_is_none(body):
    notice = notice_of(body)

    assert (notice.status, notice.amount, notice.party, notice.reason) == (None, None, None, None)


JSON = st.recursive(
    st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@settings(deadline=None)
@given(st.binary() | JSON.map(lambda data: json.dumps(data).encode()))
def test_any_bytes_are_a_notice_or_no_json_object(body):
    with suppress(InvalidValue):
        assert isinstance(read_notice(body), Notice)


# --- addresses


def test_an_address_is_known_again_and_has_no_query():
    url = PATHS.url(REFERENCE)

    assert url == PATHS.url(REFERENCE)
    assert url.startswith(f"https://shop.example/momo/callbacks/{REFERENCE}/")
    assert "?" not in url
    assert SECRET not in url
    assert PATHS.reference_id_of(url.removeprefix("https://shop.example")) == REFERENCE


@pytest.mark.parametrize(
    "path",
    [
        f"/momo/callbacks/{REFERENCE}/" + "0" * 32,
        f"/momo/callbacks/{USER}/" + PATHS.url(REFERENCE)[-32:],
        f"/other/{REFERENCE}/" + PATHS.url(REFERENCE)[-32:],
        f"/momo/callbacks/{REFERENCE}/",
        "/momo/callbacks",
        "",
        "/momo/callbacks/é/\ud800",
    ],
)
def test_any_other_path_is_nobodys(path):
    assert PATHS.reference_id_of(path) is None


def test_another_secret_knows_nothing_of_it():
    other = CallbackPaths("https://shop.example", SECRET + "2")

    assert other.reference_id_of(PATHS.url(REFERENCE)) is None


def test_tokens_are_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda ours, theirs: compared.append((ours, theirs)) or False)

    assert not PATHS.knows(REFERENCE, "guess")
    assert compared[0][1] == b"guess"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shop.example", SECRET), "base URL"),
        (("https://shop.example", "short"), "16 characters"),
        (("https://shop.example", None), "16 characters"),
        (("https://shop.example", SECRET, "no slash"), "prefix"),
    ],
)
def test_what_cannot_work_is_a_configuration_error(arguments, message):
    url, secret, *prefix = arguments
    with pytest.raises(ConfigurationError, match=message):
        CallbackPaths(url, secret, **({"prefix": prefix[0]} if prefix else {}))


def test_an_address_is_for_a_reference_id():
    with pytest.raises(InvalidValue, match="reference_id"):
        PATHS.url("7")


# --- receiving


class Shop:
    """A program that receives callbacks on loopback."""

    def __init__(self, ring=None):
        self.heard = []
        self.rung = asyncio.Event()
        self._ring = ring or self._note

    async def __aenter__(self):
        app = web.Application()
        self._runner = web.AppRunner(app, access_log=None)
        self.paths = CallbackPaths("http://127.0.0.1", SECRET)
        app.add_routes(callback_routes(self.paths, self._ring))
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.paths = CallbackPaths(f"http://127.0.0.1:{self._runner.addresses[0][1]}", SECRET)
        self.session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_):
        await self.session.close()
        await self._runner.cleanup()

    async def _note(self, callback):
        self.heard.append(callback)
        self.rung.set()

    async def call(self, method, url, body=b"{}"):
        async with self.session.request(method, url, data=body) as response:
            return response.status, await response.read()


@pytest.mark.parametrize(("method", "status"), [("PUT", 200), ("POST", 200), ("GET", 405), ("DELETE", 405)])
async def test_both_verbs_of_mtn_ring(method, status):
    async with Shop() as shop:
        assert (await shop.call(method, shop.paths.url(REFERENCE)))[0] == status

        assert len(shop.heard) == (status == 200)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"a":"' + b"x" * 70_000 + b'"}'])
async def test_the_bell_rings_whatever_the_body_is(body):
    async with Shop() as shop:
        assert await shop.call("PUT", shop.paths.url(REFERENCE), body) == (200, b"")

        assert shop.heard == [Callback(REFERENCE, None)]


async def test_a_wrong_token_is_told_nothing():
    async with Shop() as shop:
        wrong = shop.paths.url(REFERENCE)[:-1] + "x"

        assert await shop.call("PUT", wrong) == (404, b"")
        assert shop.heard == []


async def test_a_program_that_fails_to_note_it_says_so():
    async def broken(callback):
        raise ValueError("full disk")

    async with Shop(broken) as shop:
        assert (await shop.call("PUT", shop.paths.url(REFERENCE)))[0] == 500


async def test_the_sandbox_rings():
    server = SandboxServer(Sandbox(seed=1))
    await server.start()
    user = Credentials(*server.sandbox.provision("disbursement", "127.0.0.1"), "d" * 32)
    async with Shop() as shop, MomoClient(server.url, "sandbox", disbursement=user) as client:
        url = shop.paths.url(REFERENCE)
        texts = {"external_id": "e-1", "payer_message": "rent", "payee_note": "May"}
        await client.disbursement.transfer(
            REFERENCE, Money(Decimal(5), "EUR"), Msisdn("46733123999"), callback_url=url, **texts
        )
        await shop.rung.wait()
    await server.stop()

    (callback,) = shop.heard
    assert callback.reference_id == REFERENCE
    assert callback.notice.status == Status.SUCCESSFUL
