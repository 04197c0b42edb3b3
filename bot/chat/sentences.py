"""What the bot says when it says no: a clear sentence and what to do instead. All of it is HTML."""

from collections.abc import Callable
from typing import Any

from bot.chat import phonebook, stops
from bot.chat.badinput import BadInput, BadReason
from bot.chat.formats import escape, money, quote
from bot.chat.language import _, later, ngettext
from bot.chat.words import role_word, state_word
from bot.domain.limits import Scope
from bot.domain.refusals import Refusal, Why

BAD_INPUT: dict[BadReason, str] = {
    BadReason.AMOUNT_MISSING: later("The amount is missing."),
    BadReason.AMOUNT_NOT_ASCII: later("Please write the amount with the digits 0 to 9."),
    BadReason.AMOUNT_NOT_A_NUMBER: later("I cannot read this amount."),
    BadReason.AMOUNT_NEGATIVE: later("The amount must be more than nothing, without a minus sign."),
    BadReason.AMOUNT_PLUS_SIGN: later("Please write the amount without a plus sign."),
    BadReason.AMOUNT_EXPONENT: later("Please write the amount out in digits."),
    BadReason.AMOUNT_UNDERSCORE: later("Please write the amount without underscores."),
    BadReason.AMOUNT_ZERO: later("The amount must be more than nothing."),
    BadReason.AMOUNT_LEADING_ZERO: later("An amount does not begin with 0. Did you type a phone number here?"),
    BadReason.AMOUNT_GROUPING: later("I cannot tell where the thousands and the decimals are in this amount."),
    BadReason.AMOUNT_TOO_MANY_DECIMALS: later("The amount has more decimals than the currency."),
    BadReason.AMOUNT_TOO_LARGE: later("This amount is larger than one transaction can be."),
    BadReason.AMOUNT_OTHER_CURRENCY: later("This till works in one currency only, and this is another one."),
    BadReason.NUMBER_MISSING: later("The phone number is missing."),
    BadReason.NUMBER_NOT_ASCII: later("Please write the phone number with the digits 0 to 9."),
    BadReason.NUMBER_LETTERS: later("A phone number has digits only."),
    BadReason.NUMBER_OTHER_CHARACTERS: later("There is something in this phone number that does not belong there."),
    BadReason.NUMBER_DOUBLE_ZERO: later("Please write the number with + or the country code, without 00."),
    BadReason.NUMBER_TOO_SHORT: later("This phone number is too short."),
    BadReason.NUMBER_TOO_LONG: later("This phone number is too long."),
    BadReason.NUMBER_OTHER_COUNTRY: later("This phone number is of another country."),
    BadReason.NUMBER_WRONG_START: later("A phone number with country code does not begin like this."),
    BadReason.ORDER_UNCLEAR: later(
        "I cannot tell the number, the amount and the note apart. Write each without spaces."
    ),
    BadReason.REFERENCE_MISSING: later("The reference is missing: it is on the card of the payment."),
    BadReason.REFERENCE_SHAPE: later("This is no reference: it has six letters and digits and is on the card."),
    BadReason.CORRECTION_MISSING: later("What really happened? Write it behind the reference."),
    BadReason.RECEIPT_CODE_MISSING: later(
        "The receipt's code is missing: it stands on the receipt. Or reply to a receipt."
    ),
    BadReason.RECEIPT_CODE_SHAPE: later("This is no receipt's code: it has 26 letters and digits in five groups."),
    BadReason.CONTACT_UNCLEAR: later("Several contacts have names that begin so. Type the whole name."),
    BadReason.CONTACT_NAME_MISSING: later("The name is missing."),
    BadReason.CONTACT_NAME_SHAPE: later("A contact's name begins with a letter and has at most 40 letters and digits."),
    BadReason.ROLE_MISSING: later("Which role? cashier, admin, auditor or none."),
    BadReason.ROLE_UNKNOWN: later("There is no such role: cashier, admin, auditor or none."),
    BadReason.USER_ID_MISSING: later("Whose role? Give the person's numeric id, or reply to a message of theirs."),
    BadReason.USER_ID_SHAPE: later("A person is named by the numeric id, which the bot tells to whoever writes to it."),
    BadReason.LANGUAGE_UNKNOWN: later("I do not speak this language: en or fr."),
    BadReason.FILTER_UNCLEAR: later(
        "I cannot tell what to look for with {typed}, or it does not go with what is before it."
    ),
    BadReason.FILTERS_TOO_MANY: later("These are too many filters at once."),
    BadReason.FILTERS_MISSING: later("What shall I look for? A name, a number, an amount, a day, or a state."),
    BadReason.PERIOD_MISSING: later("For which days? today, yesterday, week, month, or dates."),
    BadReason.PERIOD_SHAPE: later(
        "I cannot read these days: today, yesterday, week, month, a month, a day, or from..to."
    ),
    BadReason.PERIOD_NO_SUCH_DAY: later("There is no such day in the calendar."),
    BadReason.PERIOD_BACKWARDS: later("The first day is later than the last one."),
    BadReason.PERIOD_AHEAD: later("These days are still to come."),
    BadReason.PERIOD_TOO_LONG: later("These are too many days for one answer."),
    BadReason.WISH_SHAPE: later("I cannot read this wish; /notify alone shows what there is, with buttons."),
}


