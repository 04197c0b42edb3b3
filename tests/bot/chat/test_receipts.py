"""What Telegram's errors mean for a message."""

from datetime import timedelta

import pytest
from telegram import error as telegram

from bot.chat.notifier import receipt_of
from bot.service.delivery import Delivery

MEANING = [
    (telegram.NetworkError("connection reset"), Delivery.MAYBE),
    (telegram.TimedOut(), Delivery.MAYBE),
    (telegram.RetryAfter(7), Delivery.LATER),
    (telegram.ChatMigrated(-1_000_000_005_001), Delivery.MOVED),
    (telegram.Forbidden("Forbidden: bot was blocked by the user"), Delivery.GONE),
    (telegram.Forbidden("Forbidden: bot was kicked from the group chat"), Delivery.GONE),
    (telegram.BadRequest("Chat not found"), Delivery.GONE),
    (telegram.BadRequest("Not enough rights to send text messages to the chat"), Delivery.GONE),
    (telegram.BadRequest("Message is not modified: specified new message content …"), Delivery.NOTHING_TO_DO),
    (telegram.BadRequest("Message is too long"), Delivery.REFUSED),
    (telegram.BadRequest("Can't parse entities: unsupported start tag"), Delivery.REFUSED),
    (telegram.Conflict("terminated by other getUpdates request"), Delivery.LATER),
    (telegram.InvalidToken(), Delivery.LATER),
    (telegram.EndPointNotFound("no such method"), Delivery.MAYBE),
    (telegram.TelegramError("Unknown HTTPError"), Delivery.MAYBE),
]


@pytest.mark.parametrize(
    ("error", "meaning"), MEANING, ids=[f"{type(e).__name__}-{n}" for n, (e, _) in enumerate(MEANING)]
)
def test_every_error_of_telegram_has_its_meaning(error: telegram.TelegramError, meaning: Delivery) -> None:
    assert receipt_of(error).delivery is meaning


def test_a_refusal_is_not_tried_for_ever_though_the_library_calls_it_a_network_error() -> None:
    assert issubclass(telegram.BadRequest, telegram.NetworkError)
    assert receipt_of(telegram.BadRequest("Message text is empty")).delivery is Delivery.REFUSED


@pytest.mark.parametrize("wish", [7, timedelta(seconds=7)])
def test_telegrams_wish_is_kept(wish: int | timedelta) -> None:
    assert receipt_of(telegram.RetryAfter(wish)).retry_after == timedelta(seconds=7)


def test_a_moved_chat_comes_with_its_new_id() -> None:
    assert receipt_of(telegram.ChatMigrated(-1_000_000_005_001)).new_chat_id == -1_000_000_005_001


def test_what_telegram_said_is_kept() -> None:
    assert receipt_of(telegram.BadRequest("Message is too long")).error == "message is too long"
