"""Faults by name: what the client sees, and whether the money moved."""

import json

import pytest

from momo.errors import ConnectionFailed, ResponseLost
from momo.sandbox import FAULTS
from momo.testing import CLIENT_TIMEOUT
from tests.momo.sandbox.world import World, data, new_id

BALANCE = "v1_0/account/balance"


def moved(world: World) -> int:
    """How many movements of money there were."""
    world.sandbox.timeline.catch_up()
    return len(world.sandbox.ledger.effects)


@pytest.mark.parametrize(
    ("name", "error", "effects"),
    [
        ("refuse_connection", ConnectionFailed, 0),
        ("reset", ResponseLost, 0),
        ("drop_request", ResponseLost, 0),
        ("timeout", ResponseLost, 0),
        ("lose_answer", ResponseLost, 1),
        ("cut_body", ResponseLost, 1),
    ],
)
async def test_a_lost_connection_says_nothing_of_the_money(name: str, error: type, effects: int) -> None:
    world = World()
    world.sandbox.faults.add(name, operation="transfer")

    with pytest.raises(error):
        await world.pay(new_id())

    assert moved(world) == effects


async def test_a_lost_202_that_is_sent_again_moves_money_once() -> None:
    world, reference = World(), new_id()
    world.sandbox.faults.add("lose_answer", operation="transfer")
    with pytest.raises(ResponseLost):
        await world.pay(reference)

    again = await world.pay(reference)

    assert again.status == 409
    assert world.sandbox.requests.count("transfer", reference) == 2
    assert len(world.sandbox.ledger.effects_of(reference)) == 1


@pytest.mark.parametrize(
    ("name", "args", "status", "body"),
    [
        ("status_400", {}, 400, b""),
        ("status_401", {}, 401, b'{"error": "invalid_token"}'),
        ("status_403", {}, 403, b'{"statusCode": 403, "message": "Forbidden"}'),
        ("status_500", {}, 500, b""),
        ("answer", {"status": 202, "body": "null"}, 202, b"null"),
    ],
)
@pytest.mark.parametrize("processed", [False, True])
async def test_a_status_can_come_before_or_after_processing(
    name: str, args: dict[str, object], status: int, body: bytes, processed: bool
) -> None:
    world = World()
    world.sandbox.faults.add(name, operation="transfer", args={**args, "processed": processed})

    reply = await world.pay(new_id())

    assert (reply.status, reply.body) == (status, body)
    assert moved(world) == int(processed)


async def test_a_429_says_when_to_come_again() -> None:
    world = World()
    world.sandbox.faults.add("status_429", operation="transfer", args={"retry_after": 30})

    reply = await world.pay(new_id())

    assert (reply.status, reply.headers["retry-after"]) == (429, "30")
    assert data(reply)["statusCode"] == 429


async def test_the_gateways_401_has_another_shape() -> None:
    world = World()
    world.sandbox.faults.add("status_401", operation="transfer", args={"gateway": True})

    assert data(await world.pay(new_id()))["statusCode"] == 401


