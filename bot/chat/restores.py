"""What admins are told after an older copy of the database was put back. Every value is escaped; all of it is HTML."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.chat.formats import day_and_time, escape, money
from bot.chat.language import _, later, ngettext
from bot.service.forgotten import MISMATCH, OTHER_API_USER
from bot.service.restored import Meeting
from bot.store.forgotten import NEVER_THERE
from bot.store.times import from_ms
from momo import Money

MEETINGS: Mapping[str, str] = {
    Meeting.OTHER_DATABASE: later("the reference journal beside it was written for another one"),
    Meeting.NO_JOURNAL: later("its reference journal is gone"),
    Meeting.LINES_MISSING: later("the reference journal names transactions that it does not know"),
}
NEWS: Mapping[str, str] = {
    "SUCCESSFUL": later("✅ {what} was successful, says MTN."),
    "FAILED": later("❌ {what} failed, says MTN. No money moved."),
    NEVER_THERE: later("❌ {what} is not known to MTN, for a whole day now. No money moved."),
    MISMATCH: later("⚠️ {what}: MTN's answer does not fit what was asked. Ask MTN about it; it is still looked up."),
    OTHER_API_USER: later(
        "⚠️ {what} was sent under an MTN API user this bot no longer has, and cannot be looked up. Put that user and its"
        " key into the settings that end with _PREVIOUS."
    ),
}
OTHER_FORGOTTEN = later("Transaction of {amount} of {when}, forgotten by this copy,")
# In the place of {what} above.
FORGOTTEN: Mapping[str, str] = {
    "transfer": later("Payment of {amount} of {when}, forgotten by this copy,"),
    "deposit": later("Deposit of {amount} of {when}, forgotten by this copy,"),
    "refund": later("Refund of {amount} of {when}, forgotten by this copy,"),
    "request_to_pay": later("Request of {amount} of {when}, forgotten by this copy,"),
}


def restored(facts: Mapping[str, Any]) -> str:
    """Return why nothing is sent after a restore, and what to do before it goes on."""
    count = facts["forgotten"]
    known = _counted(count) if count else _("It has forgotten none that the journal names.")
    return _(
        "🛟 This database seems to be an older copy: {why}. {known}"
        " What it still holds is looked up at MTN as always, and is not sent again."
        "\nBefore you press /thaw: compare /audit with MTN's statement, and see in /people who has which role;"
        " all of it is as old as the copy."
    ).format(why=_(MEETINGS[facts["meeting"]]), known=known)


def _counted(count: int) -> str:
    return ngettext(
        "It has forgotten {n} transaction; MTN is asked about it, and you are told here how it ended.",
        "It has forgotten {n} transactions; MTN is asked about each, and you are told here how it ended.",
        count,
    ).format(n=count)


def forgotten(facts: Mapping[str, Any]) -> str:
    """Return what became of one transaction that the copy had forgotten."""
    amount = money(Money(Decimal(facts["amount"]), facts["currency"]))
    when = day_and_time(from_ms(facts["sent_at_ms"]), facts["zone"])
    what = _(FORGOTTEN.get(facts["kind"], OTHER_FORGOTTEN)).format(amount=f"<b>{amount}</b>", when=when)
    reference = _("Reference: <code>{code}</code>").format(code=escape(facts["short_code"]))
    return f"{_(NEWS[facts['news']]).format(what=what)}\n{reference}"
