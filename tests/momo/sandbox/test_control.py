"""The control routes: how a test outside the process looks in and steers."""

import pytest

from tests.momo.sandbox.world import CALLBACK_URL, World, data, new_id, order


async def test_transactions_are_listed_as_mtn_would_show_them() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)

    [shown] = (await world.control("GET", "transactions"))["transactions"]

    assert (shown["referenceId"], shown["operation"]) == (reference, "transfer")
    assert (shown["status"], shown["amount"], shown["product"]) == ("SUCCESSFUL", "12.5", "disbursement")


async def test_effects_prove_that_money_moved_once() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)
    await world.pay(reference)

    shown = await world.control("GET", "effects")

    assert [(effect["referenceId"], effect["change"]) for effect in shown["effects"]] == [(reference, "-12.5")]
    assert shown["balances"]["disbursement"] == "999987.5"


async def test_requests_are_counted_by_operation_path_and_reference_id() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)
    await world.pay(reference)
    await world.status(reference)

    shown = await world.control("GET", "requests")

    assert shown["byOperation"] == {"token": 1, "transfer": 2, "transfer_status": 1}
    assert shown["byPath"]["POST /disbursement/v1_0/transfer"] == 2
    assert shown["byReferenceId"] == {reference: {"transfer": 2, "transfer_status": 1}}
    first, second = shown["last"][1:3]
    assert (first["status"], second["status"]) == (202, 409)
    assert first["bodySha256"] == second["bodySha256"]


async def test_control_calls_are_not_counted_and_not_hit_by_faults() -> None:
    world = World()
    world.sandbox.faults.add("status_503", count=None)

    shown = await world.control("GET", "requests")

    assert shown["byOperation"] == {}


async def test_a_fault_is_added_listed_and_cleared() -> None:
    world = World()
    rule = {"name": "slow", "match": {"operation": "transfer"}, "count": None, "args": {"seconds": 0.5}}

    added = await world.control("POST", "faults", rule)
    cleared = await world.control("DELETE", "faults")

    assert [(rule["name"], rule["match"]["operation"]) for rule in added["rules"]] == [("slow", "transfer")]
    assert "lose_answer" in added["names"]
    assert cleared["rules"] == []
    assert world.sandbox.faults.rules == ()


async def test_a_fault_added_by_control_hits() -> None:
    world = World()
    await world.control("POST", "faults", {"name": "slow", "args": {"seconds": 0.5}})

    await world.bearer("disbursement")

    assert world.clock() == 1000.5


async def test_the_clock_can_be_advanced() -> None:
    world, reference = World(), new_id()
    await world.pay(reference, payee={"partyIdType": "MSISDN", "partyId": "46733123454"})

    await world.control("POST", "clock", {"advance": 25})

    assert (await world.status(reference))["status"] == "SUCCESSFUL"


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ({"status": "SUCCESSFUL"}, None),
        ({"status": "FAILED"}, "INTERNAL_PROCESSING_ERROR"),
        ({"status": "FAILED", "reason": "EXPIRED"}, "EXPIRED"),
    ],
)
async def test_an_open_transaction_can_be_ended(outcome: dict[str, str], reason: str | None) -> None:
    world, reference = World(), new_id()
    body = order("payee", "46733123453")
    await world.post("disbursement", "v1_0/transfer", body, reference, X_Callback_Url=CALLBACK_URL)

    shown = await world.control("POST", f"transactions/{reference}/outcome", outcome)

    assert shown["status"] == outcome["status"]
    assert shown.get("reason", {}).get("code") == reason
    assert len(world.callbacks()) == 1
    assert len(world.sandbox.ledger.effects) == (reason is None)


async def test_a_transaction_forced_to_its_end_does_not_end_again() -> None:
    world, reference = World(settle_after=5), new_id()
    await world.pay(reference)

    await world.control("POST", f"transactions/{reference}/outcome", {"status": "SUCCESSFUL"})
    await world.clock.sleep(5)

    assert (await world.status(reference))["status"] == "SUCCESSFUL"
    assert len(world.sandbox.ledger.effects) == 1


