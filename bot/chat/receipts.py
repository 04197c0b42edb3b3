"""What a receipt says, and what is said of a receipt that somebody shows. All of it is HTML but the page's rows.

What lives here: the words, and reading a code as people type, paste or scan it. What must not: whether it is genuine.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from bot.chat.badinput import BadInput, BadReason
from bot.chat.formats import escape, money
from bot.chat.language import LANGUAGES, _, current, later, speak
from bot.domain.mint import SHORT_CODE_LENGTH
from bot.domain.transactions import Kind
from bot.service.receipts import CODE_LENGTH, Genuine, ReceiptView

# In Telegram's deep links: t.me/<bot>?start=v_<code>.
LINK = "v_"
EXAMPLE = "7K3MQP-ABCDE-FGHIJ-KLMNO-PQRST"
GROUP = 5
_IN_A_TEXT = re.compile(r"\b[0-9A-Z]{6}(?:-[0-9A-Z]{5}){4}\b", re.IGNORECASE | re.ASCII)
_SEPARATORS = re.compile(r"[\s_–—-]+")
# What is taken for another letter when it is read off paper: these digits are in no seal.
_MISREAD = str.maketrans("018", "OIB")

HEADINGS = {
    Kind.REQUEST_TO_PAY: (later("Received"), later("From")),
    Kind.WITHDRAW: (later("Received"), later("From")),
    Kind.TRANSFER: (later("Paid"), later("To")),
    Kind.DEPOSIT: (later("Paid"), later("To")),
    Kind.REFUND: (later("Refunded"), later("To")),
}

Rows = list[tuple[str, str]]


def grouped(code: str) -> str:
    """Return a code as it is printed."""
    cuts = [0, *range(SHORT_CODE_LENGTH, len(code) + 1, GROUP)]
    return "-".join(code[start:end] for start, end in pairwise(cuts))


def read_code(text: str) -> str:
    """Return the code in what somebody typed, pasted or scanned: the code alone, or a text with one in it.

    Raises:
        BadInput: there is none.
    """
    found = _IN_A_TEXT.search(text)
    code = _squeezed(text) if is_code_alone(text) else _squeezed(found[0]) if found else ""
    if not code.isascii() or not code.isalnum():
        missing = not text.strip()
        reason = BadReason.RECEIPT_CODE_MISSING if missing else BadReason.RECEIPT_CODE_SHAPE
        raise BadInput(reason, f"/verify {EXAMPLE}", text)
    code = code.upper()
    return code[:SHORT_CODE_LENGTH] + code[SHORT_CODE_LENGTH:].translate(_MISREAD)


def is_code_alone(text: str) -> bool:
    """Tell whether nothing but a code, however it is grouped, may be in a text."""
    return len(_squeezed(text)) == CODE_LENGTH


def _squeezed(text: str) -> str:
    return _SEPARATORS.sub("", text.strip().removeprefix(LINK))


def link(bot_name: str, code: str) -> str:
    """Return what a phone's camera opens: this bot, told to check the code."""
    return f"https://t.me/{bot_name}?start={LINK}{code}"


def text(view: ReceiptView, zone: ZoneInfo, *, sandbox: bool, nameless: bool) -> str:
    """Return a receipt as a message to forward."""
    title = f"🧾 <b>{escape(_('Receipt'))}</b>"
    check = _("To check it: {command}").format(command=f"<code>/verify {grouped(view.code)}</code>")
    return "\n".join([title, *_world(sandbox), *_as_html(rows(view, zone, nameless=nameless)), check])


def _world(sandbox: bool) -> list[str]:
    return [f"⚠️ {_('Sandbox: no real money moved.')}"] if sandbox else []


def _as_html(shown: Rows) -> list[str]:
    return [f"{escape(label)}: {escape(value)}" for label, value in shown]


def rows(view: ReceiptView, zone: ZoneInfo, *, nameless: bool) -> Rows:
    """Return what a receipt shows, label by label, as plain text."""
    txn = view.txn
    done, side = HEADINGS[txn.kind]
    whose = txn.msisdn.masked() if view.number_kept else _("number removed")
    name = "" if nameless else txn.payee_name or ""
    shown = [
        (_("Till"), view.desk),
        (_(done), money(txn.amount, current())),
        (_(side), ", ".join(filter(None, [name, whose]))),
        (_("Time"), _moment(txn.final_at, zone) if txn.final_at else ""),
        (_("MTN's id"), txn.financial_transaction_id or ""),
        (_("Note"), "" if nameless else txn.note),
        (_("Refund of"), view.original_code or ""),
        (_("Reference"), txn.short_code),
        (_("Reference id"), txn.reference_id),
    ]
    return [(label, value) for label, value in shown if value]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return format_datetime(at.astimezone(zone), "d MMM y, HH:mm:ss 'UTC'xxx", locale=current())


def forged() -> str:
    """Return what is said of a code this bot did not make."""
    return _("❌ This bot did not issue this receipt: it is forged, or its code was changed. Give nothing out for it.")


def genuine(found: Genuine, zone: ZoneInfo, *, sandbox: bool, nameless: bool, shown: str) -> str:
    """Return what this bot knows of a receipt it issued. *shown*: the text that came with the code, if any did."""
    head = _("✅ Genuine: this bot issued this receipt. If it says anything else than this, it was changed.")
    if shown and not _says_so(shown, found.view, zone):
        head = _("⚠️ This receipt was changed: its code is genuine, but it belongs to what stands here.")
    since = _since(found.view) if found.own else []
    facts = _as_html(rows(found.view, zone, nameless=nameless))
    return "\n".join([head, *_world(sandbox), *facts, *since])


def _since(view: ReceiptView) -> list[str]:
    """Say what became of it since, to those who may know."""
    if view.txn.kind is not Kind.REQUEST_TO_PAY:
        return []
    if not view.given_back:
        return [_("Nothing of it was refunded since.")]
    return [
        _("⚠️ Refunded since: {amount} ({reference}).").format(
            amount=money(back.amount, current()), reference=back.short_code
        )
        for back in view.given_back
    ]


def _says_so(shown: str, view: ReceiptView, zone: ZoneInfo) -> bool:
    """Tell whether a text says, in one of our languages, everything that the code stands for."""
    words = " ".join(shown.split())
    return any(all(fact in words for fact in _facts(view, zone, language)) for language in LANGUAGES)


def _facts(view: ReceiptView, zone: ZoneInfo, language: str) -> Sequence[str]:
    txn = view.txn
    done, side = HEADINGS[txn.kind]
    with speak(language):
        facts = [
            f"{_(done)}: {money(txn.amount, language)}",
            f"{_('Time')}: {_moment(txn.final_at, zone) if txn.final_at else ''}",
            txn.msisdn.masked() if view.number_kept else _(side),
            txn.financial_transaction_id or "",
        ]
    return [" ".join(fact.split()) for fact in facts]
