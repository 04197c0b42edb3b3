"""Profiles: MTN's sandbox, and its markets as their users know them. Over raw requests, as everywhere here."""

import pytest

from momo.sandbox import Sandbox
from momo.sandbox.profiles import MARKETS, PROFILES, profile
from momo.testing import SandboxTransport
from tests.momo.sandbox.world import KEYS, World, data, new_id


class Market(World):
    """A world whose sandbox is a market."""

    def __init__(self, name: str, **changes: object) -> None:
        super().__init__()
        self.sandbox = Sandbox(self.clock, seed=1, settings=profile(name).but(changes))
        self.transport = SandboxTransport(self.sandbox, sleep=self.clock.sleep)
        self.users = {product: self.sandbox.provision(product) for product in KEYS}

    async def bearer(self, product: str) -> dict[str, str]:
        target = self.sandbox.settings.target_environment
        return {**await super().bearer(product), "X-Target-Environment": target}


async def test_a_market_takes_its_own_environment_and_no_other() -> None:
    market = Market("mtnuganda")
    headers = {**await market.bearer("disbursement"), "X-Target-Environment": "sandbox"}

    refused = await market.send("GET", "/disbursement/v1_0/account/balance", headers)

    assert data(refused)["code"] == "NOT_ALLOWED_TARGET_ENVIRONMENT"
    assert (await market.get("disbursement", "v1_0/account/balance")).status == 200


@pytest.mark.parametrize("name", MARKETS)
async def test_every_market_takes_its_currency_in_whole_units(name: str) -> None:
    market = Market(name)

    assert (await market.pay(new_id(), currency=MARKETS[name], amount="5")).status == 202
    assert (await market.pay(new_id(), currency="EUR", amount="5")).status == 500


@pytest.mark.parametrize(
    ("name", "decimals", "status"),
    [("mtnuganda", "iso", 400), ("mtnuganda", "2", 202), ("mtnzambia", "iso", 202), ("mtnzambia", "0", 400)],
)
async def test_decimals_are_those_of_the_currency_unless_switched(name: str, decimals: str, status: int) -> None:
    market = Market(name, amount_decimals=decimals)

    assert (await market.pay(new_id(), currency=MARKETS[name], amount="5.50")).status == status


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mtnuganda", "INTERNAL_PROCESSING_ERROR"),
        ("mtnbenin", "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED"),
        ("mtncongo", "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED"),
    ],
)
async def test_too_little_money_does_not_say_so_and_the_reason_is_bare(name: str, code: str) -> None:
    market, reference = Market(name), new_id()
    await market.pay(reference, currency=MARKETS[name], amount="9000000")

    assert (await market.status(reference))["reason"] == code


async def test_the_status_in_a_market_has_no_notes() -> None:
    market, reference = Market("mtnghana"), new_id()
    await market.pay(reference, currency="GHS")

    assert {"payerMessage", "payeeNote"} & set(await market.status(reference)) == set()


async def test_an_empty_note_is_an_internal_error_in_a_market() -> None:
    reply = await Market("mtnghana").pay(new_id(), currency="GHS", payeeNote="")

    assert (reply.status, data(reply)["code"]) == (500, "INTERNAL_PROCESSING_ERROR")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1_0/apiuser"), ("POST", "/v1_0/apiuser/x/apikey"), ("GET", "/v1_0/apiuser/x")]
)
async def test_a_market_makes_no_api_users(method: str, path: str) -> None:
    market = Market("mtnuganda")
    headers = {"Ocp-Apim-Subscription-Key": KEYS["collection"], "X-Reference-Id": new_id()}

    reply = await market.send(method, path, headers, {"providerCallbackHost": "shop.example"})

    assert (reply.status, data(reply)["statusCode"]) == (404, 404)


async def test_one_api_user_and_one_wallet_serve_all_products_of_a_market() -> None:
    market = Market("mtnuganda")
    market.users["disbursement"] = market.users["collection"]
    await market.pay(new_id(), currency="UGX", amount="1000")

    assert await market.balance("collection") == "999000"


async def test_payments_out_are_refused_unread_where_the_address_is_not_on_the_list() -> None:
    market = Market("mtnsouthafrica", disbursement_writes=False)

    written = [await market.pay(new_id(), currency="ZAR"), await market.pay(new_id(), "v1_0/deposit", nonsense="")]

    assert [(reply.status, data(reply)) for reply in written] == [
        (403, {"statusCode": 403, "message": "Forbidden"})
    ] * 2
    assert (await market.get("disbursement", "v1_0/account/balance")).status == 200
    assert (await market.request(new_id(), currency="ZAR")).status == 202
    assert len(market.sandbox.transactions) == 1


def test_a_profile_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"mtnmars.*sandbox, mtnbenin"):
        profile("mtnmars")
    assert [profile(name).target_environment for name in PROFILES] == list(PROFILES)
