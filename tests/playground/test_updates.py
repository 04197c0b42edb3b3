"""Reading updates by polling: what is kept, held, confirmed and refused."""

import asyncio

import pytest

from bot.playground.botapi import BotApi
from bot.playground.refusals import Refusal
from tests.playground.support import MERCHANT, TOKEN, ManualClock, ask, updates, why


def write(api: BotApi, *texts: str) -> None:
    for text in texts:
        api.send_text(MERCHANT, MERCHANT, text)


async def held_poll(api: BotApi, seconds: int = 50) -> asyncio.Task[list[dict[str, object]]]:
    """Begin a poll and return once it waits."""
    poll = asyncio.create_task(api.updates.poll(timeout=seconds))
    await asyncio.sleep(0)
    return poll


async def test_update_ids_rise_by_one_from_the_given_start(clock: ManualClock) -> None:
    api = BotApi(TOKEN, clock, first_update_id=700)
    api.add_user(MERCHANT, "Merchant")
    write(api, "a", "b")

    assert [update["update_id"] for update in await updates(api)] == [700, 701]


async def test_unconfirmed_updates_come_again(api: BotApi) -> None:
    write(api, "a", "b")

    assert await updates(api) == await updates(api)


async def test_an_offset_confirms_and_deletes_what_is_before_it(api: BotApi) -> None:
    write(api, "a", "b")
    last = (await updates(api))[-1]["update_id"]

    assert [update["update_id"] for update in await updates(api, offset=last)] == [last]
    assert len(await updates(api, offset=1)) == 1


async def test_a_negative_offset_keeps_only_the_last(api: BotApi) -> None:
    write(api, "a", "b", "c")

    assert [update["message"]["text"] for update in await updates(api, offset=-2)] == ["b", "c"]
    assert len(await updates(api)) == 2


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (0, 1), (2, 2), (500, 100)])
async def test_a_limit_is_held_between_1_and_100(api: BotApi, limit: int, count: int) -> None:
    write(api, *map(str, range(120)))

    assert len(await updates(api, limit=limit)) == count


async def test_updates_older_than_a_day_are_lost(api: BotApi, clock: ManualClock) -> None:
    write(api, "a")
    clock.seconds += 24 * 3600
    write(api, "b")

    assert [update["message"]["text"] for update in await updates(api)] == ["b"]


async def test_a_held_poll_ends_with_nothing_after_its_timeout(api: BotApi) -> None:
    async with asyncio.timeout(5):
        assert await updates(api, timeout=1) == []


async def test_a_new_update_wakes_a_held_poll(api: BotApi) -> None:
    poll = await held_poll(api)
    assert not poll.done()

    write(api, "a")
    assert len(await poll) == 1


async def test_the_older_of_two_polls_is_ended(api: BotApi) -> None:
    older = await held_poll(api)
    newer = await held_poll(api)

    with pytest.raises(Refusal) as caught:
        await older
    assert caught.value.code == 409
    assert caught.value.description == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    write(api, "a")
    assert len(await newer) == 1


async def test_a_poll_is_refused_while_a_webhook_is_set(api: BotApi) -> None:
    await ask(api, "setWebhook", url="https://example.com/hook")

    sentence = await why(api, "getUpdates")
    assert sentence.startswith("Conflict: can't use getUpdates method while webhook is active")


async def test_setting_a_webhook_ends_a_held_poll(api: BotApi) -> None:
    poll = await held_poll(api)
    await ask(api, "setWebhook", url="https://example.com/hook")

    with pytest.raises(Refusal, match="terminated by setWebhook request"):
        await poll


async def test_unwanted_updates_are_not_even_made(api: BotApi) -> None:
    await updates(api, allowed_updates=["callback_query"])
    write(api, "a")
    await updates(api, allowed_updates=["message"])

    assert await updates(api) == []


async def test_wanted_types_are_remembered(api: BotApi) -> None:
    await updates(api, allowed_updates='["callback_query"]')
    await updates(api)
    write(api, "a")

    assert await updates(api) == []


async def test_an_empty_list_means_the_usual_types(api: BotApi) -> None:
    await updates(api, allowed_updates=["callback_query"])
    await updates(api, allowed_updates=[])
    write(api, "a")

    assert len(await updates(api)) == 1


async def test_an_update_made_by_hand_is_delivered_as_it_is(api: BotApi) -> None:
    number = api.push({"channel_post": {"message_id": 1, "text": "forged"}})

    assert await updates(api) == [{"update_id": number, "channel_post": {"message_id": 1, "text": "forged"}}]
    write(api, "next")
    assert (await updates(api))[-1]["update_id"] == number + 1


async def test_the_wanted_types_must_be_a_list(api: BotApi) -> None:
    sentence = await why(api, "getUpdates", allowed_updates='{"message": true}')

    assert sentence == "Bad Request: can't parse allowed_updates JSON object"
