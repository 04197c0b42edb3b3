"""Buttons. Their data is ``verb:short id:nonce``, at most 64 bytes; everything else is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.language import LANGUAGES, _
from bot.service.searching import Page
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
    OLDER = "older"
    NEWER = "newer"
    UNSENT = "unsent"
    STATUS = "now"
    RECEIPT = "paper"
    REFUND = "refund"
    LANGUAGE = "lang"
    NOTIFY = "tell"


# What the buttons of a step-by-step question ask for.
OF_STEPS = frozenset({Verb.PICK, Verb.SKIP, Verb.BACK, Verb.LEAVE})


@dataclass(frozen=True, slots=True)
class Press:
    """A button's data, taken apart. ``subject``: a short code, a number, a wish, or what to do with a contact."""

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


def of_page(page: Page, nonce: str) -> InlineKeyboardMarkup | None:
    """Return the buttons that turn a page of what was found."""
    further = _("Look further back") if page.looked_to else _("Older ›")
    turns = [(_("‹ Newer"), Verb.NEWER, page.newer), (further, Verb.OLDER, page.older)]
    return _row([(label, data(verb, row, nonce)) for label, verb, row in turns if row is not None])


def _row(buttons: list[tuple[str, str]]) -> InlineKeyboardMarkup | None:
    made = [InlineKeyboardButton(label, callback_data=pressed) for label, pressed in buttons]
    return InlineKeyboardMarkup([made]) if made else None
