"""/contacts: the numbers a till has saved; add, rename, delete, and pick one to pay or to ask."""

from collections.abc import Callable

from telegram import InlineKeyboardMarkup, Update

from bot.chat import keyboards, phonebook
from bot.chat.context import Context
from bot.chat.formats import escape
from bot.chat.handlers import forms
from bot.chat.handlers.desk import choose_desk
from bot.chat.keyboards import Press
from bot.chat.language import _
from bot.chat.naming import parse_renaming, parse_saving
from bot.chat.numbers import example_number
from bot.domain.roles import Right, allows
from bot.service import contacts
from bot.store.contacts import Contact
from bot.store.database import Tx

ADD = frozenset(["add", "save", "ajouter"])
RENAME = frozenset(["rename", "renommer"])
DELETE = frozenset(["delete", "remove", "supprimer"])
# What a contact's button begins, by what it carries.
BEGINS = frozenset({"pay", "request", "deposit", "rename"})


async def command(_update: Update, context: Context) -> int | None:
    """Show the contacts, or do what the first word says; what lacks its arguments is asked step by step."""
    verb, _blank, rest = context.arguments().partition(" ")
    verb, rest = verb.casefold(), rest.strip()
    if verb in ADD and not rest:
        return await forms.begin(context, "contact")
    if verb in RENAME and rest and not parse_renaming(rest)[1]:
        return await forms.begin(context, "rename", contact=await _nonce_of(context, rest))
    await context.commit(lambda tx: _carry_out(tx, context, verb, rest))
    return None  # a question that is open stays open


async def _nonce_of(context: Context, name: str) -> str:
    return await context.till.store.tx(lambda tx: contacts.named(tx, context.seat(tx), name).nonce)


def _carry_out(tx: Tx, context: Context, verb: str, rest: str) -> None:
    seat = context.seat(tx)
    if seat.desk is None and seat.choices:
        choose_desk(tx, context)
        return
    if verb in ADD:
        _add(tx, context, rest)
    elif verb in RENAME:
        _rename(tx, context, rest)
    elif verb in DELETE:
        context.say(tx, _delete(tx, context, contacts.named(tx, seat, rest)))
    elif verb:
        contact = contacts.named(tx, seat, context.arguments())
        context.say(tx, _shown(context, contact), keyboard=phonebook.buttons(contact))
    else:
        text, keyboard = _page(tx, context, 0)
        context.say(tx, text, keyboard=keyboard)


def _add(tx: Tx, context: Context, line: str) -> None:
    seat = context.seat(tx)
    seat.demand(Right.MOVE)
    context.demand_fresh(tx)
    name, msisdn = parse_saving(line, context.policy.market)
    contacts.save(tx, seat, context.place, name, msisdn)


def _rename(tx: Tx, context: Context, line: str) -> None:
    seat = context.seat(tx)
    seat.demand(Right.MOVE)
    old, new = parse_renaming(line)
    contact = contacts.named(tx, seat, old)
    contacts.rename(tx, seat, contact, new)
    context.say(tx, phonebook.renamed(contact.name, new))


def _delete(tx: Tx, context: Context, contact: Contact) -> str:
    contacts.delete(tx, context.seat(tx), contact)
    return _("{name} is deleted.").format(name=escape(contact.name))


def _shown(context: Context, contact: Contact) -> str:
    return phonebook.shown(contact, private=context.is_private)


def _page(tx: Tx, context: Context, number: int) -> tuple[str, InlineKeyboardMarkup | None]:
    seat = context.seat(tx)
    seat.demand(Right.READ)
    somebody, number_of_theirs = _("Corner shop"), example_number(context.policy.market)
    example = f"/contacts add {somebody} {number_of_theirs}"
    may_pick = allows(seat.role, Right.MOVE)
    saved = contacts.of_seat(tx, seat)
    return phonebook.page(saved, number, example, private=context.is_private, may_pick=may_pick)


# Buttons


async def begin(_update: Update, context: Context) -> int:
    """Start asking what a contact's button stands for: an amount to pay or to ask for, or another name."""
    query = context.origin.callback_query
    data = keyboards.read(query.data or "") if query else None
    what, nonce = (data.subject, data.nonce) if data else ("", "")
    contact = await context.till.store.tx(lambda tx: contacts.pressed(tx, context.seat(tx), nonce))
    if what == "rename":
        return await forms.begin(context, what, contact=nonce)
    return await forms.begin(context, what, msisdn=str(contact.msisdn))


def turn(tx: Tx, context: Context, data: Press) -> str:
    """Show another page of the contacts on the same message."""
    text, keyboard = _page(tx, context, int(data.subject) if data.subject.isdecimal() else 0)
    context.rewrite(tx, text, keyboard=keyboard)
    return ""


def press(tx: Tx, context: Context, data: Press) -> str:
    """Show a contact, ask whether it shall be deleted, or delete it: all on the same message."""
    contact = contacts.pressed(tx, context.seat(tx), data.nonce)
    SHOWN.get(data.subject, _show)(tx, context, contact)
    return ""


def _show(tx: Tx, context: Context, contact: Contact) -> None:
    context.rewrite(tx, _shown(context, contact), keyboard=phonebook.buttons(contact))


def _ask_whether(tx: Tx, context: Context, contact: Contact) -> None:
    text, keyboard = phonebook.about_deleting(contact)
    context.rewrite(tx, text, keyboard=keyboard)


def _gone(tx: Tx, context: Context, contact: Contact) -> None:
    context.rewrite(tx, _delete(tx, context, contact))


SHOWN: dict[str, Callable[[Tx, Context, Contact], None]] = {"delete": _ask_whether, "gone": _gone}
