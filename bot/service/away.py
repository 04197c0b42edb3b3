"""After a longer absence the bot says so, before anybody wonders; and takes no time it has not lived for proof."""

from datetime import datetime

import structlog

from bot.service import unreached
from bot.store import facts, outages, outbox, transactions
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

log = structlog.get_logger(__name__)

ALIVE_AT = "alive_at"


def note_alive(tx: Tx) -> None:
    """Write down that the bot lives now.

    After a gap (the bot was away, or the clock was set forward) MTN's "not found" counts anew: a transaction is
    closed as never sent only by what was heard over time that has really passed.
    """
    if tx.now - last_alive(tx) > unreached.WORTH_SAYING:
        transactions.forget_not_found(tx)
    facts.put(tx.conn, ALIVE_AT, str(to_ms(tx.now)))


def last_alive(tx: Tx) -> datetime:
    """Return when the bot last wrote down that it lived; the beginning of time if it never did."""
    return from_ms(int(facts.get(tx.conn, ALIVE_AT) or 0))


def come_down(tx: Tx) -> None:
    """At start: if an earlier run's clock was ahead of ours, let nothing wait for a time that is far away.

    What was not sent by then is over: nobody can say how old it is.
    """
    if last_alive(tx) > tx.now:
        log.warning("the clock was set back while the bot was away", was=last_alive(tx).isoformat())
        transactions.bring_forward(tx)
        outbox.bring_forward(tx)
        note_alive(tx)


def say_back(tx: Tx) -> None:
    """At start: tell each desk with open transactions how long the bot was away, if that is worth saying.

    If Telegram was away before the bot was, it is one absence.
    """
    alive_at = facts.get(tx.conn, ALIVE_AT)
    note_alive(tx)
    outages.forget_untold(tx)
    lost = outages.end(tx, unreached.TELEGRAM)
    if alive_at is None:
        return
    since = min(from_ms(int(alive_at)), lost.since if lost else tx.now)
    if tx.now - since > unreached.WORTH_SAYING:
        unreached.tell_desks(tx, "was_away", since)
