"""Sentences the program says by itself, written from a name and facts."""

from collections.abc import Callable
from typing import Any

from bot.chat import digests, restores, stops
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
    return (
        f"⚠️ The audit trail does not hold from row {facts['row']} on: somebody changed the database from outside."
        " Keep a copy of the file, find out who can write it, and compare /audit with the head in earlier digests."
    )


def _rows_changed(facts: dict[str, Any]) -> str:
    codes = facts["codes"]
    named = ", ".join(codes[:MOST_NAMED]) + (f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else "")
    return (
        f"⚠️ Not what the audit trail says of it: {escape(named)}. Somebody changed the database from outside. Trust"
        " MTN's own statement for it, keep a copy of the file, and find out who can write it."
    )


def _corrected(facts: dict[str, Any]) -> str:
    return f"✏️ {escape(facts['by'])} says what really happened: {escape(facts['text'])}"


def _key_refused(facts: dict[str, Any]) -> str:
    names = ", ".join(f"{facts['prefix']}_{name}" for name in ("API_USER", "API_KEY", "SUBSCRIPTION_KEY"))
    return (
        f"⚠️ MTN refuses our key for the {facts['product']} account, so nothing of it can be sent or looked up."
        f" Check {names} in the settings."
    )


def _person_left(facts: dict[str, Any]) -> str:
    stopped = f" Stopped before they were sent: {facts['stopped']}." if facts["stopped"] else ""
    return f"{escape(facts['who'])} left the group: their role rests until they are back.{stopped}"


def _person_back(facts: dict[str, Any]) -> str:
    return f"{escape(facts['who'])} is back in the group: their role counts again."


def _bot_removed(facts: dict[str, Any]) -> str:
    if facts["till"] is None:
        return "⚠️ I was put out of the admins' chat: nobody sees requests for approval there. Add me again."
    return (
        f"⚠️ I was put out of {escape(facts['till'])}: the till is closed. What is on its way is followed to its end."
        " To open it again, add me and send /start there."
    )


def _dead_letter(_: dict[str, Any]) -> str:
    return "Sorry, something went wrong here and your last message was not carried out. Please send it again."


def _disk_nearly_full(_: dict[str, Any]) -> str:
    return (
        "⚠️ My disk is nearly full, so I take nothing new. Make room on it: without any I must stop. What is confirmed"
        " is still sent, and what is on its way is followed to its end."
    )


def _disk_has_room(_: dict[str, Any]) -> str:
    return "My disk has room again: I take new transactions."


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "refused_making_sure": _refused_making_sure,
    "rejected_because": _rejected_because,
    "still_waiting": _still_waiting,
    "was_away": _was_away,
    "nobody_reached": _nobody_reached,
    "role_changed": _role_changed,
    "trail_broken": _trail_broken,
    "rows_changed": _rows_changed,
    "person_left": _person_left,
    "person_back": _person_back,
    "bot_removed": _bot_removed,
    "dead_letter": _dead_letter,
    "frozen": stops.frozen,
    "anomaly": stops.anomaly,
    "thaw_waits": stops.thaw_waits,
    "thawed": stops.thawed,
    "corrected": _corrected,
    "restored": restores.restored,
    "forgotten": restores.forgotten,
    "key_refused": _key_refused,
    "disk_nearly_full": _disk_nearly_full,
    "disk_has_room": _disk_has_room,
    "digest": digests.digest,
}
