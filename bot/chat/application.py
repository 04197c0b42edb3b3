"""Puts PTB together: our transport, our persistence, our handlers; no updater, since updates come from the inbox."""

import asyncio
import contextlib
import re
import warnings
from itertools import chain, repeat
from typing import cast

import structlog
from telegram import BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest
from telegram.warnings import PTBUserWarning

from bot.chat.access import OWN_TEXT, OWN_WORDS
from bot.chat.context import App, Context, Till
from bot.chat.dispatch import ALLOWED_UPDATES
from bot.chat.failures import on_error
from bot.chat.handlers import (
    caps,
    chats,
    desk,
    doctor,
    freezing,
    history,
    languages,
    limits,
    members,
    notify,
    presses,
    receipts,
    replies,
    reports,
    role,
    status,
    trail,
)
from bot.chat.handlers.conversation import conversation
from bot.chat.language import _, later, speak
from bot.chat.persistence import StorePersistence
from bot.chat.transport import AiohttpRequest, Told, tell_nobody

log = structlog.get_logger(__name__)

Request = BaseRequest
# A reference in a message of ours, which Telegram's apps make a link of.
LINKED = re.compile(rf"^{status.LINK.pattern}$")
# Between two tries to reach Telegram, in seconds; the last one for ever.
PAUSES = (1, 2, 5, 10, 30)

# name -> (handler, what the command menu says)
COMMANDS = {
    "start": (desk.start, later("Open this chat as a till, or say hello")),
    "help": (desk.help_, later("What you can type")),
    "balance": (status.balance, later("What is in the accounts")),
    "status": (status.status, later("Where a transaction stands")),
    "why": (status.why, later("Has the money moved? Every step, with its evidence")),
    "history": (history.history, later("What was done, newest first, by any filter")),
    "find": (history.find, later("Look for a name, a number, an amount, a day")),
    "limits": (limits.show, later("What may leave, and what is left today")),
    "cancel": (status.nothing_to_cancel, later("Leave a question")),
    "notify": (notify.notify, later("What this chat is told, and how")),
    "role": (role.role, later("Owners: give or take a role")),
    "receipt": (receipts.receipt, later("A receipt to print or to pass on")),
    "verify": (receipts.verify, later("Whether a receipt is genuine")),
    "report": (reports.report, later("Money in and out of a day, a month or any days")),
    "export": (reports.export, later("All transactions of a period as a table")),
    "audit": (trail.audit, later("Auditors, admins: what was done, and by whom")),
    "freeze": (freezing.freeze_, later("Admins: stop all sending at once")),
    "thaw": (freezing.thaw, later("Admins: agree that sending goes on")),
    "correct": (freezing.correct, later("Admins: say what really happened")),
    "people": (desk.list_people, later("Admins: who has which role")),
    "language": (languages.language, later("In which language I speak to you")),
    "doctor": (doctor.doctor, later("Owners: is everything in order?")),
    "close": (desk.close, later("Owners: shut this till")),
}
MENU = {
    "pay": later("Send money"),
    "request": later("Ask somebody for money"),
    "deposit": later("Put money into somebody's account"),
    "refund": later("Give money back"),
    "contacts": later("Saved numbers"),
} | {name: words for name, (_handler, words) in COMMANDS.items()}


def build(token: str, api_url: str, till: Till, request: Request | None = None, told: Told = tell_nobody) -> App:
    """Return the application, not started: the caller initialises it and feeds it updates.

    *request* carries every call in place of the HTTP to Telegram, of which *told* is told.
    """
    _hush()
    # PTB calls the "type" to make the bot's data: ours exists already.
    types = ContextTypes(context=Context, bot_data=cast("type[Till]", lambda: till))
    app: App = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url.rstrip('/')}/bot")
        .request(request or AiohttpRequest(told=told))
        .get_updates_request(request or AiohttpRequest(1, told=told))
        .context_types(types)
        .persistence(StorePersistence(till.store))
        .updater(None)
        .build()
    )
    _add_handlers(app)
    return app


def _hush() -> None:
    """Silence two warnings by name: both describe what is done here on purpose."""
    warnings.filterwarnings("ignore", "If 'per_message=False', 'CallbackQueryHandler'", PTBUserWarning)
    warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates' instead", PTBUserWarning)


def _add_handlers(app: App) -> None:
    # Before all others; /skip is no command but an answer.
    app.add_handler(CommandHandler("freeze", caps.stop_typed, filters=OWN_WORDS), group=-1)
    app.add_handler(CommandHandler(MENU.keys() - {"freeze"}, caps.typed, filters=OWN_WORDS), group=-1)
    app.add_handler(MessageHandler(OWN_WORDS & filters.Regex(LINKED), caps.typed), group=-1)
    app.add_handler(CallbackQueryHandler(caps.pressed), group=-1)
    app.add_handler(conversation(app))
    # A receipt's QR code opens the bot with a /start of its own.
    app.add_handler(CommandHandler("start", receipts.verify, filters=OWN_WORDS & filters.Regex(receipts.SCANNED)))
    for name, (handler, _words) in COMMANDS.items():
        app.add_handler(CommandHandler(name, handler, filters=OWN_WORDS))
    app.add_handler(MessageHandler(OWN_WORDS & filters.Regex(LINKED), status.linked))
    app.add_handler(CallbackQueryHandler(presses.press))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, chats.migrated))
    coming = filters.StatusUpdate.NEW_CHAT_MEMBERS | filters.StatusUpdate.LEFT_CHAT_MEMBER
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGE & coming, members.came_or_went))
    app.add_handler(ChatMemberHandler(members.member_changed, ChatMemberHandler.CHAT_MEMBER))
    app.add_handler(ChatMemberHandler(members.bot_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(OWN_TEXT & filters.REPLY, replies.reply))
    app.add_handler(MessageHandler(OWN_WORDS & filters.TEXT & filters.ChatType.PRIVATE, replies.words))
    app.add_error_handler(on_error)


async def reach(app: App, webhook_url: str, secret: str) -> None:
    """Sign in to Telegram and say how updates come, trying until it works."""
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            await app.initialize()
            await _introduce(app, webhook_url, secret)
        except InvalidToken:
            log.warning("Telegram does not know this bot: check TELEGRAM_BOT_TOKEN", pause=pause)
        except TelegramError as error:
            log.warning("Telegram is not reached", error=error.message, pause=pause)
        else:
            log.info("telegram reached", bot=app.bot.username)
            return
        await asyncio.sleep(pause)


async def _introduce(app: App, webhook_url: str, secret: str) -> None:
    """Tell Telegram how updates come (without an address, they are fetched) and a command menu for every case.

    What waits at Telegram is kept either way. A refused menu is no reason to stop; the finer ones are in ``menus``.
    """
    bot = app.bot
    if webhook_url:
        await bot.set_webhook(webhook_url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
    else:
        await bot.delete_webhook(drop_pending_updates=False)
    with contextlib.suppress(TelegramError), speak(app.bot_data.policy.language):
        await bot.set_my_commands([BotCommand(name, _(words)) for name, words in MENU.items()])
