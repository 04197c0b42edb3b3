"""What admins are told after an older copy of the database was put back. Every value is escaped; all of it is HTML."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.chat.formats import clock_time, escape, money
from bot.service.forgotten import MISMATCH, OTHER_API_USER
from bot.service.restored import Meeting
from bot.store.forgotten import NEVER_THERE
from bot.store.times import from_ms
from momo import Money

MEETINGS: Mapping[str, str] = {
    Meeting.OTHER_DATABASE: "the reference journal beside it was written for another one",
    Meeting.NO_JOURNAL: "its reference journal is gone",
    Meeting.LINES_MISSING: "the reference journal names transactions that it does not know",
}
NEWS: Mapping[str, str] = {
    "SUCCESSFUL": "✅ {what} was successful, says MTN.",
    "FAILED": "❌ {what} failed, says MTN. No money moved.",
    NEVER_THERE: "❌ {what} is not known to MTN, for a whole day now. No money moved.",
    MISMATCH: "⚠️ {what}: MTN's answer does not fit what was asked. Ask MTN about it; it is still looked up.",
    OTHER_API_USER: (
        "⚠️ {what} was sent under an MTN API user this bot no longer has, and cannot be looked up. Put that user and its"
        " key into the settings that end with _PREVIOUS."
    ),
}
NOUNS: Mapping[str, str] = {
    "transfer": "Payment",
    "deposit": "Deposit",
    "refund": "Refund",
    "request_to_pay": "Request",
}


def restored(facts: Mapping[str, Any]) -> str:
    """Return why nothing is sent after a restore, and what to do before it goes on."""
    count = facts["forgotten"]
    known = "It has forgotten none that the journal names." if not count else _counted(count)
    return (
        f"🛟 This database seems to be an older copy: {MEETINGS[facts['meeting']]}. {known}"
        " What it still holds is looked up at MTN as always, and is not sent again."
        "\nBefore you press /thaw: compare /audit with MTN's statement, and see in /people who has which role;"
        " all of it is as old as the copy."
    )


def _counted(count: int) -> str:
    them = "1 transaction; MTN is asked about it" if count == 1 else f"{count} transactions; MTN is asked about each"
    return f"It has forgotten {them}, and you are told here how it ended."


def forgotten(facts: Mapping[str, Any]) -> str:
    """Return what became of one transaction that the copy had forgotten."""
    amount = money(Money(Decimal(facts["amount"]), facts["currency"]))
    at = from_ms(facts["sent_at_ms"])
    when = f"{at.astimezone(facts['zone']):%d.%m.} {clock_time(at, facts['zone'])}"
    what = f"{NOUNS.get(facts['kind'], 'Transaction')} of <b>{amount}</b> of {when}, forgotten by this copy,"
    sentence = NEWS[facts["news"]].format(what=what)
    return f"{sentence}\nReference: <code>{escape(facts['short_code'])}</code>"
