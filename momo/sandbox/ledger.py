"""Where money is, and every movement of it. The proof that something was paid once is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from momo.sandbox.operations import Product
from momo.sandbox.settings import Settings

SHARED_ACCOUNT = "shared"


@dataclass(frozen=True, slots=True)
class Effect:
    """One movement of money: *amount* is positive, *change* is what it did to *account*."""

    reference_id: str
    operation: str
    amount: Decimal
    currency: str
    party: str | None
    at: float
    account: str
    change: Decimal


class Ledger:
    """The accounts, one per product (or one for all: setting `shared_wallet`)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._effects: list[Effect] = []
        self._changes: dict[str, Decimal] = {}

    @property
    def effects(self) -> Sequence[Effect]:
        """Every movement so far, oldest first."""
        return tuple(self._effects)

    def effects_of(self, reference_id: str) -> list[Effect]:
        """The movements under one reference id; more than one would be a double payment."""
        return [effect for effect in self._effects if effect.reference_id == reference_id]

    def account_of(self, product: Product) -> str:
        """The name of the account that *product* uses."""
        return SHARED_ACCOUNT if self._settings.shared_wallet else product.value

    def balance(self, product: Product) -> Decimal:
        """What is in the account of *product* now."""
        return self._settings.opening_balance + self._changes.get(self.account_of(product), Decimal(0))

    def post(self, effect: Effect) -> None:
        """Move the money."""
        self._effects.append(effect)
        self._changes[effect.account] = self._changes.get(effect.account, Decimal(0)) + effect.change
