"""Balances, the ledger of effects, and when money moves."""

import pytest

from momo.sandbox import Effect
from tests.momo.sandbox.world import World, data, new_id


async def test_a_balance_is_a_string_with_its_currency() -> None:
    world = World()

    whole = data(await world.get("disbursement", "v1_0/account/balance"))
    in_euro = data(await world.get("disbursement", "v1_0/account/balance/EUR"))

    assert whole == in_euro == {"availableBalance": "1000000", "currency": "EUR"}


@pytest.mark.parametrize("currency", ["UGX", "eur"])
async def test_a_balance_in_another_currency_is_a_500(currency: str) -> None:
    reply = await World().get("collection", f"v1_0/account/balance/{currency}")

    assert (reply.status, data(reply)["code"]) == (500, "INVALID_CURRENCY")


async def test_money_that_comes_in_raises_the_collection_account_alone() -> None:
    world = World()

    await world.request(new_id(), amount="12.50")
    await world.request(new_id(), "v2_0/requesttowithdraw", amount="7.50")

    assert await world.balance("collection") == "1000020"
    assert await world.balance("disbursement") == "1000000"


async def test_money_that_goes_out_lowers_the_disbursement_account_alone() -> None:
    world, payment = World(), new_id()
    await world.request(payment, amount="100")

    await world.pay(new_id(), amount="10")
    await world.pay(new_id(), "v2_0/deposit", amount="1")
    await world.refund(payment, amount="0.25")

    assert await world.balance("disbursement") == "999988.75"
    assert await world.balance("collection") == "1000100"
    assert await world.balance("remittance") == "1000000"


async def test_a_shared_wallet_has_one_balance() -> None:
    world = World(shared_wallet=True)

    await world.request(new_id(), amount="100")
    await world.pay(new_id(), amount="30")

    assert await world.balance("collection") == await world.balance("disbursement") == "1000070"


async def test_a_transfer_beyond_the_balance_fails_and_moves_nothing() -> None:
    world, exact, beyond = World(opening_balance="100"), new_id(), new_id()

    await world.pay(beyond, amount="100.01")
    await world.pay(exact, amount="100")

    refused = await world.status(beyond)
    assert (refused["status"], refused["reason"]["code"]) == ("FAILED", "NOT_ENOUGH_FUNDS")
    assert (await world.status(exact))["status"] == "SUCCESSFUL"
    assert await world.balance("disbursement") == "0"


async def test_the_ledger_has_one_effect_for_each_movement() -> None:
    world, reference = World(), new_id()

    await world.pay(reference, amount="12.50")

    [effect] = world.sandbox.ledger.effects
    assert isinstance(effect, Effect)
    assert (effect.reference_id, effect.operation, effect.currency) == (reference, "transfer", "EUR")
    assert (str(effect.amount), str(effect.change)) == ("12.50", "-12.50")
    assert (effect.account, effect.party) == ("disbursement", "46733123999")


async def test_transactions_can_take_time_to_settle() -> None:
    world, reference = World(settle_after=2), new_id()
    await world.pay(reference)

    await world.clock.sleep(1.9)
    before = (await world.status(reference))["status"], len(world.sandbox.ledger.effects)
    await world.clock.sleep(0.1)
    after = (await world.status(reference))["status"], len(world.sandbox.ledger.effects)

    assert (before, after) == (("PENDING", 0), ("SUCCESSFUL", 1))


async def test_a_settlement_seen_late_is_dated_when_it_was_due() -> None:
    world, reference = World(settle_after=2), new_id()
    await world.pay(reference)
    due = world.clock() + 2

    await world.clock.sleep(500)

    assert world.sandbox.transactions[reference].finished_at == due
    assert world.sandbox.ledger.effects[0].at == due


async def test_funds_are_judged_when_a_transaction_settles() -> None:
    world, first, second = World(settle_after=2, opening_balance="100"), new_id(), new_id()
    await world.pay(first, amount="60")
    await world.pay(second, amount="60")

    await world.clock.sleep(2)

    assert [(await world.status(reference))["status"] for reference in (first, second)] == ["SUCCESSFUL", "FAILED"]
    assert await world.balance("disbursement") == "40"


async def test_the_same_seed_gives_the_same_keys_and_ids() -> None:
    first, second, reference = World(), World(), new_id()
    for world in (first, second):
        await world.pay(reference)

    assert first.users == second.users
    assert await first.status(reference) == await second.status(reference)
