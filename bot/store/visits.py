"""Groups the bot sits in without being their till."""

from bot.store.database import Tx
from bot.store.times import to_ms


def note(tx: Tx, chat_id: int) -> None:
    """Keep since when the bot is known to be in a chat."""
    tx.conn.execute(
        "INSERT INTO visit(chat_id, since_ms) VALUES(?, ?) ON CONFLICT DO NOTHING", (chat_id, to_ms(tx.now))
    )


def end(tx: Tx, chat_id: int) -> None:
    """Forget a chat: the bot has left it, or it is a till now."""
    tx.conn.execute("DELETE FROM visit WHERE chat_id = ?", (chat_id,))


def longer_than(tx: Tx, milliseconds: int) -> list[int]:
    """Return the chats the bot has been in for longer."""
    rows = tx.conn.execute("SELECT chat_id FROM visit WHERE since_ms <= ?", (to_ms(tx.now) - milliseconds,))
    return [row["chat_id"] for row in rows]