def bad_input(error: BadInput) -> str:
    """Return what is wrong with typed text, and how it is right."""
    what = _(BAD_INPUT[error.reason]).format(typed=quote(error.typed))
    return f"{what} {for_example(error.example)}"


def for_example(line: str) -> str:
    """Return the sentence that shows something right."""
    return _("For example: {example}").format(example=quote(line))


def refusal(error: Refusal) -> str:
    """Return why the desk says no, and what to do instead."""
    return REFUSALS[error.why](error.facts)


def _fixed(sentence: str) -> Callable[[dict[str, Any]], str]:
    return lambda _facts: _(sentence)


def _no_role(facts: dict[str, Any]) -> str:
    if facts.get("owner"):
        return _("This chat is not open as a till. Send /start to open it.")
    mine, chat = f"<code>{facts.get('user_id')}</code>", facts.get("chat_id", 0)
    if chat < 0:
        return _(
            "This till is not open to you. Its owner can change that with your id {mine} and the chat's id {chat}."
        ).format(mine=mine, chat=chat)
    return _("This till is not open to you. Its owner can change that with your id {mine}.").format(mine=mine)


def _already(facts: dict[str, Any]) -> str:
    code, state = facts["txn"].short_code, state_word(facts["txn"])
    if facts.get("by"):
        return _("{code} is already {state} (decided by {name}).").format(
            code=code, state=state, name=escape(str(facts["by"]))
        )
    return _("{code} is already {state}.").format(code=code, state=state)


def _more_than_left(facts: dict[str, Any]) -> str:
    return _("Only {amount} of {code} is left to refund.").format(
        amount=money(facts["left"]), code=facts["txn"].short_code
    )


def _not_successful_yet(facts: dict[str, Any]) -> str:
    return _("{code} cannot be refunded: it is {state}.").format(
        code=facts["txn"].short_code, state=state_word(facts["txn"])
    )


def _no_receipt(facts: dict[str, Any]) -> str:
    sentence = _("There is no receipt of {code}: it is {state}. Only what went through has one.")
    return sentence.format(code=facts["txn"].short_code, state=state_word(facts["txn"]))


def _too_old(facts: dict[str, Any]) -> str:
    late = _("This came late, so nothing was done. Send it again if you still want it:")
    return f"{late}\n{quote(str(facts['text']))}"


def _over_limit(facts: dict[str, Any]) -> str:
    limit, again = money(facts["limit"]), f"{facts['again_at']:%H:%M}"
    if facts["scope"] is Scope.TRANSACTION:
        return _(
            "This is more than one transaction may be: {limit}. Ask for less; an owner can change the limit."
        ).format(limit=limit)
    return _(OVER_LIMIT[facts["scope"]]).format(limit=limit, left=money(facts["left"]), time=again)


OVER_LIMIT = {
    Scope.PERSON: later(
        "Over the limit of the one who pays, {limit} a day: {left} is left. Ask for less, or from {time} on."
    ),
    Scope.DESK: later("Over the limit of this till, {limit} a day: {left} is left. Ask for less, or from {time} on."),
    Scope.PAYEE: later(
        "Over the limit for this receiver, {limit} a day: {left} is left. Ask for less, or from {time} on."
    ),
}


def _role_not_enough(facts: dict[str, Any]) -> str:
    role = facts.get("role")
    return _("Your role here, {role}, does not include this. An owner can change it.").format(
        role=role_word(role) if role else _("none")
    )


def _unknown_reference(facts: dict[str, Any]) -> str:
    return _("There is no {reference} here. /history shows what there is.").format(
        reference=escape(str(facts["reference"]))
    )


