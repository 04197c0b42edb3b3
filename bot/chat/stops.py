"""What is said about stopping and going on. Every value is escaped where it is put in; all of it is HTML."""

from collections.abc import Mapping
from typing import Any

from bot.chat.formats import clock_time, escape
from bot.chat.language import _, later, ngettext
from bot.domain.freezing import Anomaly, Cause
from bot.store.times import from_ms

ANOMALIES: Mapping[str, str] = {
    Anomaly.FLIPPED: later("MTN now tells another end of a transaction that was over"),
    Anomaly.MISMATCH: later("MTN's answer does not fit what was asked"),
    Anomaly.KNOWN_AFTER_ALL: later("MTN knows a transaction that was closed as never sent"),
    Anomaly.CALLBACK_UNSENT: later("somebody outside knows the secret address of a transaction that was never sent"),
    Anomaly.TOKEN_ELSEWHERE: later(
        "another program fetches this bot's messages. Is the bot started twice? If not, its token is stolen: get a new"
        " one from @BotFather with /revoke, and trust no other message here until then"
    ),
}
CAUSES: Mapping[str, str] = {
    Cause.RESTORED: later("the database is a restored copy, and newer payments may be missing in it"),
    Cause.JOURNAL: later("the reference journal cannot be written"),
}
SHORT_REASON, MANY_MINUTES = 60, 120
STAYS = later(
    "Nothing is lost: what is on its way is followed to its end, and what was confirmed waits until its time is over."
)
GO_ON = later("Two people who may decide let it go on with /thaw.")


def why(facts: Mapping[str, Any], longest: int = 1000) -> str:
    """Return who stopped the sending and for which reason: "by Admin: the phone is lost"."""
    cause = facts["cause"]
    if cause != Cause.PERSON:
        return _("by the bot: {why}").format(
            why=_(CAUSES[cause]) if cause in CAUSES else anomaly_words(facts["reason"])
        )
    by, reason = escape(facts["by"]), escape(facts["reason"][:longest])
    return _("by {name}: {reason}").format(name=by, reason=reason) if reason else _("by {name}").format(name=by)


def anomaly_words(kind: str) -> str:
    """Return what an anomaly is, in words."""
    return _(ANOMALIES[kind]) if kind in ANOMALIES else escape(kind)


def refusal(facts: Mapping[str, Any]) -> str:
    """Return why nothing can be sent now, short enough for the answer to a press."""
    return _("Sending is stopped, {since} Nothing is lost. Do this again when the bot says that it goes on.").format(
        since=since(facts)
    )


def since(facts: Mapping[str, Any]) -> str:
    """Return since when and by whom: "for 7 minutes, by Admin: the phone is lost."."""
    minutes, by = facts["minutes"], why(facts, SHORT_REASON)
    if minutes < MANY_MINUTES:
        n = max(minutes, 1)
        return ngettext("for a minute, {why}.", "for {n} minutes, {why}.", n).format(n=n, why=by)
    n = minutes // 60
    return ngettext("for an hour, {why}.", "for {n} hours, {why}.", n).format(n=n, why=by)


def frozen(facts: Mapping[str, Any]) -> str:
    """Return the announcement of a stop."""
    return f"{_('🛑 Sending is stopped {why}.').format(why=why(facts))} {_(STAYS)} {_(GO_ON)}"


def anomaly(facts: Mapping[str, Any]) -> str:
    """Return what was seen while sending was stopped already."""
    return _("🛑 One more thing while sending is stopped: {what}.").format(what=anomaly_words(facts["reason"]))


def thaw_waits(facts: Mapping[str, Any]) -> str:
    """Return who agreed to go on, and what it waits for."""
    by = escape(facts["by"])
    if facts.get("until_ms") is None:
        return _("{name} agrees that sending goes on. One more person who may decide must agree, with /thaw.").format(
            name=by
        )
    at = clock_time(from_ms(facts["until_ms"]), facts["zone"])
    return _(
        "⏳ {name} lets sending go on, alone: it does so by itself at {time}. An admin can prevent that with /freeze."
    ).format(name=by, time=at)


def thawed(facts: Mapping[str, Any]) -> str:
    """Return that sending goes on, and who agreed."""
    return _("▶️ Sending goes on; {names} agreed. What was confirmed and still has time is sent now.").format(
        names=escape(facts["by"])
    )
