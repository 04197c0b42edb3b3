"""What nobody knows about MTN is a switch: both positions do something, and each is explained."""

from dataclasses import fields

import pytest

from momo.sandbox import Settings
from momo.sandbox.explained import SWITCHES, explanation
from tests.momo.sandbox.world import CALLBACK_URL, World, data, new_id, order

ONGOING = {"partyIdType": "MSISDN", "partyId": "46733123453"}


def test_every_switch_is_explained_and_shown_with_its_default() -> None:
    text = explanation()

    assert set(SWITCHES) == {field.name for field in fields(Settings)}
    assert all(f"{name} = {value}\n      {SWITCHES[name]}" in text for name, value in Settings().as_dict().items())
    assert "mtnuganda" in text
    assert "lose_answer: The request is processed and its answer is lost" in text


@pytest.mark.parametrize(("known", "status"), [(True, 202), (False, 400)])
async def test_the_words_that_steer_refunds_may_be_gone(known: bool, status: int) -> None:
    world = World(refund_words=known)

    assert (await world.refund("5")).status == status
    assert len(world.sandbox.transactions) == known


@pytest.mark.parametrize(("verb", "seen"), [("specified", "PUT"), ("put", "PUT"), ("post", "POST")])
async def test_the_verb_of_callbacks_can_be_chosen(verb: str, seen: str) -> None:
    world = World(callback_verb=verb)
    await world.post("disbursement", "v1_0/transfer", order("payee"), X_Callback_Url=CALLBACK_URL)

    assert [callback.method for callback in world.callbacks()] == [seen]


@pytest.mark.parametrize(
    ("caller", "basic", "bearer"), [("either", 200, 200), ("basic", 200, 401), ("bearer", 401, 200)]
)
async def test_consent_is_asked_for_with_basic_or_bearer(caller: str, basic: int, bearer: int) -> None:
    world = World(consent_caller=caller)
    form = b"login_hint=ID:46733123999/MSISDN&scope=profile&access_type=online"
    path = "/collection/v1_0/bc-authorize"
    target = {"X-Target-Environment": "sandbox"}

    with_basic = await world.send("POST", path, {**world.basic("collection"), **target}, form)
    with_bearer = await world.send("POST", path, await world.bearer("collection"), form)

    assert (with_basic.status, with_bearer.status) == (basic, bearer)


async def test_the_code_of_a_failure_can_be_another() -> None:
    world, reference = World(reasons={"NOT_ENOUGH_FUNDS": "PAYEE_LIMIT_REACHED"}), new_id()
    await world.pay(reference, payee={"partyIdType": "MSISDN", "partyId": "46733123455"})

    assert (await world.status(reference))["reason"]["code"] == "PAYEE_LIMIT_REACHED"


async def test_an_open_transaction_lives_for_ever_or_as_long_as_switched() -> None:
    ever, short, reference = World(), World(pending_lives=300), new_id()
    for world in (ever, short):
        await world.pay(reference, payee=ONGOING)
        await world.clock.sleep(300)

    assert (await ever.status(reference))["status"] == "PENDING"
    assert (await short.status(reference))["reason"]["code"] == "COULD_NOT_PERFORM_TRANSACTION"
    assert len(short.sandbox.ledger.effects) == 0


async def test_a_transaction_that_has_ended_does_not_expire() -> None:
    world, reference = World(pending_lives=300), new_id()
    await world.pay(reference)
    await world.clock.sleep(300)

    assert (await world.status(reference))["status"] == "SUCCESSFUL"


async def test_a_forgotten_reference_id_is_not_found_and_pays_again() -> None:
    world, reference = World(reference_ids_live=60), new_id()
    await world.pay(reference)
    await world.clock.sleep(60)

    assert (await world.get("disbursement", f"v1_0/transfer/{reference}")).status == 404
    assert (await world.pay(reference)).status == 202
    assert len(world.sandbox.ledger.effects_of(reference)) == 2


@pytest.mark.parametrize("reasons", [["A"], {"A": 1}, "A"])
async def test_reasons_are_words_for_words(reasons: object) -> None:
    reply = await World().send("POST", "/_sandbox/settings", body={"reasons": reasons})

    assert (reply.status, data(reply)["error"]) == (400, f"reasons cannot be {reasons!r}")
