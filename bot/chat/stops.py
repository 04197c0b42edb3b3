"""What is said about stopping and going on. Every value is escaped where it is put in; all of it is HTML."""

from collections.abc import Mapping
from typing import Any

from bot.chat.formats import clock_time, escape
from bot.domain.freezing import Anomaly, Cause
from bot.store.times import from_ms

ANOMALIES: Mapping[str, str] = {
    Anomaly.FLIPPED: "MTN now tells another end of a transaction that was over",
    Anomaly.MISMATCH: "MTN's answer does not fit what was asked",
    Anomaly.KNOWN_AFTER_ALL: "MTN knows a transaction that was closed as never sent",
    Anomaly.CALLBACK_UNSENT: "somebody outside knows the secret address of a transaction that was never sent",
    Anomaly.TOKEN_ELSEWHERE: (
        "another program fetches this bot's messages. Is the bot started twice? If not, its token is stolen: get a new"
        " one from @BotFather with /revoke, and trust no other message here until then"
    ),
}
CAUSES: Mapping[str, str] = {
    Cause.RESTORED: "the database is a restored copy, and newer payments may be missing in it",
    Cause.JOURNAL: "the reference journal cannot be written",
}
SHORT_REASON, MANY_MINUTES = 60, 120
STAYS = (
    "Nothing is lost: what is on its way is followed to its end, and what was confirmed waits until its time is over."
)
GO_ON = "Two people who may decide let it go on with /thaw."


def why(facts: Mapping[str, Any], longest: int = 1000) -> str:
    """Return who stopped the sending and for which reason: "by Admin: the phone is lost"."""
    if facts["cause"] != Cause.PERSON:
        return "by the bot: " + (CAUSES.get(facts["cause"]) or anomaly_words(facts["reason"]))
    return f"by {escape(facts['by'])}" + (f": {escape(facts['reason'][:longest])}" if facts["reason"] else "")


def anomaly_words(kind: str) -> str:
    """Return what an anomaly is, in words."""
    return ANOMALIES.get(kind) or escape(kind)


def refusal(facts: Mapping[str, Any]) -> str:
    """Return why nothing can be sent now, short enough for the answer to a press."""
    return f"Sending is stopped, {since(facts)} Nothing is lost. Do this again when the bot says that it goes on."


def since(facts: Mapping[str, Any]) -> str:
    """Return since when and by whom: "for 7 minutes, by Admin: the phone is lost."."""
    return f"for {_long(facts['minutes'])}, {why(facts, SHORT_REASON)}."


def _long(minutes: int) -> str:
    if minutes <= 1:
        return "a minute"
    return f"{minutes} minutes" if minutes < MANY_MINUTES else f"{minutes // 60} hours"


def frozen(facts: Mapping[str, Any]) -> str:
    """Return the announcement of a stop."""
    return f"🛑 Sending is stopped {why(facts)}. {STAYS} {GO_ON}"


def anomaly(facts: Mapping[str, Any]) -> str:
    """Return what was seen while sending was stopped already."""
    return f"🛑 One more thing while sending is stopped: {anomaly_words(facts['reason'])}."


def thaw_waits(facts: Mapping[str, Any]) -> str:
    """Return who agreed to go on, and what it waits for."""
    by = escape(facts["by"])
    if facts.get("until_ms") is None:
        return f"{by} agrees that sending goes on. One more person who may decide must agree, with /thaw."
    at = clock_time(from_ms(facts["until_ms"]), facts["zone"])
    return f"⏳ {by} lets sending go on, alone: it does so by itself at {at}. An admin can prevent that with /freeze."


def thawed(facts: Mapping[str, Any]) -> str:
    """Return that sending goes on, and who agreed."""
    return f"▶️ Sending goes on; {escape(facts['by'])} agreed. What was confirmed and still has time is sent now."
