"""The page at /_sandbox/: accounts, transactions and callbacks to look at. Loads itself again every two seconds.

Plain HTML without any script; whatever came from outside is escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from momo.sandbox.operations import Product
from momo.sandbox.statuses import wire_amount
from momo.sandbox.wallet import Transaction
from momo.wire import HttpResponse

if TYPE_CHECKING:
    from momo.sandbox.core import Sandbox

SHOWN = 100  # of each kind, the youngest
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
_STYLE = (
    "body{font:15px/1.4 system-ui,sans-serif;margin:2em;color:#222;background:#fff}"
    "table{border-collapse:collapse;margin:.5em 0 1.5em}th,td{padding:.25em .8em;border-bottom:1px solid #ddd;"
    "text-align:left;overflow-wrap:anywhere}th{background:#fc0}"
    "@media (prefers-color-scheme:dark){body{color:#ddd;background:#181818}th{color:#222}}"
)


def shown(sandbox: "Sandbox") -> HttpResponse:
    """The page as it stands now."""
    transactions = list(sandbox.transactions.values())
    parts = [
        _heading(sandbox),
        _accounts(sandbox),
        _transactions(transactions),
        _callbacks(sandbox),
        _faults(sandbox),
    ]
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
        f'<meta name="viewport" content="width=device-width"><title>MoMo sandbox</title><style>{_STYLE}</style></head>'
    )
    return HttpResponse(200, _HEADERS, f"{head}<body>{''.join(parts)}</body></html>".encode())


def _heading(sandbox: "Sandbox") -> str:
    settings = sandbox.settings
    return (
        f"<h1>MoMo sandbox</h1><p>{escape(settings.target_environment)}, {escape(settings.currency)}, "
        f"second {sandbox.timeline.now():.0f} of its clock. Not MTN: no money is here. "
        f'<a href="/_sandbox/routes">Control routes</a></p>'
    )


def _accounts(sandbox: "Sandbox") -> str:
    ledger, currency = sandbox.ledger, sandbox.settings.currency
    rows = [(ledger.account_of(product), wire_amount(ledger.balance(product)), currency) for product in Product]
    return _table("Accounts", ("account", "balance", "currency"), dict.fromkeys(rows))


def _transactions(transactions: Sequence[Transaction]) -> str:
    names = ("at", "operation", "reference id", "amount", "party", "status", "reason")
    return _table("Transactions", names, (_row(one) for one in reversed(transactions[-SHOWN:])))


def _row(one: Transaction) -> tuple[object, ...]:
    order = one.order
    amount = f"{wire_amount(order.amount)} {order.currency}"
    party = order.party["partyId"] if order.party else ""
    return f"{one.created_at:.0f}", order.operation.name, one.reference_id, amount, party, one.status, one.reason or ""


def _callbacks(sandbox: "Sandbox") -> str:
    tried = sandbox.callbacks.deliveries[-SHOWN:]
    rows = (
        (each.callback.method, each.callback.url, each.callback.body.decode(), each.status or "no answer")
        for each in reversed(tried)
    )
    return _table("Callbacks", ("verb", "to", "body", "answered"), rows)


def _faults(sandbox: "Sandbox") -> str:
    rows = (
        (rule.name, rule.match.operation or rule.match.path or "any call", "ever" if rule.count is None else rule.count)
        for rule in sandbox.faults.rules
    )
    return _table("Faults in force", ("fault", "hits", "times"), rows)


def _table(title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    if not lines:
        return f"<h2>{title}</h2><p>None.</p>"
    return f"<h2>{title}</h2><table><thead><tr>{_cells('th', names)}</tr></thead><tbody>{lines}</tbody></table>"


def _cells(tag: str, values: Iterable[object]) -> str:
    return "".join(f"<{tag}>{escape(str(value))}</{tag}>" for value in values)