async def test_a_500_can_carry_any_code_and_a_503_carries_its_own() -> None:
    world = World()
    world.sandbox.faults.add("error_500_code", operation="transfer", args={"code": "PAYEE_NOT_FOUND"})
    world.sandbox.faults.add("status_503", operation="transfer")

    first, second = await world.pay(new_id()), await world.pay(new_id())

    assert (first.status, data(first)["code"]) == (500, "PAYEE_NOT_FOUND")
    assert (second.status, data(second)["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert moved(world) == 0


async def test_error_after_moves_the_money_and_denies_it() -> None:
    world = World()
    world.sandbox.faults.add("error_after", operation="transfer")

    assert (await world.pay(new_id())).status == 500
    assert moved(world) == 1


async def test_html_200_is_the_firewalls_page_and_moves_nothing() -> None:
    world = World()
    world.sandbox.faults.add("html_200", operation="transfer")

    reply = await world.pay(new_id())

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html")
    assert moved(world) == 0


async def test_a_slow_answer_comes_late_but_the_money_moved_at_once() -> None:
    world, started = World(), 1000.0
    world.sandbox.faults.add("slow", operation="transfer", args={"seconds": 7})

    assert (await world.pay(new_id())).status == 202
    assert world.clock() == started + 7
    assert world.sandbox.ledger.effects[0].at == started


async def test_an_answer_slower_than_the_client_waits_is_lost() -> None:
    world = World()
    world.sandbox.faults.add("slow", operation="transfer", args={"seconds": CLIENT_TIMEOUT + 1})

    with pytest.raises(ResponseLost):
        await world.pay(new_id())

    assert moved(world) == 1


async def test_late_processing_moves_the_money_after_the_client_gave_up() -> None:
    world, reference = World(), new_id()
    world.sandbox.faults.add("late_processing", operation="transfer", args={"seconds": 60})
    with pytest.raises(ResponseLost):
        await world.pay(reference)

    unknown = await world.get("disbursement", f"v1_0/transfer/{reference}")
    await world.clock.sleep(60 - CLIENT_TIMEOUT)

    assert unknown.status == 404
    assert (await world.status(reference))["status"] == "SUCCESSFUL"
    assert world.sandbox.ledger.effects[0].at == 1060.0


async def test_a_late_delivery_after_a_repeat_moves_nothing_more() -> None:
    world, reference = World(), new_id()
    world.sandbox.faults.add("late_processing", operation="transfer", args={"seconds": 60})
    with pytest.raises(ResponseLost):
        await world.pay(reference)

    accepted = await world.pay(reference)
    await world.clock.sleep(60)

    assert accepted.status == 202
    assert moved(world) == 1


@pytest.mark.parametrize("seconds", [0, 30])
async def test_a_duplicate_delivery_answers_202_and_moves_money_once(seconds: float) -> None:
    world = World()
    world.sandbox.faults.add("duplicate_delivery", operation="transfer", args={"seconds": seconds})

    reply = await world.pay(new_id())
    await world.clock.sleep(30)

    assert reply.status == 202
    assert moved(world) == 1


@pytest.mark.parametrize("operation", ["transfer", "balance"])
async def test_truncated_json_cannot_be_decoded(operation: str) -> None:
    world = World()
    world.sandbox.faults.add("truncate", operation=operation)

    reply = await (world.pay(new_id()) if operation == "transfer" else world.get("disbursement", BALANCE))

    assert reply.body
    with pytest.raises(ValueError):
        json.loads(reply.body)


async def test_an_oversized_answer_is_as_long_as_asked() -> None:
    world = World()
    world.sandbox.faults.add("oversized", operation="balance", args={"size": 300_000})

    assert len((await world.get("disbursement", BALANCE)).body) == 300_000


async def test_not_found_for_hides_one_transaction_for_a_while() -> None:
    world, hidden, seen = World(), new_id(), new_id()
    world.sandbox.faults.add("not_found_for", operation="transfer", args={"seconds": 10})
    await world.pay(hidden)
    await world.pay(seen)

    first = [(await world.get("disbursement", f"v1_0/transfer/{ref}")).status for ref in (hidden, seen)]
    await world.clock.sleep(10)

    assert first == [404, 200]
    assert (await world.status(hidden))["status"] == "SUCCESSFUL"


async def test_stale_pending_hides_the_end() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)
    world.sandbox.faults.add("stale_pending", operation="transfer_status")

    stale, fresh = await world.status(reference), await world.status(reference)

    assert (stale["status"], "financialTransactionId" in stale) == ("PENDING", False)
    assert fresh["status"] == "SUCCESSFUL"


async def test_alter_changes_fields_of_an_answer() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)
    args = {"fields": {"status": "ONGOING", "amount": "99"}, "without": ["externalId"]}
    world.sandbox.faults.add("alter", operation="transfer_status", args=args)

    shown = await world.status(reference)

    assert (shown["status"], shown["amount"], "externalId" in shown) == ("ONGOING", "99", False)


async def test_a_rule_lets_some_calls_pass_and_hits_so_many() -> None:
    world = World()
    world.sandbox.faults.add("status_503", operation="balance", skip=1, count=2)

    statuses = [(await world.get("disbursement", BALANCE)).status for _ in range(5)]

    assert statuses == [200, 503, 503, 200, 200]
    assert world.sandbox.faults.rules == ()


async def test_a_rule_can_hit_for_ever() -> None:
    world = World()
    world.sandbox.faults.add("status_503", operation="balance", count=None)

    assert {(await world.get("disbursement", BALANCE)).status for _ in range(5)} == {503}


async def test_a_rule_by_chance_hits_about_so_often_and_the_same_for_a_seed() -> None:
    runs = []
    for _ in range(2):
        world = World()
        world.sandbox.faults.add("status_503", operation="balance", count=None, probability=0.5)
        runs.append([(await world.get("disbursement", BALANCE)).status for _ in range(100)])

    assert runs[0] == runs[1]
    assert 30 < runs[0].count(503) < 70


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"method": "POST"}, True),
        ({"method": "GET"}, False),
        ({"path": "/v1_0/transfer$"}, True),
        ({"path": "/v1_0/deposit"}, False),
        ({"operation": "deposit"}, False),
        ({"reference_id": "11111111-2222-4333-8444-555555555555"}, True),
        ({"reference_id": "99999999-2222-4333-8444-555555555555"}, False),
    ],
)
async def test_a_rule_hits_only_what_it_is_for(match: dict[str, str], hit: bool) -> None:
    world = World()
    await world.bearer("disbursement")
    world.sandbox.faults.add("status_503", **match)

    reply = await world.pay("11111111-2222-4333-8444-555555555555")

    assert (reply.status == 503) is hit


@pytest.mark.parametrize(
    ("name", "changes"),
    [("no_such_fault", {}), ("slow", {"args": {"minutes": 1}}), ("slow", {"path": "("})],
)
async def test_a_rule_that_makes_no_sense_is_refused(name: str, changes: dict[str, object]) -> None:
    world = World()

    with pytest.raises(ValueError):
        world.sandbox.faults.add(name, **changes)

    assert world.sandbox.faults.rules == ()


async def test_every_fault_has_a_description() -> None:
    assert all(fault.__doc__ for fault in FAULTS.values())


async def test_an_alteration_leaves_a_refusal_as_it_is() -> None:
    world = World()
    world.sandbox.faults.add("stale_pending", operation="transfer_status")

    assert (await world.get("disbursement", f"v1_0/transfer/{new_id()}")).status == 404
