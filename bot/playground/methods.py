"""All methods of the playground's Bot API, and how a call becomes an answer.

``answer`` is the door: token, faults, method, refusals. HTTP itself is server.py's business, and the methods
that write messages are in sending.py.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.playground import commands, sending
from bot.playground.botapi import BotApi
from bot.playground.faults import Fault
from bot.playground.parameters import Parameters
from bot.playground.people import Chat
from bot.playground.refusals import Refusal, bad_request, not_found, too_many_requests, unauthorized
from bot.playground.updates import MOST_UPDATES, Webhook

# Source: core.telegram.org/bots/api, each method by its name.
BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP: JSON, or a page of the server in front.

    ``lost`` means that the connection is closed instead, and ``late_seconds`` that the answer waits so long.
    """

    status: int
    body: dict[str, Any] | str
    lost: bool = False
    late_seconds: float = 0


async def call(api: BotApi, method: str, parameters: Parameters) -> Any:
    """Run a method and return its result.

    Raises:
        Refusal: what Telegram refuses.
    """
    chosen = METHODS.get(method.lower())
    if chosen is None:
        raise not_found("method not found")
    result = chosen(api, parameters)
    return await result if inspect.isawaitable(result) else result


async def answer(api: BotApi, token: str, method: str, parameters: Parameters) -> Answer:
    """Return the answer to one call, with the trouble that was ordered for it."""
    if token != api.token:
        refusal = unauthorized() if token.split(":")[0].isdecimal() else not_found()
        return _refused(refusal)
    fault = api.faults.take(method)
    if fault is not None and (instead := _instead_of_processing(fault)) is not None:
        return instead
    try:
        done = Answer(200, {"ok": True, "result": await call(api, method, parameters)})
    except Refusal as refusal:
        done = _refused(refusal)
    lost = fault is not None and fault.name == "drop_after"
    late = fault.seconds if fault is not None and fault.name == "slow" else 0
    return Answer(done.status, done.body, lost, late)


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.code, refusal.as_json())


def _instead_of_processing(fault: Fault) -> Answer | None:
    answers = {
        "flood": _refused(too_many_requests(max(1, round(fault.seconds)))),
        "http_500": _refused(Refusal(500, "Internal Server Error")),
        "html_502": Answer(502, BAD_GATEWAY),
        "drop_before": Answer(500, "", lost=True),
        "no_rights": _refused(bad_request("not enough rights to send documents to the chat")),
    }
    return answers.get(fault.name)


# Reading updates


async def get_updates(api: BotApi, given: Parameters) -> list[dict[str, Any]]:
    """Return new updates, holding the call for up to ``timeout`` seconds."""
    if api.updates.webhook is None:
        api.updates.allow(_allowed_updates(given))
    limit = given.integer("limit")
    offset, timeout = given.integer("offset") or 0, given.integer("timeout") or 0
    return await api.updates.poll(offset, MOST_UPDATES if limit is None else limit, timeout)


def set_webhook(api: BotApi, given: Parameters) -> bool:
    """Have updates posted to an address; an empty one goes back to polling."""
    url = given.text("url")
    connections = given.integer("max_connections") or 40
    webhook = Webhook(url, given.text("secret_token"), connections) if url else None
    return _switch(api, given, webhook)


def delete_webhook(api: BotApi, given: Parameters) -> bool:
    """Go back to polling."""
    return _switch(api, given, None)


def _switch(api: BotApi, given: Parameters, webhook: Webhook | None) -> bool:
    if given.flag("drop_pending_updates"):
        api.updates.clear()
    api.updates.allow(_allowed_updates(given))
    api.updates.set_webhook(webhook)
    return True


def get_webhook_info(api: BotApi, _given: Parameters) -> dict[str, Any]:
    """Return where updates go and how that went."""
    info: dict[str, Any] = {"url": "", "has_custom_certificate": False}
    info["pending_update_count"] = len(api.updates.pending)
    if api.updates.allowed:
        info["allowed_updates"] = sorted(api.updates.allowed)
    webhook = api.updates.webhook
    if webhook is not None:
        info |= {"url": webhook.url, "max_connections": webhook.max_connections}
        if webhook.last_error_date is not None:
            info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error_message}
    return info


