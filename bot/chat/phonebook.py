"""What is said of contacts, and their buttons. In groups, and to whoever moves no money, numbers are hidden."""

from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.formats import escape, hidden, quote
from bot.chat.keyboards import Verb, data
from bot.chat.language import _
from bot.chat.naming import LONGEST_NAME
from bot.store.contacts import Contact
from momo import Msisdn

PAGE, MOST_NAMED = 8, 10


def whom(name: str, msisdn: Msisdn, *, private: bool) -> str:
    """Return a name and a number on one line; plain text, for buttons."""
    number = str(msisdn) if private else hidden(msisdn)
    return f"{name} · {number}" if name else number


def saved(contact: Contact, *, private: bool) -> str:
    """Return the message that tells that a contact was saved."""
    return _("Saved: {contact}").format(contact=shown(contact, private=private))


def shown(contact: Contact, *, private: bool) -> str:
    """Return a contact's name, its number as this chat may see it, and MTN's name for it."""
    number = str(contact.msisdn) if private else hidden(contact.msisdn)
    return f"<b>{escape(contact.name)}</b>\n{number}\n{_name_at_mtn(contact)}"


def _name_at_mtn(contact: Contact) -> str:
    if contact.mtn_name is None:
        return _("Name at MTN: asking …")
    if not contact.mtn_name:
        return _("Name at MTN: none was given")
    return _("Name at MTN: {name}").format(name=escape(contact.mtn_name))


def renamed(old: str, new: str) -> str:
    """Return the sentence that tells of a contact's other name."""
    return _("{old} is now called {new}.").format(old=escape(old), new=escape(new))


def buttons(contact: Contact) -> InlineKeyboardMarkup:
    """Return what can be done with a contact."""
    return _keyboard(
        contact,
        [(_("Pay"), "pay"), (_("Ask for money"), "request"), (_("Deposit"), "deposit")],
        [(_("Rename"), "rename"), (_("Delete"), "delete")],
    )


def about_deleting(contact: Contact) -> tuple[str, InlineKeyboardMarkup]:
    """Return the question before a contact is deleted, and its buttons."""
    text = _("Delete {name}? What was sent to it stays as it is.").format(name=escape(contact.name))
    return text, _keyboard(contact, [(_("Yes, delete"), "gone"), (_("Keep"), "show")])


def _keyboard(contact: Contact, *rows: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=data(Verb.CONTACT, what, contact.nonce)) for label, what in row]
            for row in rows
        ]
    )


def page(
    saved: Sequence[Contact], number: int, example: str, *, private: bool, may_pick: bool
) -> tuple[str, InlineKeyboardMarkup | None]:
    """Return a page of a desk's contacts: as buttons for whoever may move money, as lines for others.

    *example* is a whole line that saves a contact.
    """
    if not saved:
        return _("No number is saved here. To save one, type {example}.").format(example=quote(example)), None
    last = (len(saved) - 1) // PAGE
    number = min(max(number, 0), last)
    here = saved[number * PAGE : (number + 1) * PAGE]
    title, turn = _("<b>Contacts</b>"), _turning(number, last)
    if may_pick:
        hint = _("Press one, or type {example} to save another.").format(example=quote(example))
        return f"{title}\n{hint}", InlineKeyboardMarkup([_row(c, private=private) for c in here] + turn)
    lines = [f"{escape(contact.name)} · {hidden(contact.msisdn)}" for contact in here]
    return "\n".join([title, *lines]), InlineKeyboardMarkup(turn) if turn else None


def _row(contact: Contact, *, private: bool) -> list[InlineKeyboardButton]:
    label = whom(contact.name, contact.msisdn, private=private)
    return [InlineKeyboardButton(label, callback_data=data(Verb.CONTACT, "show", contact.nonce))]


def _turning(number: int, last: int) -> list[list[InlineKeyboardButton]]:
    pages = ([("◀", number - 1)] if number > 0 else []) + ([("▶", number + 1)] if number < last else [])
    row = [InlineKeyboardButton(label, callback_data=data(Verb.CONTACTS, page)) for label, page in pages]
    return [row] if row else []


# Why a contact is not saved, or not found


def number_saved(facts: dict[str, Any]) -> str:
    """Say that a number has a name already, and how it gets another."""
    name = facts["contact"].name
    said, other = _("This number is saved already, as {name}. To give it another name, type {example}."), _("New name")
    return said.format(name=escape(name), example=quote(f"/contacts rename {name} = {other}"))


def name_taken(facts: dict[str, Any]) -> str:
    """Say whose name it is."""
    contact = facts["contact"]
    said = _("{name} is the name of {number} already. Choose another, such as {example}.")
    name, other = escape(contact.name), f"{contact.name[: LONGEST_NAME - 2]} 2"
    return said.format(name=name, number=hidden(contact.msisdn), example=quote(other))


def too_many(facts: dict[str, Any]) -> str:
    """Say how many contacts there may be."""
    return _("There are {most} contacts here already. Delete one of them first.").format(most=facts["most"])


def no_such(facts: dict[str, Any]) -> str:
    """Say that a contact is not there, and how it would be saved."""
    if "name" not in facts:
        return _("This contact is no longer there.")
    example = f"/contacts add {facts['name']} {facts['number']}"
    said = _("There is no contact {name} here. To save one, type {example}.")
    return said.format(name=quote(facts["name"]), example=quote(example))


def several(facts: dict[str, Any]) -> str:
    """Say which contacts could be meant."""
    names = ", ".join(escape(name) for name in facts["names"][:MOST_NAMED])
    return _("Several contacts begin so: {names}. Type the whole name.").format(names=names)
