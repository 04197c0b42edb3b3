"""Groups as they are: topics that close, groups that are upgraded, a bot put out and back, people who block it."""

import asyncio

import pytest

from bot.domain.roles import Role
from bot.playground.events import Event
from bot.store import people
from bot.store.people import EVERY_DESK
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice, all_of

pytestmark = JOURNEY

TOPIC = 7


@pytest.fixture
def forum(town: Town, shop: Shop) -> Shop:
    """A till in a group with topics."""
    town.api.people.chats[shop.chat_id].threads.add(TOPIC)
    return shop


def topics_of(events: list[Event]) -> set[int | None]:
    return {event.data.get("message_thread_id") for event in events}


async def card_in_topic(shop: Shop, text: str) -> Event:
    shop.cashier.type(text, thread_id=TOPIC)
    return await shop.cashier.sees(button="Confirm")


async def test_in_a_topic_answers_refusals_cards_and_ends_stay_there(forum: Shop) -> None:
    since = len(forum.town.api.transcript)
    for line, answer in (("/help", "What you can type"), ("/status ZZZZZZ", "There is no"), ("/pay", "Whom do you")):
        forum.cashier.type(line, thread_id=TOPIC)
        await forum.cashier.sees(answer)
    card = await card_in_topic(forum, "/pay 46733123455 71.01")
    await forum.cashier.press(card, "Confirm")
    await forum.cashier.sees("71.01 EUR", "failed:")
    assert topics_of(forum.cashier.heard(since)) == {TOPIC}


async def test_the_reason_of_a_rejection_comes_in_the_topic_of_the_card(town: Town, forum: Shop) -> None:
    card = await card_in_topic(forum, "/pay 46733123999 171.02")
    await forum.cashier.press(card, "Confirm")
    asked = await forum.admin.sees("Pay 171.02 EUR", button="Reject")
    await forum.admin.press(asked, "Reject")
    await forum.admin.answer("too much", "Why was", "rejected?")
    told = await forum.cashier.sees("says why: too much")
    assert topics_of([told]) == {TOPIC}


@pytest.mark.parametrize(("how", "amount"), [("closed", "71.03"), ("deleted", "71.13")])
async def test_what_a_closed_or_deleted_topic_does_not_take_comes_in_the_group(
    town: Town, forum: Shop, how: str, amount: str
) -> None:
    card = await card_in_topic(forum, f"/pay 46733123999 {amount}")
    group = town.api.people.chats[forum.chat_id]
    if how == "closed":
        group.closed_threads.add(TOPIC)
    else:
        group.threads.discard(TOPIC)
    await forum.cashier.press(card, "Confirm")
    told = await forum.cashier.sees(f"{amount} EUR", "was successful")
    assert topics_of([told]) == {None}
    [link] = [entity["url"] for entity in told.data["entities"] if entity["type"] == "text_link"]
    assert link == f"https://t.me/c/{str(forum.chat_id)[4:]}/{TOPIC}/{card.data['message_id']}"


async def test_a_card_that_went_with_its_topic_is_shown_again_in_the_group(town: Town, forum: Shop) -> None:
    card = await card_in_topic(forum, "/pay 46733123999 71.04")
    message = town.api.messages.find(forum.chat_id, card.data["message_id"])
    assert message is not None
    forum.cashier.since = len(town.api.transcript)
    query = town.api.press(forum.cashier.user_id, forum.chat_id, message.message_id, "Confirm")
    town.api.messages.delete(message)
    town.api.people.chats[forum.chat_id].threads.discard(TOPIC)
    await town.until(query.answered())
    shown = await forum.cashier.sees("Pay 71.04 EUR")
    assert (shown.kind, topics_of([shown])) == ("message", {None})


async def test_news_come_in_the_topic_in_which_the_till_was_opened(forum: Shop) -> None:
    forum.owner.type("/start", thread_id=TOPIC)
    await forum.owner.sees("is open as a till")
    forum.owner.type("/freeze a test")
    assert topics_of([await forum.owner.sees("Sending is stopped by")]) == {TOPIC}
    for person in (forum.owner, forum.admin):
        person.type("/thaw")
    assert topics_of([await forum.owner.sees("Sending goes on")]) == {TOPIC}


async def test_an_end_is_a_reply_to_its_card_however_far_that_has_scrolled_away(town: Town, shop: Shop) -> None:
    town.sandbox.settings.settle_after = 20.0
    card = await shop.cashier.confirmed("/pay 46733123999 71.05")
    for _ in range(5):
        shop.cashier.type("/help")
        await shop.cashier.sees("What you can type")
    town.sandbox.settings.settle_after = 0.0
    told = await shop.cashier.sees("71.05 EUR", "was successful")
    assert told.data["reply_to_message"]["message_id"] == card.data["message_id"]


# --- the group is upgraded


async def upgraded(town: Town, shop: Shop) -> Voice:
    """Upgrade the shop's group; return the cashier in the new chat."""
    since = len(town.api.transcript)
    town.api.migrate(shop.chat_id)
    new = shop.cashier.elsewhere(-1_000_000_000_000 + shop.chat_id)
    new.since = since
    return new


