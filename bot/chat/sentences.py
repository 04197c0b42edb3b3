"""What the bot says when it says no: a clear sentence and what to do instead. All of it is HTML."""

from collections.abc import Callable
from typing import Any

from bot.chat import stops
from bot.chat.badinput import BadInput, BadReason
from bot.chat.formats import escape, money, quote
from bot.chat.words import state_word
from bot.domain.limits import Scope
from bot.domain.refusals import Refusal, Why

BAD_INPUT: dict[BadReason, str] = {
    BadReason.AMOUNT_MISSING: "The amount is missing.",
    BadReason.AMOUNT_NOT_ASCII: "Please write the amount with the digits 0 to 9.",
    BadReason.AMOUNT_NOT_A_NUMBER: "I cannot read this amount.",
    BadReason.AMOUNT_NEGATIVE: "The amount must be more than nothing, without a minus sign.",
    BadReason.AMOUNT_PLUS_SIGN: "Please write the amount without a plus sign.",
    BadReason.AMOUNT_EXPONENT: "Please write the amount out in digits.",
    BadReason.AMOUNT_UNDERSCORE: "Please write the amount without underscores.",
    BadReason.AMOUNT_ZERO: "The amount must be more than nothing.",
    BadReason.AMOUNT_LEADING_ZERO: "An amount does not begin with 0. Did you type a phone number here?",
    BadReason.AMOUNT_GROUPING: "I cannot tell where the thousands and the decimals are in this amount.",
    BadReason.AMOUNT_TOO_MANY_DECIMALS: "The amount has more decimals than the currency.",
    BadReason.AMOUNT_TOO_LARGE: "This amount is larger than one transaction can be.",
    BadReason.AMOUNT_OTHER_CURRENCY: "This till works in one currency only, and this is another one.",
    BadReason.NUMBER_MISSING: "The phone number is missing.",
    BadReason.NUMBER_NOT_ASCII: "Please write the phone number with the digits 0 to 9.",
    BadReason.NUMBER_LETTERS: "A phone number has digits only.",
    BadReason.NUMBER_OTHER_CHARACTERS: "There is something in this phone number that does not belong there.",
    BadReason.NUMBER_DOUBLE_ZERO: "Please write the number with + or the country code, without 00.",
    BadReason.NUMBER_TOO_SHORT: "This phone number is too short.",
    BadReason.NUMBER_TOO_LONG: "This phone number is too long.",
    BadReason.NUMBER_OTHER_COUNTRY: "This phone number is of another country.",
    BadReason.NUMBER_WRONG_START: "A phone number with country code does not begin like this.",
    BadReason.ORDER_UNCLEAR: "I cannot tell the number, the amount and the note apart. Write each without spaces.",
    BadReason.REFERENCE_MISSING: "The reference is missing: it is on the card of the payment.",
    BadReason.REFERENCE_SHAPE: "This is no reference: it has six letters and digits and is on the card.",
    BadReason.CORRECTION_MISSING: "What really happened? Write it behind the reference.",
    BadReason.RECEIPT_CODE_MISSING: "The receipt's code is missing: it stands on the receipt. Or reply to a receipt.",
    BadReason.RECEIPT_CODE_SHAPE: "This is no receipt's code: it has 26 letters and digits in five groups.",
    BadReason.ROLE_MISSING: "Which role? cashier, admin, auditor or none.",
    BadReason.ROLE_UNKNOWN: "There is no such role: cashier, admin, auditor or none.",
    BadReason.USER_ID_MISSING: "Whose role? Give the person's numeric id, or reply to a message of theirs.",
    BadReason.USER_ID_SHAPE: "A person is named by the numeric id, which the bot tells to whoever writes to it.",
    BadReason.LANGUAGE_UNKNOWN: "I do not speak this language: en or fr.",
    BadReason.PERIOD_MISSING: "For which days? today, yesterday, week, month, or dates.",
    BadReason.PERIOD_SHAPE: "I cannot read these days: today, yesterday, week, month, a month, a day, or from..to.",
    BadReason.PERIOD_NO_SUCH_DAY: "There is no such day in the calendar.",
    BadReason.PERIOD_BACKWARDS: "The first day is later than the last one.",
    BadReason.PERIOD_AHEAD: "These days are still to come.",
    BadReason.PERIOD_TOO_LONG: "These are too many days for one answer.",
}


def bad_input(error: BadInput) -> str:
    """Return what is wrong with typed text, and how it is right."""
    return f"{BAD_INPUT[error.reason]} For example: {quote(error.example)}"


def refusal(error: Refusal) -> str:
    """Return why the desk says no, and what to do instead."""
    return REFUSALS[error.why](error.facts)


def _fixed(sentence: str) -> Callable[[dict[str, Any]], str]:
    return lambda _: sentence


def _no_role(facts: dict[str, Any]) -> str:
    if facts.get("owner"):
        return "This chat is not open as a till. Send /start to open it."
    chat = f" and the chat's id {facts['chat_id']}" if facts.get("chat_id", 0) < 0 else ""
    mine = f"<code>{facts.get('user_id')}</code>"
    return f"This till is not open to you. Its owner can change that with your id {mine}{chat}."


