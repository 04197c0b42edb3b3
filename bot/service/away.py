"""After a longer absence the bot says so, before anybody wonders."""

from datetime import timedelta

from bot.service import telling
from bot.store import facts, people, transactions
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

ALIVE_AT = "alive_at"
WORTH_SAYING = timedelta(minutes=5)


def note_alive(tx: Tx) -> None:
    """Write down that the bot lives now."""
    facts.put(tx.conn, ALIVE_AT, str(to_ms(tx.now)))


def say_back(tx: Tx) -> None:
    """Tell each desk with open transactions how long the bot was away, if that is worth saying."""
    alive_at = facts.get(tx.conn, ALIVE_AT)
    note_alive(tx)
    if alive_at is None or tx.now - from_ms(int(alive_at)) <= WORTH_SAYING:
        return
    minutes = int((tx.now - from_ms(int(alive_at))).total_seconds() // 60)
    for desk in people.open_desks(tx.conn):
        codes = transactions.open_codes(tx.conn, desk.id)
        if codes:
            telling.notice(tx, desk.chat_id, "was_away", minutes=minutes, open=codes)