async def test_an_end_never_changes() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)

    path = f"/_sandbox/transactions/{reference}/outcome"
    reply = await world.send("POST", path, body={"status": "FAILED"})

    assert reply.status == 400
    assert (await world.status(reference))["status"] == "SUCCESSFUL"


async def test_an_end_is_successful_or_failed() -> None:
    world, reference = World(settle_after=5), new_id()
    await world.pay(reference)

    path = f"/_sandbox/transactions/{reference}/outcome"
    reply = await world.send("POST", path, body={"status": "ONGOING"})

    assert reply.status == 400
    assert not world.sandbox.transactions[reference].is_final


async def test_settings_are_shown_and_changed() -> None:
    world = World()

    shown = await world.control("POST", "settings", {"settle_after": 1.5, "callback_mode": "twice"})

    assert (shown["settle_after"], shown["callback_mode"]) == (1.5, "twice")
    assert (await world.control("GET", "settings")) == shown


@pytest.mark.parametrize(
    "changes",
    [
        {"no_such": 1},
        {"settle_after": "soon"},
        {"settle_after": -1},
        {"settle_after": True},
        {"shared_wallet": 1},
        {"callback_mode": "often"},
        {"opening_balance": "much"},
        {"currency": 7},
    ],
)
async def test_a_setting_that_makes_no_sense_changes_nothing(changes: dict[str, object]) -> None:
    world = World()
    before = world.sandbox.settings.as_dict()

    reply = await world.send("POST", "/_sandbox/settings", body={"delayed_after": 3, **changes})

    assert reply.status == 400
    assert data(reply)["error"]
    assert world.sandbox.settings.as_dict() == before


async def test_a_callback_can_be_forged_and_is_listed() -> None:
    world = World()
    forged = {"url": CALLBACK_URL, "body": {"status": "SUCCESSFUL"}, "method": "POST"}

    await world.control("POST", "callbacks/forge", forged)
    world.callbacks()

    [shown] = (await world.control("GET", "callbacks"))["callbacks"]
    assert (shown["method"], shown["url"], shown["status"]) == ("POST", CALLBACK_URL, None)


async def test_a_user_can_be_provisioned_in_one_call() -> None:
    world = World()

    made = await world.control("POST", "provision", {"product": "collection", "callback_host": "shop.example"})

    assert world.sandbox.access.users[made["apiUser"]].api_key == made["apiKey"]


async def test_a_reset_forgets_everything_but_settings_and_clock() -> None:
    world = World(settle_after=5)
    await world.pay(new_id())
    world.sandbox.faults.add("slow", operation="transfer")

    await world.control("POST", "reset")
    await world.clock.sleep(5)

    assert not world.sandbox.transactions
    assert not world.sandbox.ledger.effects
    assert (world.sandbox.faults.rules, world.sandbox.requests.count()) == ((), 0)
    assert world.sandbox.settings.settle_after == 5


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "clock", b"no json"),
        ("POST", "clock", b"[]"),
        ("POST", "clock", b"{}"),
        ("POST", "clock", b'{"advance": -1}'),
        ("POST", "clock", b'{"advance": null}'),
        ("POST", "faults", b'{"name": "no_such"}'),
        ("POST", "faults", b'{"name": "slow", "match": {"weather": "bad"}}'),
        ("POST", "transactions/unknown/outcome", b'{"status": "FAILED"}'),
        ("POST", "provision", b'{"product": "mints"}'),
    ],
)
async def test_nonsense_is_a_400_with_a_sentence(method: str, path: str, body: bytes) -> None:
    reply = await World().send(method, f"/_sandbox/{path}", body=body)

    assert reply.status == 400
    assert data(reply)["error"]


async def test_the_index_names_every_route_and_an_unknown_one_is_a_404() -> None:
    world = World()

    index = "\n".join((await world.control("GET", "routes"))["routes"])

    assert "/_sandbox/effects" in index
    assert (await world.send("GET", "/_sandbox/nothing")).status == 404
