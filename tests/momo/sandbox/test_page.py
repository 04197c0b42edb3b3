"""The page at /_sandbox/: what it shows, and that it runs nothing of what it shows."""

from tests.momo.sandbox.world import CALLBACK_URL, World, new_id, order


async def page(world: World) -> str:
    reply = await world.send("GET", "/_sandbox/")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return reply.body.decode()


async def test_an_empty_sandbox_shows_its_accounts_and_nothing_else() -> None:
    text = await page(World())

    assert "<td>disbursement</td><td>1000000</td><td>EUR</td>" in text
    assert text.count("<p>None.</p>") == 3


async def test_transactions_callbacks_and_faults_are_on_it_the_youngest_first() -> None:
    world, first, second = World(), new_id(), new_id()
    await world.post("disbursement", "v1_0/transfer", order("payee"), first, X_Callback_Url=CALLBACK_URL)
    await world.pay(second, payee={"partyIdType": "MSISDN", "partyId": "46733123450"})
    world.callbacks()
    world.sandbox.faults.add("slow", operation="transfer", count=None)

    text = await page(world)

    assert text.index(second) < text.index(first)
    assert "<td>FAILED</td><td>INTERNAL_PROCESSING_ERROR</td>" in text
    assert f"<td>PUT</td><td>{CALLBACK_URL}</td>" in text
    assert "<td>slow</td><td>transfer</td><td>ever</td>" in text


async def test_a_wallet_that_is_shared_is_shown_once() -> None:
    assert (await page(World(shared_wallet=True))).count("<td>1000000</td>") == 1


async def test_what_came_from_outside_is_escaped() -> None:
    world = World()
    world.sandbox.callbacks.forge("https://shop.example/<script>alert(1)</script>", {"a": "<img src=x>"})
    world.callbacks()

    text = await page(world)

    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "<img" not in text


async def test_it_loads_itself_again_and_allows_no_script() -> None:
    world = World()
    reply = await world.send("GET", "/_sandbox/")

    assert b'http-equiv="refresh"' in reply.body
    assert "default-src 'none'" in reply.headers["content-security-policy"]


async def test_looking_brings_the_transactions_up_to_now() -> None:
    world = World(settle_after=5)
    await world.pay(new_id())
    await world.clock.sleep(5)

    assert "<td>SUCCESSFUL</td>" in await page(world)
