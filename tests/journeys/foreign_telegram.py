"""A small, honest Telegram Bot API on loopback, written without a line of the project.

It keeps Telegram's promises and refusals that matter to money: held polls, offsets that confirm, one poller at
a time and none beside a webhook, privacy mode in groups, texts and buttons within bounds, an edit that changes
nothing refused. The chats and the people's hands are in `telegram_chats`, what brings updates to a webhook in
`telegram_webhook`, MTN's side in `foreign_momo`.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .telegram_chats import BOT, Json, Message, TelegramChats
from .telegram_text import BrokenHtmlError, shown_text
from .telegram_webhook import BadWebhookError, Courier, Webhook
from .waiting import Bell, Hold

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
# Calls that change nothing a test looks at: taken down and answered with true.
_JUST_TRUE = frozenset(
    {"setMyCommands", "deleteMyCommands", "setMyDescription", "setMyShortDescription"}
    | {"setChatMenuButton", "sendChatAction", "leaveChat"}
)
_CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)

Match = Callable[[str, Json], bool]


class RefusedError(Exception):
    """Telegram's answer with ok=false."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


class ForeignTelegram(TelegramChats):
    """The Bot API's methods over the chats, and calls stopped on their way for tests that kill."""

    def __init__(self, bell: Bell | None = None) -> None:
        self.token = TOKEN
        super().__init__(bell)
        self.calls: list[tuple[str, Json]] = []
        self.conflicts = 0
        self.confirmed = 0
        self.url = ""
        self.polls = 0
        self.open_polls = 0
        self.webhooks_set = 0
        self.courier = Courier(self.bell, self._updates)
        self._holds: list[tuple[Match, bool, Hold]] = []

    def hold(self, match: Match, *, delivered: bool = False) -> Hold:
        """Stop the next call that matches, before it is done or, if `delivered`, before its answer."""
        hold = Hold()
        self._holds.append((match, delivered, hold))
        return hold

    # the server

    async def start(self) -> None:
        app = web.Application(client_max_size=50 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        # A poll whose caller was killed must not live on and meet the next process as a second poller.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._bringing = asyncio.create_task(self.courier.run())

    async def stop(self) -> None:
        self._bringing.cancel()
        await asyncio.gather(self._bringing, return_exceptions=True)
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        method, params = request.match_info["method"], await _params(request)
        try:
            if request.match_info["token"] != self.token:
                raise RefusedError(401, "Unauthorized")
            result = await self._through_holds(method, params)
        except RefusedError as refused:
            self.refusals.append(f"{method}: {refused.description} {params}")
            body = {"ok": False, "error_code": refused.status, "description": refused.description}
            return web.json_response(body, status=refused.status)
        return web.json_response({"ok": True, "result": result})

    async def _through_holds(self, method: str, params: Json) -> Any:
        held = next((h for h in self._holds if h[0](method, params)), None)
        if held:
            self._holds.remove(held)
        if held and not held[1]:
            await held[2].stop_here()
        result = await self._answer(method, params)
        if held and held[1]:
            await held[2].stop_here()
        return result

    async def _answer(self, method: str, params: Json) -> Any:
        if method == "getUpdates":
            return await self._get_updates(params)
        self.calls.append((method, params))
        if method in _JUST_TRUE:
            return True
        handler = getattr(self, f"_on_{method}", None)
        if handler is None:
            raise RefusedError(404, "Not Found")
        result = handler(params)
        self.bell.ring()
        return result

    # the methods

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.courier.webhook:
            self.conflicts += 1
            raise RefusedError(409, _WEBHOOK_SET)
        self.polls += 1
        mine, offset = self.polls, int(params.get("offset") or 0)
        if params.get("allowed_updates") is not None:
            self._allowed = params["allowed_updates"]
        if offset > 0:
            self.confirmed = max(self.confirmed, offset - 1)
            self._updates[:] = [u for u in self._updates if u["update_id"] >= offset]
        elif offset < 0:
            self._updates[:] = self._updates[offset:]
        self.open_polls += 1
        self.bell.ring()
        try:
            await self._something_new(mine, int(params.get("timeout") or 0))
        finally:
            self.open_polls -= 1
            self.bell.ring()
        if self.polls != mine:
            self.conflicts += 1
            raise RefusedError(409, _CONFLICT)
        return self._updates[: int(params.get("limit") or 100)]

    async def _something_new(self, poll: int, timeout: int) -> None:
        with contextlib.suppress(TimeoutError):
            await self.bell.wait_for(lambda: self._updates or self.polls != poll, timeout)

    def _on_getMe(self, params: Json) -> Json:  # noqa: N802 - Telegram's name
        return BOT | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _on_setWebhook(self, params: Json) -> bool:  # noqa: N802
        try:
            self.courier.webhook = Webhook.of(params)
        except BadWebhookError as bad:
            raise RefusedError(400, f"Bad Request: {bad}") from None
        self._allowed = params.get("allowed_updates", self._allowed)
        self.webhooks_set += 1
        return self._drop_if_told(params)

    def _on_deleteWebhook(self, params: Json) -> bool:  # noqa: N802
        self.courier.webhook = None
        return self._drop_if_told(params)

    def _drop_if_told(self, params: Json) -> bool:
        if str(params.get("drop_pending_updates")).lower() == "true":
            self._updates.clear()
        return True

    def _on_getWebhookInfo(self, params: Json) -> Json:  # noqa: N802
        hook = self.courier.webhook or Webhook("", "")
        error = {"last_error_date": int(time.time()), "last_error_message": hook.last_error} if hook.last_error else {}
        waiting = {"has_custom_certificate": False, "pending_update_count": len(self._updates)}
        return {"url": hook.url} | waiting | error

    def _on_getChat(self, params: Json) -> Json:  # noqa: N802
        return self._chat(int(params["chat_id"])) | {"accent_color_id": 0, "max_reaction_count": 11}

    def _on_getChatMember(self, params: Json) -> Json:  # noqa: N802
        user = self._people.get(int(params["user_id"]))
        if user is None:
            raise RefusedError(400, "Bad Request: user not found")
        return {"user": user, "status": "member"}

    def _on_sendMessage(self, params: Json) -> Json:  # noqa: N802
        text = _checked_text(params)
        chat = self._chat(int(params["chat_id"]))
        message = Message(chat["id"], 0, BOT, text, raw=params["text"])
        _put_markup(message, params)
        return self._to_json(self._store(message))

    def _on_sendDocument(self, params: Json) -> Json:  # noqa: N802
        return self._to_json(self._store(self._with_file(params, "document")))

    def _on_sendPhoto(self, params: Json) -> Json:  # noqa: N802
        return self._to_json(self._store(self._with_file(params, "photo")))

    def _with_file(self, params: Json, kind: str) -> Message:
        """Take a file that comes with the call; nothing else is a file here."""
        chat, given = self._chat(int(params["chat_id"])), params.get(kind)
        if not isinstance(given, web.FileField):
            raise RefusedError(400, f"Bad Request: there is no {kind} in the request")
        content = given.file.read()
        if not content:
            raise RefusedError(400, "Bad Request: file must be non-empty")
        caption = shown_text(params.get("caption", ""), params.get("parse_mode"))
        if len(caption.encode("utf-16-le")) // 2 > 1024:
            raise RefusedError(400, "Bad Request: message caption is too long")
        told = {"file_id": f"file-{len(self.messages)}", "file_unique_id": "f", "file_size": len(content)}
        size = {"width": 1, "height": 1}
        extra = {kind: [told | size] if kind == "photo" else told | {"file_name": given.filename}}
        return Message(chat["id"], 0, BOT, caption, file=content, extra=extra)

    def _on_editMessageText(self, params: Json) -> Json:  # noqa: N802
        text, message = _checked_text(params), self._own_message(params)
        before = (message.text, message.raw, message.buttons)
        _put_markup(message, params)
        if before == (text, params["text"], message.buttons):
            raise RefusedError(400, _NOT_MODIFIED)
        message.text, message.raw = text, params["text"]
        message.versions.append((time.monotonic(), text))
        return self._to_json(message) | {"edit_date": int(time.time())}

    def _on_editMessageReplyMarkup(self, params: Json) -> Json:  # noqa: N802
        message = self._own_message(params)
        before = message.buttons
        _put_markup(message, params)
        if before == message.buttons:
            raise RefusedError(400, _NOT_MODIFIED)
        return self._to_json(message) | {"edit_date": int(time.time())}

    def _on_answerCallbackQuery(self, params: Json) -> bool:  # noqa: N802
        press = self.presses.get(str(params["callback_query_id"]))
        if press is None or press.answers:
            raise RefusedError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(str(params.get("text", ""))) > 200:
            raise RefusedError(400, "Bad Request: MESSAGE_TOO_LONG")
        press.answers.append(params)
        return True

    # inside

    def _chat(self, chat_id: int) -> Json:
        if chat_id in self._chats:
            return self._chats[chat_id]
        if chat_id > 0:
            raise RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
        raise RefusedError(400, "Bad Request: chat not found")

    def _own_message(self, params: Json) -> Message:
        key = int(params["chat_id"]), int(params["message_id"])
        for message in self.messages:
            if (message.chat_id, message.message_id) == key and message.by_bot:
                return message
        raise RefusedError(400, "Bad Request: message to edit not found")


async def _params(request: web.Request) -> Json:
    """Telegram takes JSON, a form, or a query; in the last two, nested values are JSON texts."""
    if request.content_type == "application/json":
        return dict(await request.json())
    found: Json = dict(request.query) | dict(await request.post())
    for name in ("reply_markup", "allowed_updates", "reply_parameters", "commands", "scope"):
        if isinstance(found.get(name), str):
            found[name] = json.loads(found[name])
    return found


def _checked_text(params: Json) -> str:
    try:
        text = shown_text(params.get("text", ""), params.get("parse_mode"))
    except BrokenHtmlError as broken:
        raise RefusedError(400, f"Bad Request: can't parse entities: {broken}") from None
    if not text.strip():
        raise RefusedError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise RefusedError(400, "Bad Request: message is too long")
    return text


def _put_markup(message: Message, params: Json) -> None:
    """An edit without a keyboard takes the old one away, as Telegram's does."""
    markup = params.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", [])
    message.buttons = {b["text"]: b["callback_data"] for row in rows for b in row if "callback_data" in b}
    message.force_reply = bool(markup.get("force_reply"))
    if any(not 0 < len(data.encode()) <= 64 for data in message.buttons.values()):
        raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")
