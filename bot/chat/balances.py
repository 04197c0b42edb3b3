"""What a balance message says: the last known figures at once, MTN's own when they come."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.formats import clock_time, money
from bot.chat.language import _, later
from bot.service.views import BalanceView
from bot.store.balances import Known
from momo import Product

NAMES = {Product.COLLECTION.value: later("Collection"), Product.DISBURSEMENT.value: later("Disbursement")}


def balance(shown: BalanceView, zone: ZoneInfo, *, sandbox: bool) -> str:
    """Return the text of a balance message."""
    asking = shown.view.outcome is None
    lines = [_("<b>Balance</b> ({world})").format(world=_("sandbox, no real money") if sandbox else _("LIVE"))]
    lines += [_line(shown, known, zone) for known in shown.known]
    if asking:
        lines.append(_("Asking MTN …"))
    elif shown.view.outcome != "ok":
        lines.append(_not_told(shown.view.currency))
    return "\n".join(lines)


def _line(shown: BalanceView, known: Known, zone: ZoneInfo) -> str:
    account, amount = _(NAMES.get(known.product, known.product)), f"<b>{money(known.available)}</b>"
    if shown.view.outcome == "ok":
        return _("{account}: {amount}").format(account=account, amount=amount)
    return _("{account}: {amount} (at {time}, {age})").format(
        account=account, amount=amount, time=clock_time(known.at, zone), age=age(shown.now, known.at)
    )


def _not_told(currency: str | None) -> str:
    if currency is None:
        return _("MTN does not tell right now. Try again in a minute.")
    return _("MTN does not tell a balance in {currency} right now. Try again in a minute.").format(currency=currency)


def age(now: datetime, at: datetime) -> str:
    """Return how long ago a figure was told."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 120:
        return _("{n} min ago").format(n=minutes)
    return _("{n} h ago").format(n=minutes // 60)