def _already(facts: dict[str, Any]) -> str:
    by = f" (decided by {escape(str(facts['by']))})" if facts.get("by") else ""
    return f"{facts['txn'].short_code} is already {state_word(facts['txn'])}{by}."


def _more_than_left(facts: dict[str, Any]) -> str:
    return f"Only {money(facts['left'])} of {facts['txn'].short_code} is left to refund."


def _not_successful_yet(facts: dict[str, Any]) -> str:
    return f"{facts['txn'].short_code} cannot be refunded: it is {state_word(facts['txn'])}."


def _too_old(facts: dict[str, Any]) -> str:
    return f"This came late, so nothing was done. Send it again if you still want it:\n{quote(str(facts['text']))}"


def _over_limit(facts: dict[str, Any]) -> str:
    limit, again = money(facts["limit"]), f"{facts['again_at']:%H:%M}"
    if facts["scope"] is Scope.TRANSACTION:
        return f"This is more than one transaction may be: {limit}. Ask for less; an owner can change the limit."
    whose = LIMITED[facts["scope"]]
    return f"Over the limit {whose}, {limit} a day: {money(facts['left'])} is left. Ask for less, or from {again} on."


LIMITED = {Scope.PERSON: "of the one who pays", Scope.DESK: "of this till", Scope.PAYEE: "for this receiver"}

REFUSALS: dict[Why, Callable[[dict[str, Any]], str]] = {
    Why.NO_ROLE: _no_role,
    Why.AWAY: _fixed("Your role rests because you left its group. It counts again when you are back in it."),
    Why.ROLE_NOT_ENOUGH: lambda facts: (
        f"Your role here, {escape(str(facts.get('role')))}, does not include this. An owner can change it."
    ),
    Why.NOT_YOUR_CARD: _fixed("This card belongs to somebody else."),
    Why.NOT_AN_APPROVER: _fixed("Only an admin of this till can decide this."),
    Why.OWN_APPROVAL: _fixed("You asked for this yourself: somebody else must decide it."),
    Why.NOBODY_CAN_APPROVE: _fixed(
        "This needs another person's approval, and there is nobody who could be asked. The owner can make somebody"
        " an admin with /role; that person must then send /start to the bot in private."
    ),
    Why.OWNERS_ONLY: _fixed("Only an owner of this bot can do that."),
    Why.OWNER_ROLE_FIXED: _fixed("Owners are named in the bot's settings; their role cannot be changed here."),
    Why.UNKNOWN_REFERENCE: lambda facts: f"There is no {escape(str(facts['reference']))} here.",
    Why.CARD_EXPIRED: _fixed("The time of this card is over. Type the command again."),
    Why.ALREADY_CHOSEN: _fixed("You have chosen already: see the card below."),
    Why.ALREADY: _already,
    Why.STILL_ASKING_NAME: _fixed("Still asking MTN for the name; a few seconds more."),
    Why.NOT_REFUNDABLE_KIND: _fixed("Only money a payer sent on your request can be refunded."),
    Why.TRANSFER_NOT_REFUNDABLE: _fixed(
        "MTN cannot call a transfer back. Ask the person to return it, with /request and their number,"
        " or call MTN's merchant support with the reference."
    ),
    Why.NOT_SUCCESSFUL_YET: _not_successful_yet,
    Why.NOTHING_LEFT: lambda facts: f"Nothing of {facts['txn'].short_code} is left to refund.",
    Why.MORE_THAN_LEFT: _more_than_left,
    Why.NO_RECEIPT: lambda facts: (
        f"There is no receipt of {facts['txn'].short_code}: it is {state_word(facts['txn'])}. Only what went through"
        " has one."
    ),
    Why.MTN_MAY_STILL_KNOW: _fixed(
        "Too early: MTN must have said five times that it does not know it, and fifteen minutes must have passed."
    ),
    Why.DESK_CLOSED: _fixed("This till is closed. An owner can open it again with /start."),
    Why.TOO_OLD: _too_old,
    Why.TOO_MANY_DRAFTS: lambda facts: f"You have {facts['most']} cards waiting. Confirm or cancel one of them first.",
    Why.OVER_LIMIT: _over_limit,
    Why.FROZEN: stops.refusal,
    Why.DISK_NEARLY_FULL: _fixed(
        "The bot's disk is nearly full, so it takes nothing new until somebody makes room. Tell the owner; what is on"
        " its way is followed to its end."
    ),
    Why.NOT_FROZEN: _fixed("Sending is not stopped."),
    Why.AGREED_ALREADY: _fixed("You have agreed already; this needs somebody else, or its time."),
    Why.NOT_OVER_YET: lambda facts: (
        f"{facts['txn'].short_code} is {state_word(facts['txn'])}: only what is over can be corrected."
    ),
    Why.ADMIN_CHAT_IS_NO_DESK: _fixed(
        "This is the admins' chat, not a till. Type this in a till, or open another chat as one with /start."
    ),
}
