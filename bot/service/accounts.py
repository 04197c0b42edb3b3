"""A database belongs to one MTN account and one Telegram bot: which is written into it, and nothing else may use it."""

from typing import Any

from bot.store import audit, facts
from bot.store.database import Tx


class ForeignAccount(Exception):
    """The database was made for another MTN account, or for another Telegram bot."""


def name(base_url: str, target_environment: str, currency: str) -> str:
    """Return how an account is written into a database."""
    return f"{base_url} {target_environment} {currency}"


def bind(tx: Tx, base_url: str, target_environment: str, currency: str) -> None:
    """Bind a new database to the account, or check that an old one is bound to it.

    Raises:
        ForeignAccount: it belongs to another one: its transactions would be unknown there.
    """
    ours = name(base_url, target_environment, currency)
    bound = _bound(tx, facts.ACCOUNT, ours, "account bound", account=ours)
    if bound != ours:
        raise ForeignAccount(
            f"this database belongs to the MTN account [{bound}], the settings name [{ours}]:"
            " set DATABASE_PATH to another file, or put the settings back"
        )


def bind_bot(tx: Tx, token: str) -> None:
    """Bind a database to the bot of a token, or check that it is bound to it; a new token of the same bot is its own.

    Another bot's updates are counted from elsewhere: some would be taken for known ones, and dropped.

    Raises:
        ForeignAccount: it belongs to another bot.
    """
    ours = token.partition(":")[0]
    bound = _bound(tx, facts.BOT, ours, "bot bound", telegram=ours)
    if bound != ours:
        raise ForeignAccount(
            f"this database belongs to the Telegram bot {bound}, TELEGRAM_BOT_TOKEN is of bot {ours}:"
            " set DATABASE_PATH to another file, or give a token of that bot"
        )


def _bound(tx: Tx, fact: str, ours: str, event: str, **data: Any) -> str:
    """Bind a database that is not yet, which the trail tells; return what it is bound to."""
    if facts.get(tx.conn, fact) is None:
        audit.append(tx, event, "bot", **data)
    return facts.put_once(tx.conn, fact, ours)
