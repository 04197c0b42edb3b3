"""A database belongs to one MTN account: which one is written into it at creation, and nothing else may use it."""

from bot.store import audit, facts
from bot.store.database import Tx


class ForeignAccount(Exception):
    """The database was made for another MTN account."""


def name(base_url: str, target_environment: str, currency: str) -> str:
    """Return how an account is written into a database."""
    return f"{base_url} {target_environment} {currency}"


def bind(tx: Tx, base_url: str, target_environment: str, currency: str) -> None:
    """Bind a new database to the account, or check that an old one is bound to it.

    Raises:
        ForeignAccount: it belongs to another one: its transactions would be unknown there.
    """
    ours = name(base_url, target_environment, currency)
    if facts.get(tx.conn, facts.ACCOUNT) is None:
        audit.append(tx, "account bound", "bot", account=ours)
    bound = facts.put_once(tx.conn, facts.ACCOUNT, ours)
    if bound != ours:
        raise ForeignAccount(
            f"this database belongs to the MTN account [{bound}], the settings name [{ours}]:"
            " set DATABASE_PATH to another file, or put the settings back"
        )
