"""The lines on a card that guard against a slip of the finger: how the number is known at this till."""

from bot.chat.formats import escape
from bot.chat.language import _
from bot.chat.phonebook import whom
from bot.service.views import CardView
from momo import name_match


def lines(view: CardView) -> list[str]:
    """Return what is to be looked at twice about a card's number: it is new here, or nearly another one."""
    known = view.familiarity
    if known is None:
        return []
    said = []
    if known.contact is not None:
        said.append(_("Saved as: {name}").format(name=escape(known.contact.name)))
        said += _another_name(known.contact.name, view.txn.payee_name)
    if known.near is not None:
        msisdn, name = known.near
        other = escape(whom(name, msisdn, private=view.card.chat_id > 0))
        said.append(_("⚠️ New here, and one digit away from {other}: is it the right one?").format(other=other))
    elif known.never_paid:
        said.append(_("⚠️ New here: this till has never sent money to this number."))
    return said


def _another_name(saved: str, at_mtn: str | None) -> list[str]:
    """Return a warning where the name MTN gives has no word of the one that is saved; people save nicknames."""
    if not at_mtn or name_match(saved, at_mtn):
        return []
    return [_("⚠️ MTN gives another name: is the number still theirs?")]
