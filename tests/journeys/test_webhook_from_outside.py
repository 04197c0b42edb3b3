"""Updates brought by Telegram's webhook: none is lost and none is done twice, whatever ends in between."""

import io
import re
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.support import deployment

from .harness import PAYEE, Desk, World, open_world, shows
from .telegram_webhook import SECRET_HEADER

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

SECRET = "s" * 20 + "-_" + "3" * 20
WEBHOOK = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET}
PATH = "/telegram/webhook"
LARGEST = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("webhook"), **WEBHOOK) as opened:
        yield opened


async def asked(world: World, method: str, path: str, secret: str = SECRET, body: bytes = b"{}") -> int:
    """Call the bot as anybody in the world can; return the status."""
    url, headers = f"http://127.0.0.1:{world.port}{path}", {SECRET_HEADER: secret}
    async with aiohttp.request(method, url, data=io.BytesIO(body), headers=headers) as answer:
        return answer.status


def drafts(desk: Desk, amount: int) -> int:
    """Count the payments of this amount on cards; after a kill the card of one may have come twice."""
    texts = (m.text for m in desk.messages if shows(amount)(m.text))
    return len({found[1] for text in texts if (found := re.search(r"Reference: (\w+)", text))})


def secrets_in_files(world: World) -> dict[str, str]:
    """Put each secret into a file as compose.yaml does; return the settings that say so instead of the secrets."""
    folder, given = world.directory / "secrets", world.environment() | WEBHOOK
    folder.mkdir()
    settings = {}
    for name, path in deployment.secret_files(deployment.COMPOSE, deployment.WEBHOOK).items():
        file = folder / Path(path).name
        file.write_text(given[name] + "\n")
        settings |= {name: "", f"{name}_FILE": str(file)}
    return settings


async def test_the_door_opens_for_telegram_alone(world: World) -> None:
    update, too_large = b'{"update_id": 1}', b" " * (LARGEST + 1)

    assert [await asked(world, "POST", PATH, secret, update) for secret in ("", "guess", SECRET + "x")] == [403] * 3
    assert await asked(world, "POST", PATH, "guess", too_large) == 403
    assert await asked(world, "POST", PATH, SECRET, too_large) == 413
    assert [await asked(world, method, PATH) for method in ("GET", "PUT", "DELETE")] == [405] * 3
    assert [await asked(world, "POST", path) for path in ("/", PATH + "/", "/telegram", "/momo")] == [404] * 4
    assert world.telegram.polls == 0


async def test_an_update_whose_answer_was_lost_is_brought_again_and_done_once(world: World) -> None:
    desk = await world.open_desk()
    world.telegram.courier.lost = 1
    update = desk.say(f"/pay {PAYEE} 91 books")

    await desk.card(91)
    await desk.settled()
    assert world.telegram.courier.statuses(update) == [200, 200]
    assert drafts(desk, 91) == 1


async def test_an_update_that_cannot_be_stored_is_not_taken_and_comes_again(world: World) -> None:
    desk = await world.open_desk()
    await desk.settled()
    resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, (4096, 4096))
    update = desk.say(f"/pay {PAYEE} 92 books")
    refused = world.telegram.courier.statuses
    await world.telegram.wait_for(lambda: refused(update))
    assert refused(update)[0] == 500
    assert await world.bot.ended(30) == 1

    await world.start_bot()
    await desk.card(92)
    assert refused(update)[-1] == 200
    assert drafts(desk, 92) == 1


async def test_switching_between_the_two_ways_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        telegram, desk = world.telegram, await world.open_desk()
        fetched = desk.say(f"/pay {PAYEE} 93 fetched but not confirmed to Telegram")
        confirming = telegram.hold(lambda name, given: name == "getUpdates" and int(given["offset"]) > fetched)
        await desk.card(93)
        await confirming.arrived.wait()
        assert await asked(world, "POST", PATH) == 404
        await world.bot.kill()
        desk.say(f"/pay {PAYEE} 94 said between polling and webhook")

        world.settings |= WEBHOOK | secrets_in_files(world)
        await world.start_bot()
        await desk.card(94)
        assert telegram.courier.statuses(fetched) == [200]
        assert (await world.command("check")).code == 0
        told = telegram.hold(lambda name, given: name == "sendMessage" and shows(95)(given["text"]))
        stored = desk.say(f"/pay {PAYEE} 95 stored, then killed")
        await telegram.wait_for(lambda: telegram.courier.statuses(stored) == [200])
        await world.bot.kill()
        desk.say(f"/pay {PAYEE} 96 said between webhook and polling")
        told.release.set()

        world.settings["TELEGRAM_MODE"] = "polling"
        await world.start_bot()
        await desk.card(96)
        await desk.card(95)
        await desk.settled()
        assert [drafts(desk, amount) for amount in (93, 94, 95, 96)] == [1, 1, 1, 1]
        assert telegram.conflicts == 0
        assert not any(str(given.get("drop_pending_updates")).lower() == "true" for _, given in telegram.calls)