def _nothing_left(facts: dict[str, Any]) -> str:
    return _("Nothing of {code} is left to refund.").format(code=facts["txn"].short_code)


def _too_many_drafts(facts: dict[str, Any]) -> str:
    return ngettext(
        "You have {n} card waiting. Confirm or cancel it first.",
        "You have {n} cards waiting. Confirm or cancel one of them first.",
        facts["most"],
    ).format(n=facts["most"])


def _not_over_yet(facts: dict[str, Any]) -> str:
    return _("{code} is {state}: only what is over can be corrected.").format(
        code=facts["txn"].short_code, state=state_word(facts["txn"])
    )


REFUSALS: dict[Why, Callable[[dict[str, Any]], str]] = {
    Why.NO_ROLE: _no_role,
    Why.AWAY: _fixed(later("Your role rests because you left its group. It counts again when you are back in it.")),
    Why.ROLE_NOT_ENOUGH: _role_not_enough,
    Why.NOT_YOUR_CARD: _fixed(later("This card belongs to somebody else.")),
    Why.NOT_AN_APPROVER: _fixed(later("Only an admin of this till can decide this.")),
    Why.OWN_APPROVAL: _fixed(later("You asked for this yourself: somebody else must decide it.")),
    Why.NOBODY_CAN_APPROVE: _fixed(
        later(
            "This needs another person's approval, and there is nobody who could be asked. The owner can make somebody"
            " an admin with /role; that person must then send /start to the bot in private."
        )
    ),
    Why.OWNERS_ONLY: _fixed(later("Only an owner of this bot can do that.")),
    Why.OWNER_ROLE_FIXED: _fixed(later("Owners are named in the bot's settings; their role cannot be changed here.")),
    Why.UNKNOWN_REFERENCE: _unknown_reference,
    Why.CARD_EXPIRED: _fixed(later("The time of this card is over. Type the command again.")),
    Why.ALREADY_CHOSEN: _fixed(later("You have chosen already: see the card below.")),
    Why.ALREADY: _already,
    Why.STILL_ASKING_NAME: _fixed(later("Still asking MTN for the name; a few seconds more.")),
    Why.NOT_REFUNDABLE_KIND: _fixed(later("Only money a payer sent on your request can be refunded.")),
    Why.TRANSFER_NOT_REFUNDABLE: _fixed(
        later(
            "MTN cannot call a transfer back. Ask the person to return it, with /request and their number,"
            " or call MTN's merchant support with the reference."
        )
    ),
    Why.NOT_SUCCESSFUL_YET: _not_successful_yet,
    Why.NUMBER_REMOVED: _fixed(
        later("The number of this payment was removed, as old ones are: pay it back with /pay to the number they give.")
    ),
    Why.NOTHING_LEFT: _nothing_left,
    Why.MORE_THAN_LEFT: _more_than_left,
    Why.EXPORT_IN_WORK: _fixed(later("Your last table is still being made; it comes first.")),
    Why.NO_RECEIPT: _no_receipt,
    Why.MTN_MAY_STILL_KNOW: _fixed(
        later(
            "Too early: MTN must have said five times that it does not know it, and fifteen minutes must have passed."
        )
    ),
    Why.DESK_CLOSED: _fixed(later("This till is closed. An owner can open it again with /start.")),
    Why.TOO_OLD: _too_old,
    Why.TOO_MANY_DRAFTS: _too_many_drafts,
    Why.OVER_LIMIT: _over_limit,
    Why.FROZEN: stops.refusal,
    Why.DISK_NEARLY_FULL: _fixed(
        later(
            "The bot's disk is nearly full, so it takes nothing new until somebody makes room. Tell the owner; what is"
            " on its way is followed to its end."
        )
    ),
    Why.NOT_FROZEN: _fixed(later("Sending is not stopped.")),
    Why.AGREED_ALREADY: _fixed(later("You have agreed already; this needs somebody else, or its time.")),
    Why.NOT_OVER_YET: _not_over_yet,
    Why.NUMBER_SAVED: phonebook.number_saved,
    Why.CONTACT_NAME_TAKEN: phonebook.name_taken,
    Why.TOO_MANY_CONTACTS: phonebook.too_many,
    Why.NO_SUCH_CONTACT: phonebook.no_such,
    Why.SEVERAL_CONTACTS: phonebook.several,
    Why.ADMIN_CHAT_IS_NO_DESK: _fixed(
        later("This is the admins' chat, not a till. Type this in a till, or open another chat as one with /start.")
    ),
}
