"""The receipt of a transaction that went through: its text, and its page."""

import asyncio
from typing import Any

from bot.chat import receipts
from bot.chat.documents.desk import Desk
from bot.chat.documents.paper import File, Paper
from bot.chat.language import _
from bot.service import receipts as issued
from bot.store import transactions
from bot.store.database import Tx


async def words(desk: Desk, order: dict[str, Any]) -> Paper:
    """Return the receipt as a message to forward."""
    view = await desk.store.tx(lambda tx: _view(tx, order))
    return Paper(receipts.text(view, desk.zone, sandbox=desk.sandbox, nameless=order["nameless"]))


async def page(desk: Desk, order: dict[str, Any]) -> Paper:
    """Return the receipt as one page with a QR code."""
    view = await desk.store.tx(lambda tx: _view(tx, order))
    content = await asyncio.to_thread(
        _render,
        _("Receipt"),
        _("Sandbox: no real money moved.") if desk.sandbox else "",
        receipts.rows(view, desk.zone, nameless=order["nameless"]),
        _("To check it, scan this or send the bot:"),
        receipts.grouped(view.code),
        receipts.link(desk.bot_name, view.code),
    )
    caption = _("Receipt of {reference}, to print or to pass on.").format(reference=view.txn.short_code)
    return Paper(caption, File(content, f"receipt-{view.txn.short_code}.pdf"))


def _render(*what: Any) -> bytes:
    """Draw the page; called away from the event loop, since the first import takes its time."""
    from bot.chat.documents import receipt_page  # not paid for until a receipt is wanted

    return receipt_page.render(*what)


def _view(tx: Tx, order: dict[str, Any]) -> issued.ReceiptView:
    return issued.view(tx, transactions.get(tx.conn, order["txn_id"]))
