"""The methods by which the bot writes: sending, editing, deleting, answering a press.

One function per method, called with the state and the parameters; each returns the ``result`` of the answer
or raises a Refusal. The table of all methods is in methods.py.
"""

from typing import Any

from bot.playground import entities, keyboards
from bot.playground.botapi import BotApi, CallbackAnswer
from bot.playground.messages import Message
from bot.playground.parameters import Parameters, Upload
from bot.playground.people import Chat
from bot.playground.refusals import bad_request, too_large

# Sources: core.telegram.org/bots/api, each method by its name; limits as PTB's constants give them.
LONGEST_CAPTION = 1024
LARGEST_FILE = 50 * 1024 * 1024
LONGEST_ANSWER = 200
ANSWER_SECONDS = 15  # Telegram gives no figure; bots that answered later than this were refused
DELETE_SECONDS = 48 * 60 * 60
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
CHAT_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"}
    | {"choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)


def send_message(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Send a text."""
    chat = _writable(api, given)
    return _send(api, given, chat, _text(given))


def send_document(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Send a file, uploaded with the call or known from before."""
    chat = _writable(api, given)
    file_id, upload = _file(api, given, "document")
    document = {**_described(file_id, upload), "file_name": upload.filename, "mime_type": upload.content_type}
    return _send(api, given, chat, {"document": document, **_caption(given)})


def send_photo(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Send a picture; its size is not measured."""
    chat = _writable(api, given)
    file_id, upload = _file(api, given, "photo")
    photo = {**_described(file_id, upload), "width": 800, "height": 600}
    return _send(api, given, chat, {"photo": [photo], **_caption(given)})


def edit_message_text(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Change the words of one of the bot's messages; a keyboard that is not given again goes."""
    message = _editable(api, given)
    content, markup = _text(given), _inline_markup(given)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(api, message, content, markup)


def edit_message_caption(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Change the caption of one of the bot's files."""
    message = _editable(api, given)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return _change(api, message, kept | _caption(given), _inline_markup(given))


def edit_message_reply_markup(api: BotApi, given: Parameters) -> dict[str, Any]:
    """Change or remove the buttons under one of the bot's messages."""
    message = _editable(api, given)
    return _change(api, message, message.content, _inline_markup(given))


def delete_message(api: BotApi, given: Parameters) -> bool:
    """Delete a message: the bot's own, a person's in a private chat, or any where the bot is an admin."""
    chat = _writable(api, given)
    message = api.messages.find(chat.id, given.message_id())
    if message is None:
        raise bad_request("message to delete not found")
    own = message.sender.id == api.bot.id
    if not (own or chat.is_private or chat.bot == "administrator"):
        raise bad_request("message can't be deleted")
    if api.clock() - message.date > DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    api.messages.delete(message)
    deleted = {"chat": chat.as_json(), "message_id": message.message_id}
    api.log.add("delete", deleted, chat_id=chat.id, by_bot=True)
    return True


def answer_callback_query(api: BotApi, given: Parameters) -> bool:
    """Answer a button press, once and soon."""
    query = api.queries.get(given.text("callback_query_id"))
    if query is None or query.answer is not None or api.clock() - query.made_at > ANSWER_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    text = given.text("text")
    if len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query.close(CallbackAnswer(text, given.flag("show_alert")))
    answer = {"id": query.id, "user_id": query.user.id, "text": text, "show_alert": given.flag("show_alert")}
    api.log.add("answer", answer, chat_id=query.message.chat.id, by_bot=True)
    return True


def send_chat_action(api: BotApi, given: Parameters) -> bool:
    """Show that the bot is typing, or the like."""
    chat = _writable(api, given)
    action = given.text("action")
    if action not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    api.log.add("action", {"chat": chat.as_json(), "action": action}, chat_id=chat.id, by_bot=True)
    return True


def _writable(api: BotApi, given: Parameters) -> Chat:
    return api.people.writable(given.chat_id())


def _send(api: BotApi, given: Parameters, chat: Chat, content: dict[str, Any]) -> dict[str, Any]:
    markup = keyboards.checked(given.data("reply_markup", "reply keyboard markup"))
    reply_to, thread_id = _reply(api, given, chat), _thread(given, chat)
    if api.limits is not None:
        api.limits.count(chat.id)
    message = api.new_bot_message(chat, content)
    message.markup, message.reply_to, message.thread_id = markup, reply_to, thread_id
    message.silent = given.flag("disable_notification")
    return api.post_as_bot(message).as_json()


def _text(given: Parameters) -> dict[str, Any]:
    formatted = entities.parse(given.text("text"), given.text("parse_mode"))
    if not formatted.text:
        raise bad_request("message text is empty")
    if entities.utf16_units(formatted.text) > entities.LONGEST_TEXT:
        raise bad_request("message is too long")
    return _named("text", "entities", formatted)


def _caption(given: Parameters) -> dict[str, Any]:
    formatted = entities.parse(given.text("caption"), given.text("parse_mode"))
    if entities.utf16_units(formatted.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return _named("caption", "caption_entities", formatted) if formatted.text else {}


def _named(text: str, marks: str, formatted: entities.Formatted) -> dict[str, Any]:
    return {text: formatted.text} | ({marks: formatted.entities} if formatted.entities else {})


def _reply(api: BotApi, given: Parameters, chat: Chat) -> Message | None:
    asked = given.data("reply_parameters", "reply parameters")
    if asked is not None and not isinstance(asked, dict):
        raise bad_request("object expected as reply parameters")
    old_style = {"message_id": given.integer("reply_to_message_id")}
    chosen = asked or {**old_style, "allow_sending_without_reply": given.flag("allow_sending_without_reply")}
    if not chosen.get("message_id"):
        return None
    message = api.messages.find(chat.id, int(chosen["message_id"]))
    if message is None and not chosen.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _thread(given: Parameters, chat: Chat) -> int | None:
    thread_id = given.integer("message_thread_id")
    if thread_id and thread_id not in chat.threads:
        raise bad_request("message thread not found")
    if thread_id in chat.closed_threads:
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def _editable(api: BotApi, given: Parameters) -> Message:
    chat = _writable(api, given)
    message = api.messages.find(chat.id, given.message_id())
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender.id != api.bot.id:
        raise bad_request("message can't be edited")
    return message


def _inline_markup(given: Parameters) -> dict[str, Any] | None:
    return keyboards.checked(given.data("reply_markup", "reply keyboard markup"), inline_only=True)


def _change(api: BotApi, message: Message, content: dict[str, Any], markup: dict[str, Any] | None) -> dict[str, Any]:
    if content == message.content and markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    if api.limits is not None:
        api.limits.count(message.chat.id)
    message.content, message.markup, message.edit_date = content, markup, api.now()
    api.log.add("edit", message.as_seen(), chat_id=message.chat.id, by_bot=True)
    return message.as_json()


def _file(api: BotApi, given: Parameters, field: str) -> tuple[str, Upload]:
    named = given.text(field)
    upload = given.files.get(named.removeprefix("attach://") if named else field)
    if upload is not None:
        return api.keep_file(upload), upload
    if not named:
        raise bad_request(f"there is no {field} in the request")
    if named not in api.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return named, api.files[named]


def _described(file_id: str, upload: Upload) -> dict[str, Any]:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > LARGEST_FILE:
        raise too_large()
    return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": len(upload.content)}
