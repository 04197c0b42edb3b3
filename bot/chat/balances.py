"""What a balance message says: the last known figures at once, MTN's own when they come."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.formats import clock_time, money
from bot.service.views import BalanceView
from momo import Product

NAMES = {Product.COLLECTION.value: "Collection", Product.DISBURSEMENT.value: "Disbursement"}


def balance(shown: BalanceView, zone: ZoneInfo, *, sandbox: bool) -> str:
    """Return the text of a balance message."""
    asking = shown.view.outcome is None
    lines = [f"<b>Balance</b> ({'sandbox, no real money' if sandbox else 'LIVE'})"]
    for known in shown.known:
        age = f" (at {clock_time(known.at, zone)}, {_age(shown.now, known.at)})" if shown.view.outcome != "ok" else ""
        lines.append(f"{NAMES.get(known.product, known.product)}: <b>{money(known.available)}</b>{age}")
    if asking:
        lines.append("Asking MTN …")
    elif shown.view.outcome != "ok":
        what = f" a balance in {shown.view.currency}" if shown.view.currency else ""
        lines.append(f"MTN does not tell{what} right now. Try again in a minute.")
    return "\n".join(lines)


def _age(now: datetime, at: datetime) -> str:
    minutes = int((now - at).total_seconds() // 60)
    return "just now" if minutes < 1 else f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
