"""Transactions and card views to write about: plausible in every field, changed where a test needs it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.transactions import Kind, State, Transaction
from bot.service.views import CardView
from bot.store.cards import Card, CardRole
from bot.store.contacts import Contact
from momo import Money, Msisdn

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
UNTIL = datetime(2026, 1, 5, 9, 5, tzinfo=UTC)
KAMPALA = ZoneInfo("Africa/Kampala")
NASTY = '<b>O\'Neil</b> & "Sons" <script>'
# What may be said of nothing but a final SUCCESSFUL.
BIG_WORDS = ("successful", "paid", "received")

TXN = Transaction(
    id=1,
    reference_id="5d3c1a52-9f5e-4b6e-8f2a-0c6d8a1b2c3d",
    short_code="ABC234",
    callback_token="t" * 43,
    kind=Kind.TRANSFER,
    amount=Money(Decimal("1500.50"), "EUR"),
    decimals=2,
    msisdn=Msisdn("46733123999"),
    payee_name="Sand Box",
    note="Order 7",
    desk_id=1,
    maker_id=1002,
    original_id=None,
    approvals_needed=0,
    self_approval=False,
    state=State.DRAFT,
    version=0,
    created_at=NOW,
    expires_at=UNTIL,
    next_at=NOW,
    lease_until=NOW,
    hinted_at=NOW,
)
CARD = Card(1, 1, CardRole.MAKER, -5001, None, None, "n" * 22, None, 7)
CONTACT = Contact(1, 1, NASTY, NASTY.lower(), Msisdn("46733123999"), NASTY, "n" * 22, 1002, -5001, None, None)
VIEW = CardView(CARD, TXN, "Corner shop", "Merchant", None, None, can_retry=False)


def view(
    role: CardRole = CardRole.MAKER, *, can_retry: bool = False, desk: str = "Corner shop", **txn: Any
) -> CardView:
    """Return a card's view, with these changes to its transaction."""
    card = replace(CARD, role=role)
    return replace(VIEW, card=card, txn=replace(TXN, **txn), can_retry=can_retry, desk=desk)


def big_words(text: str) -> list[str]:
    """Return which of the words are in a text that only a final SUCCESSFUL may bring."""
    return [word for word in BIG_WORDS if word in text.lower()]
