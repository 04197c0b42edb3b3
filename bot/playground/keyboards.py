"""Reply markup: inline keyboards, reply keyboards, their removal and forced replies, checked as Telegram does.

Only the shape is checked. What a button does when it is pressed is decided in botapi.py.
"""

from typing import Any

from bot.playground.refusals import bad_request

# Sources: core.telegram.org/bots/api#inlinekeyboardbutton; limits as PTB's constants and Telegram's FAQ give them.
LONGEST_CALLBACK_DATA = 64
LONGEST_COPY_TEXT = 256
MOST_BUTTONS = 100
MOST_BUTTONS_IN_A_ROW = 8
STYLES = {"primary", "success", "danger"}
MARKUPS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


def checked(markup: Any, *, inline_only: bool = False) -> dict[str, Any] | None:
    """Return the reply markup of a call, or None when there is none.

    Raises:
        Refusal: in Telegram's words, when the markup is not one.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if not any(kind in markup for kind in MARKUPS):
        return None
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        return {**markup, "keyboard": _rows(markup["keyboard"], "keyboard", _reply_button)}
    return markup


def _inline(rows: Any) -> dict[str, Any] | None:
    keyboard = _rows(rows, "inline_keyboard", _inline_button)
    if sum(map(len, keyboard)) > MOST_BUTTONS or any(len(row) > MOST_BUTTONS_IN_A_ROW for row in keyboard):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": keyboard} if keyboard else None


def _rows(rows: Any, name: str, check: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    return [[check(button) for button in row] for row in rows if row]


def _reply_button(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    return button


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _bad_button("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _bad_button('Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("button text must be non-empty")
    if button.get("style", "primary") not in STYLES:
        raise _bad_button("invalid button style specified")
    _check_action(button)
    return button


def _check_action(button: dict[str, Any]) -> None:
    if "callback_data" in button:
        _check_callback_data(button["callback_data"])
    elif "url" in button:
        if "://" not in str(button["url"]):
            raise bad_request("BUTTON_URL_INVALID")
    elif "copy_text" in button:
        copied = button["copy_text"].get("text") if isinstance(button["copy_text"], dict) else None
        if not isinstance(copied, str) or not 0 < len(copied) <= LONGEST_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    else:
        raise _bad_button("Text buttons are unallowed in the inline keyboard")


def _check_callback_data(data: Any) -> None:
    if not isinstance(data, str):
        raise _bad_button('Field "callback_data" must be of type String')
    if not 0 < len(data.encode()) <= LONGEST_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _bad_button(what: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {what}")
