"""Telegram was away: kept as a row, and said in each till that missed something, once it is back."""

from datetime import datetime, timedelta

from bot.service import telling
from bot.store import codes, outages, outbox, people
from bot.store.database import Tx
from bot.store.outbox import Lane

TELEGRAM = "telegram"
WORTH_SAYING = timedelta(minutes=5)


def missed(tx: Tx) -> None:
    """Take that Telegram did not answer."""
    outages.missed(tx, TELEGRAM, tx.now)


def reached(tx: Tx, began: datetime) -> None:
    """Take that Telegram answered for the first time since the start, and since when it was tried."""
    outages.missed(tx, TELEGRAM, began)
    heard(tx, delivered=False)


def heard(tx: Tx, *, delivered: bool) -> bool:
    """Take that Telegram answered: it took a message (*delivered*), or gave us updates.

    After a longer outage each desk that missed something is told. False: messages still do not get through, although
    updates come.
    """
    if not delivered and outbox.is_stuck(tx.conn):
        return False
    over = outages.end(tx, TELEGRAM)
    if over is not None and tx.now - over.since > WORTH_SAYING:
        tell_desks(tx, "telegram_back", over.since)
    return True


def tell_desks(tx: Tx, name: str, since: datetime) -> None:
    """Say, before whatever else waits, how long it was, in each desk with something that is open or ended meanwhile."""
    minutes = (tx.now - since) // timedelta(minutes=1)
    for desk in people.open_desks(tx.conn):
        still_open = codes.still_open(tx.conn, desk.id)
        ended = codes.ended_since(tx.conn, desk.id, since)
        if still_open or ended:
            telling.notice(tx, desk.chat_id, name, lane=Lane.ANSWER, minutes=minutes, open=still_open, changed=ended)
