"""Sentences the program says by itself, written from a name and facts."""

from typing import Any

from bot.chat.formats import escape
from bot.chat.reasons import plain

MOST_NAMED = 20


def notice(name: str, facts: dict[str, Any], code: str | None) -> str:
    """Return the sentence *name*; *code* is the short code of the transaction it is about."""
    return SENTENCES[name](facts) + (f"\nReference: <code>{code}</code>" if code else "")


def _refused_making_sure(facts: dict[str, Any]) -> str:
    return f"⏳ MTN refused: {plain(facts['code'])}. Making sure, about two minutes; do not send it again yet."


def _rejected_because(facts: dict[str, Any]) -> str:
    return f"{escape(facts['by'])} says why: {escape(facts['reason'])}"


def _still_waiting(_: dict[str, Any]) -> str:
    return "⏳ This still waits for somebody to approve or reject it; half of its time is over."


def _was_away(facts: dict[str, Any]) -> str:
    codes = facts["open"]
    more = f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
    named = ", ".join(codes[:MOST_NAMED]) + more
    return f"I was away for {facts['minutes']} minutes and am back. Open here: {named}; each is being looked up now."


def _nobody_reached(_: dict[str, Any]) -> str:
    return "⚠️ Nobody who could approve this was reached. Tell the owner; Cancel on the card stops it."


def _role_changed(facts: dict[str, Any]) -> str:
    what = f"is now {facts['role']}" if facts["role"] else "has no role any more"
    return f"{escape(facts['who'])} {what} {escape(facts['where'])}. Changed by {escape(facts['by'])}."


def _trail_broken(facts: dict[str, Any]) -> str:
    return f"⚠️ The audit trail was changed from outside, from row {facts['row']} on. Find out who can write the file."


def _dead_letter(_: dict[str, Any]) -> str:
    return "Sorry, something went wrong here and your last message was not carried out. Please send it again."


SENTENCES = {
    "refused_making_sure": _refused_making_sure,
    "rejected_because": _rejected_because,
    "still_waiting": _still_waiting,
    "was_away": _was_away,
    "nobody_reached": _nobody_reached,
    "role_changed": _role_changed,
    "trail_broken": _trail_broken,
    "dead_letter": _dead_letter,
}
