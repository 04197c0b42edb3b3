"""Sentences the program says by itself, written from a name and facts."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.chat import digests, restores, stops
from bot.chat.formats import clock_time, escape, link
from bot.chat.language import _, later, ngettext
from bot.chat.reasons import plain
from bot.chat.words import role_word
from bot.domain.transactions import Kind
from bot.store.times import from_ms

MOST_NAMED = 20
PRODUCTS = {
    "mtn:collection": later("requests for money"),
    "mtn:disbursement": later("payments and refunds"),
}


def notice(name: str, facts: dict[str, Any], code: str | None) -> str:
    """Return the sentence *name*; *code* is the short code of the transaction it is about."""
    reference = _("Reference: <code>{code}</code>").format(code=code)
    return f"{SENTENCES[name](facts)}\n{reference}" if code else SENTENCES[name](facts)


def _refused_making_sure(facts: dict[str, Any]) -> str:
    return _("⏳ MTN refused: {why}. Making sure, about two minutes; do not send it again yet.").format(
        why=plain(facts["code"], Kind(facts["kind"]))
    )


def _rejected_because(facts: dict[str, Any]) -> str:
    return _("{name} says why: {reason}").format(name=escape(facts["by"]), reason=escape(facts["reason"]))


def _still_waiting(_facts: dict[str, Any]) -> str:
    return _("⏳ This still waits for somebody to approve or reject it; half of its time is over.")


def _was_away(facts: dict[str, Any]) -> str:
    minutes = facts["minutes"]
    return ngettext(
        "I was away for {n} minute and am back. Open here: {codes}; each is being looked up now.",
        "I was away for {n} minutes and am back. Open here: {codes}; each is being looked up now.",
        minutes,
    ).format(n=minutes, codes=_named(facts["open"]))


def _telegram_back(facts: dict[str, Any]) -> str:
    minutes, ended, still_open = facts["minutes"], facts["changed"], facts["open"]
    said = ngettext(
        "Telegram was not reached for {n} minute. Nothing was lost meanwhile.",
        "Telegram was not reached for {n} minutes. Nothing was lost meanwhile.",
        minutes,
    ).format(n=minutes)
    told = _("Ended, and told now: {codes}.").format(codes=_named(ended)) if ended else ""
    waits = _("Open here: {codes}.").format(codes=_named(still_open)) if still_open else ""
    return " ".join(part for part in (said, told, waits) if part)


def _mtn_away(facts: dict[str, Any]) -> str:
    since = clock_time(from_ms(facts["since_ms"]), facts["zone"])
    return _(
        "⚠️ MTN has not answered about {what} since {time}. What is open is followed to its end; do not send it again,"
        " here or elsewhere. I say here when MTN answers."
    ).format(what=_(PRODUCTS[facts["service"]]), time=since)


def _mtn_back(facts: dict[str, Any]) -> str:
    minutes, still_open = facts["minutes"], facts["open"]
    said = ngettext(
        "▶️ MTN answers about {what} again, after {n} minute.",
        "▶️ MTN answers about {what} again, after {n} minutes.",
        minutes,
    ).format(what=_(PRODUCTS[facts["service"]]), n=minutes)
    if still_open is None:
        return said
    waits = _("Open here: {codes}.").format(codes=_named(still_open)) if still_open else _("Nothing is open here.")
    return f"{said} {waits}"


def _named(codes: Sequence[str]) -> str:
    """Return the first of many codes, as links, and how many more there are."""
    shown, more = ", ".join(link(escape(code)) for code in codes[:MOST_NAMED]), len(codes) - MOST_NAMED
    return (
        ngettext("{codes} and {n} more", "{codes} and {n} more", more).format(codes=shown, n=more)
        if more > 0
        else shown
    )


def _nobody_reached(_facts: dict[str, Any]) -> str:
    return _("⚠️ Nobody who could approve this was reached. Tell the owner; Cancel on the card stops it.")


def _role_changed(facts: dict[str, Any]) -> str:
    sentence = _("{name} is now {role} {where}. Changed by {by}.")
    if not facts["role"]:
        sentence = _("{name} has no role any more {where}. Changed by {by}.")
    return sentence.format(
        name=escape(facts["who"]),
        role=role_word(facts["role"]) if facts["role"] else "",
        where=_("in {desk}").format(desk=escape(facts["desk"])) if facts["desk"] else _("in every till"),
        by=escape(facts["by"]),
    )


def _trail_broken(facts: dict[str, Any]) -> str:
    return _(
        "⚠️ The audit trail does not hold from row {row} on: somebody changed the database from outside."
        " Keep a copy of the file, find out who can write it, and compare /audit with the head in earlier digests."
    ).format(row=facts["row"])


def _rows_changed(facts: dict[str, Any]) -> str:
    return _(
        "⚠️ Not what the audit trail says of it: {codes}. Somebody changed the database from outside. Trust"
        " MTN's own statement for it, keep a copy of the file, and find out who can write it."
    ).format(codes=_named(facts["codes"]))


def _corrected(facts: dict[str, Any]) -> str:
    return _("✏️ {name} says what really happened: {text}").format(name=escape(facts["by"]), text=escape(facts["text"]))


def _key_refused(facts: dict[str, Any]) -> str:
    names = ", ".join(f"{facts['prefix']}_{name}" for name in ("API_USER", "API_KEY", "SUBSCRIPTION_KEY"))
    return _(
        "⚠️ MTN refuses our key for the {product} account, so nothing of it can be sent or looked up."
        " Check {names} in the settings."
    ).format(product=facts["product"], names=names)


def _person_left(facts: dict[str, Any]) -> str:
    left = _("{name} left the group: their role rests until they are back.").format(name=escape(facts["who"]))
    stopped = _("Stopped before they were sent: {n}.").format(n=facts["stopped"])
    return f"{left} {stopped}" if facts["stopped"] else left


def _person_back(facts: dict[str, Any]) -> str:
    return _("{name} is back in the group: their role counts again.").format(name=escape(facts["who"]))


def _bot_removed(facts: dict[str, Any]) -> str:
    if facts["till"] is None:
        return _("⚠️ I was put out of the admins' chat: nobody sees requests for approval there. Add me again.")
    return _(
        "⚠️ I was put out of {till}: the till is closed. What is on its way is followed to its end."
        " To open it again, add me and send /start there."
    ).format(till=escape(facts["till"]))


def _added_again(facts: dict[str, Any]) -> str:
    return _("I am back. {till} is closed since I was put out of here; an owner opens it again with /start.").format(
        till=escape(facts["till"])
    )


def _blocked(facts: dict[str, Any]) -> str:
    return _(
        "⚠️ {name} has blocked me, so I cannot write to them in private. How their transactions end is told to the"
        " owners meanwhile; ask them to unblock me."
    ).format(name=escape(facts["who"]))


def _dead_letter(_facts: dict[str, Any]) -> str:
    return _("Sorry, something went wrong here and your last message was not carried out. Please send it again.")


def _disk_nearly_full(_facts: dict[str, Any]) -> str:
    return _(
        "⚠️ My disk is nearly full, so I take nothing new. Make room on it: without any I must stop. What is confirmed"
        " is still sent, and what is on its way is followed to its end."
    )


def _disk_has_room(_facts: dict[str, Any]) -> str:
    return _("My disk has room again: I take new transactions.")


def _backup_failed(facts: dict[str, Any]) -> str:
    return _(
        "⚠️ I could not make a copy of my records, and try again every hour: {reason}. Everything else works. If it"
        " stays like this, a broken disk would take with it what happened since the last copy."
    ).format(reason=escape(facts["reason"]))


def _backup_works(_facts: dict[str, Any]) -> str:
    return _("Copies of my records are made again.")


def _document_not_taken(_facts: dict[str, Any]) -> str:
    return _("I could not send the file here. Let me send files in this chat, or ask me for it in private.")


def _export_no_room(_facts: dict[str, Any]) -> str:
    return _("❌ The table was not made: the bot's disk is nearly full. Tell the owner.")


def _export_failed(_facts: dict[str, Any]) -> str:
    return _("❌ The table could not be made. Ask for fewer days, or tell the owner.")


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "refused_making_sure": _refused_making_sure,
    "rejected_because": _rejected_because,
    "still_waiting": _still_waiting,
    "was_away": _was_away,
    "telegram_back": _telegram_back,
    "mtn_away": _mtn_away,
    "mtn_back": _mtn_back,
    "nobody_reached": _nobody_reached,
    "role_changed": _role_changed,
    "trail_broken": _trail_broken,
    "rows_changed": _rows_changed,
    "person_left": _person_left,
    "person_back": _person_back,
    "bot_removed": _bot_removed,
    "added_again": _added_again,
    "blocked": _blocked,
    "dead_letter": _dead_letter,
    "frozen": stops.frozen,
    "anomaly": stops.anomaly,
    "thaw_waits": stops.thaw_waits,
    "thawed": stops.thawed,
    "corrected": _corrected,
    "restored": restores.restored,
    "forgotten": restores.forgotten,
    "key_refused": _key_refused,
    "export_failed": _export_failed,
    "export_no_room": _export_no_room,
    "document_not_taken": _document_not_taken,
    "disk_nearly_full": _disk_nearly_full,
    "disk_has_room": _disk_has_room,
    "backup_failed": _backup_failed,
    "backup_works": _backup_works,
    "digest": digests.digest,
    "closing": digests.closing,
}