async def test_a_question_that_is_open_is_asked_again_in_the_new_chat(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    shop.cashier.type("/pay")
    await shop.cashier.answer("46733123999", "Whom do you want to pay?")
    await shop.cashier.sees("How much, in EUR?")
    cashier = await upgraded(town, shop)
    await cashier.answer("72.01", "How much, in EUR?")
    await cashier.answer("/skip", "A note")
    card = await cashier.sees("Pay 72.01 EUR", "46733123999", button="Confirm")
    await cashier.press(card, "Confirm")
    await cashier.sees("72.01 EUR", "was successful")


async def test_a_request_for_approval_made_before_an_upgrade_is_decided_after_it(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    await shop.cashier.confirmed("/pay 46733123999 172.02")
    asked = await shop.admin.sees("Pay 172.02 EUR", button="Approve")
    cashier = await upgraded(town, shop)
    await cashier.sees("Waiting for approval until")
    await shop.admin.press(asked, "Approve")
    await cashier.sees("172.02 EUR", "was successful")


# --- the bot is put out and comes back


async def test_a_bot_that_is_put_back_says_how_the_till_is_opened_and_goes_on_as_before(town: Town, shop: Shop) -> None:
    shop.admin.elsewhere(shop.chat_id).type("/notify sound off")
    await shop.cashier.sees("Sound: off")
    town.api.kick(shop.chat_id, by=OWNER)
    await shop.admin.sees("I was put out of Corner shop")
    shop.owner.since = len(town.api.transcript)
    town.api.invite(shop.chat_id, by=OWNER)
    await shop.owner.sees("I am back. Corner shop is closed")
    shop.owner.type("/start")
    await shop.owner.sees("is open as a till")
    shop.cashier.type("/notify")
    await shop.cashier.sees("Sound: off")
    await shop.cashier.done("/pay 46733123999 73.01")


async def test_what_was_on_its_way_when_the_bot_was_put_out_is_told_the_owner(town: Town, shop: Shop) -> None:
    owner = await town.starts(shop.owner)
    town.sandbox.settings.settle_after = 20.0
    await shop.cashier.confirmed("/pay 46733123999 73.02")
    await shop.cashier.sees("MTN is working on it")
    town.api.kick(shop.chat_id, by=OWNER)
    town.sandbox.settings.settle_after = 0.0
    await owner.sees("Corner shop takes no messages", "73.02 EUR", "was successful")


# --- people


async def test_who_has_neither_username_nor_language_is_served_like_anybody(town: Town, shop: Shop) -> None:
    person = town.api.people.users[shop.cashier.user_id]
    person.username = person.language_code = None
    assert await shop.cashier.done("/pay 46733123999 74.01")
    private = await town.starts(shop.cashier)
    assert await private.done("/pay 46733123999 74.02")


async def test_that_somebody_who_works_here_blocked_the_bot_is_told_the_admins_once(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    town.sandbox.settings.settle_after = 20.0
    await private.confirmed("/pay 46733123999 74.03")
    await private.sees("MTN is working on it")
    shop.admin.since = len(town.api.transcript)
    town.api.block(private.user_id)
    await shop.admin.sees("Cashier", "has blocked me")
    town.sandbox.settings.settle_after = 0.0
    owner = await town.starts(shop.owner)
    await owner.sees("Cashier takes no messages", "74.03 EUR", "was successful")
    await town.forward(minutes=5)
    assert len([event for event in shop.admin.heard() if "has blocked me" in event.text]) == 1


async def test_a_stranger_who_blocks_the_bot_is_nobodys_news(town: Town, shop: Shop) -> None:
    stranger = Voice(town, town.person(), 0)
    stranger.chat_id = stranger.user_id
    stranger.type("/start")
    await stranger.sees("not open to you")
    since = len(town.api.transcript)
    town.api.block(stranger.user_id)
    shop.owner.type("/help")
    await shop.owner.sees("What you can type")
    assert not [event for event in shop.admin.heard(since) if "blocked" in event.text]


async def test_of_two_admins_who_press_at_once_the_loser_is_told_who_was_first(town: Town, shop: Shop) -> None:
    second = Voice(town, (await town.hire(shop, Role.ADMIN, name="Second")).user_id, ADMINS)
    await town.store.tx(lambda tx: people.grant(tx, second.user_id, EVERY_DESK, Role.ADMIN, OWNER))
    await shop.cashier.confirmed("/pay 46733123999 174.05")
    asked = await shop.admin.sees("Pay 174.05 EUR", button="Approve")
    answers = await all_of(shop.admin.press(asked, "Approve"), second.press(asked, "Reject"))
    won = [answer for answer in answers if answer in ("Approved.", "Rejected.")]
    [lost] = [answer for answer in answers if answer not in won]
    first = "Admin" if "Approved." in won else "Second"
    assert len(won) == 1
    assert f"(decided by {first})" in lost


async def test_who_presses_after_another_cancelled_is_told_by_whom(shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 74.06")
    await shop.owner.press(card, "Cancel")
    assert "already cancelled (decided by Owner)" in await shop.cashier.press(card, "Confirm")


async def test_privacy_mode_hides_no_answer_to_a_question_of_the_bots(town: Town, shop: Shop) -> None:
    assert town.api.privacy
    shop.cashier.type("/pay")
    await shop.cashier.answer("46733123999", "Whom do you want to pay?")
    await shop.cashier.answer("74.07", "How much, in EUR?")
    await shop.cashier.answer("/skip", "A note")
    await shop.cashier.sees("Pay 74.07 EUR", button="Confirm")
    shop.cashier.type("a word to the others, which the bot never sees")
    await asyncio.sleep(0)
    await shop.cashier.hears_nothing_until()
