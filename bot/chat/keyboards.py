"""Buttons. Their data is ``verb:short id:nonce``, at most 64 bytes; everything else is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.language import LANGUAGES, _
from bot.domain.transactions import State
from bot.service.views import CardView
from bot.store.cards import CardRole
from bot.store.people import Desk
from bot.store.questions import Question

MOST_DESKS = 50
# In the place of the nonce: the language is for everybody in the till.
TILL = "till"
# More of a label is not seen on a phone.
LONGEST_LABEL = 60


class Verb(StrEnum):
    """What a button asks for."""

    CONFIRM = "ok"
    CONFIRM_REPEAT = "again"
    CANCEL = "no"
    RETRY = "retry"
    APPROVE = "yes"
    REJECT = "stop"
    READING = "read"
    DESK = "desk"
    PICK = "pick"
    SKIP = "skip"
    BACK = "back"
    LEAVE = "leave"
    CONTACT = "who"
    CONTACTS = "book"
    REVIEW = "review"
    UNSENT = "unsent"
    LANGUAGE = "lang"


# What the buttons of a step-by-step question ask for.
OF_STEPS = frozenset({Verb.PICK, Verb.SKIP, Verb.BACK, Verb.LEAVE})


@dataclass(frozen=True, slots=True)
class Press:
    """A button's data, taken apart. ``subject`` is a short code, a number, or what is to be done with a contact."""

    verb: Verb
    subject: str
    nonce: str


def data(verb: Verb, subject: str | int, nonce: str = "") -> str:
    """Return the data of a button."""
    return f"{verb}:{subject}:{nonce}"


def read(text: str) -> Press | None:
    """Take a button's data apart; None for anything we did not make."""
    verb, _colon, rest = text.partition(":")
    subject, _colon, nonce = rest.partition(":")
    return Press(Verb(verb), subject, nonce) if verb in set(Verb) else None


def of_card(view: CardView) -> InlineKeyboardMarkup | None:
    """Return the buttons that fit a card's state, or None when nothing is left to decide."""
    rows = _checker_rows(view) if view.card.role is CardRole.CHECKER else _maker_rows(view)
    code, nonce = view.txn.short_code, view.card.nonce
    buttons = [
        InlineKeyboardButton(label, callback_data=data(verb, code, view.card.repeat_nonce or nonce))
        if verb is Verb.CONFIRM_REPEAT
        else InlineKeyboardButton(label, callback_data=data(verb, code, nonce))
        for label, verb in rows
    ]
    return InlineKeyboardMarkup([buttons]) if buttons else None


def _maker_rows(view: CardView) -> list[tuple[str, Verb]]:
    txn, cancel = view.txn, (_("Cancel"), Verb.CANCEL)
    if txn.state is State.DRAFT:
        if txn.payee_name is None:
            return [cancel]
        return [
            (_("Yes, once more"), Verb.CONFIRM_REPEAT) if txn.repeat_asked else (_("Confirm"), Verb.CONFIRM),
            cancel,
        ]
    if txn.state in (State.AWAITING_APPROVAL, State.READY):
        return [cancel]
    retry, review = (_("Retry (same payment)"), Verb.RETRY), (_("Admins: review"), Verb.REVIEW)
    return [retry, cancel, review] if view.can_retry else []


def _checker_rows(view: CardView) -> list[tuple[str, Verb]]:
    if view.txn.state is State.AWAITING_APPROVAL:
        return [(_("Approve"), Verb.APPROVE), (_("Reject"), Verb.REJECT)]
    return [(_("Close as not sent"), Verb.UNSENT)] if view.txn.state is State.REVIEW else []


def of_question(question: Question, labels: list[str]) -> InlineKeyboardMarkup:
    """Return one button for each reading of a line."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=data(Verb.READING, place, question.nonce))]
            for place, label in enumerate(labels)
        ]
    )


def of_desks(desks: Sequence[Desk]) -> InlineKeyboardMarkup:
    """Return one button for each desk a person may work for."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(desk.title, callback_data=data(Verb.DESK, desk.id))] for desk in desks[:MOST_DESKS]]
    )


def of_step(guesses: Sequence[str], per_row: int, nonce: str, *, skip: bool, back: bool) -> InlineKeyboardMarkup:
    """Return the buttons of one step-by-step question: what may be meant, and the ways out."""
    picks = [
        InlineKeyboardButton(label[:LONGEST_LABEL], callback_data=data(Verb.PICK, place, nonce))
        for place, label in enumerate(guesses)
    ]
    rows = [picks[start : start + per_row] for start in range(0, len(picks), per_row)]
    ways = [(_("Skip"), Verb.SKIP)] * skip + [(_("Back"), Verb.BACK)] * back + [(_("Cancel"), Verb.LEAVE)]
    return InlineKeyboardMarkup(
        [*rows, [InlineKeyboardButton(label, callback_data=data(verb, 0, nonce)) for label, verb in ways]]
    )


def of_languages(*, for_till: bool) -> InlineKeyboardMarkup:
    """Return the languages, each by its own name; with *for_till* also for everybody in the till."""
    mine = [InlineKeyboardButton(name, callback_data=data(Verb.LANGUAGE, code)) for code, name in LANGUAGES.items()]
    everybodys = [
        InlineKeyboardButton(_("Till: {language}").format(language=name), callback_data=data(Verb.LANGUAGE, code, TILL))
        for code, name in LANGUAGES.items()
    ]
    return InlineKeyboardMarkup([mine, everybodys] if for_till else [mine])
