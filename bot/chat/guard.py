"""The lines on a card that guard against a slip of the finger: how the number is known at this till."""

from bot.chat.formats import escape
from bot.chat.language import _
from bot.chat.phonebook import whom
from bot.service.views import CardView


def lines(view: CardView) -> list[str]:
    """Return what is to be looked at twice about a card's number: it is new here, or nearly another one."""
    known = view.familiarity
    if known is None:
        return []
    said = []
    if known.contact is not None:
        said.append(_("Saved as: {name}").format(name=escape(known.contact.name)))
    if known.near is not None:
        msisdn, name = known.near
        other = escape(whom(name, msisdn, private=view.card.chat_id > 0))
        said.append(_("⚠️ New here, and one digit away from {other}: is it the right one?").format(other=other))
    elif known.never_paid:
        said.append(_("⚠️ New here: this till has never sent money to this number."))
    return said