def _allowed_updates(given: Parameters) -> list[str] | None:
    kinds = given.data("allowed_updates", "allowed_updates")
    if kinds is not None and not isinstance(kinds, list):
        raise bad_request("can't parse allowed_updates JSON object")
    return kinds


# Who is who


def get_me(api: BotApi, _given: Parameters) -> dict[str, Any]:
    """Return the bot itself."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": not api.privacy}
    return {**api.bot.as_json(), **abilities, "supports_inline_queries": False}


def get_chat(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Return a chat the bot can see."""
    chat = _visible(api, given)
    full = {"accent_color_id": 0, "max_reaction_count": 11}
    return {**chat.as_json(), **full, "accepted_gift_types": _no_gifts()}


def _no_gifts() -> dict[str, bool]:
    names = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return dict.fromkeys(names, False)


def get_chat_member(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Return where a user stands in a chat."""
    chat = _visible(api, given)
    user = api.people.users.get(given.integer("user_id") or 0)
    if user is None:
        raise bad_request("invalid user_id specified")
    return _member(api, chat, user.id)


def get_chat_administrators(api: BotApi, given: Parameters) -> list[dict[str, Any]]:
    """Return the admins of a group."""
    chat = _visible(api, given)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    everybody = [_member(api, chat, user_id) for user_id in [*chat.members, api.bot.id]]
    return [member for member in everybody if member["status"] in {"creator", "administrator"}]


# The rights of an admin that the Bot API always spells out.
ADMIN_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
    *("can_delete_stories", "can_be_edited"),
)


def _member(api: BotApi, chat: Chat, user_id: int) -> dict[str, Any]:
    status = api.people.status(chat, user_id)
    details: dict[str, Any] = {}
    if status == "kicked":
        details = {"until_date": 0}
    if status in {"administrator", "creator"}:
        details = {"is_anonymous": False}
    if status == "administrator":
        details |= dict.fromkeys(ADMIN_RIGHTS, False)
    return {"user": api.people.users[user_id].as_json(), "status": status, **details}


def leave_chat(api: BotApi, given: Parameters) -> bool:
    """Leave a group."""
    chat = _visible(api, given)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    api.move_bot_out(chat)
    return True


def _visible(api: BotApi, given: Parameters) -> Chat:
    return api.people.visible(given.chat_id())


# Command menus


def set_my_commands(api: BotApi, given: Parameters) -> bool:
    """Set the menu of a scope and language."""
    menu = commands.checked_commands(given.data("commands", "commands"))
    return _set_menu(api, given, menu)


def delete_my_commands(api: BotApi, given: Parameters) -> bool:
    """Remove the menu of a scope and language."""
    return _set_menu(api, given, [])


def _set_menu(api: BotApi, given: Parameters, menu: commands.Commands) -> bool:
    scope, language = _scope(given), commands.checked_language(given.text("language_code"))
    if "chat_id" in scope:
        commands.demand_member(api.people.visible(int(scope["chat_id"])), scope)
    api.commands.set(scope, language, menu)
    api.log.add("commands", {"scope": scope, "commands": menu}, by_bot=True)
    return True


def get_my_commands(api: BotApi, given: Parameters) -> commands.Commands:
    """Return the menu of exactly this scope and language."""
    return api.commands.get(_scope(given), given.text("language_code"))


def _scope(given: Parameters) -> dict[str, Any]:
    return commands.checked_scope(given.data("scope", "BotCommandScope"))


# Files


def get_file(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Return where a file can be fetched."""
    file_id = given.text("file_id")
    if file_id not in api.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    size = len(api.files[file_id].content)
    return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": size, "file_path": file_id}


METHODS: dict[str, Callable[[BotApi, Parameters], Any]] = {
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "leavechat": leave_chat,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "getfile": get_file,
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendphoto": sending.send_photo,
    "editmessagetext": sending.edit_message_text,
    "editmessagecaption": sending.edit_message_caption,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": sending.delete_message,
    "answercallbackquery": sending.answer_callback_query,
    "sendchataction": sending.send_chat_action,
}
