"""What MTN charges, by a table the operator wrote: shown on cards, never counted in any sum.

MTN alone decides what it takes; it tells no fee in its answers, so all there is to show is this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.transactions import Kind
from momo import Money

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Fee:
    """What is charged from an amount on: ``figure`` in the currency, or in percent of the amount."""

    start: int
    figure: Decimal
    percent: bool = False


# The tiers of a kind, from the lowest amount up. A kind that is not in it, or an amount below its first tier: unknown.
Fees = Mapping[Kind, tuple[Fee, ...]]


def fee_of(fees: Fees, kind: Kind, amount: Money, decimals: int) -> Money | None:
    """Return what the table says of an amount, in as many decimals as the currency has; None when it says nothing."""
    tiers = [tier for tier in fees.get(kind, ()) if amount.amount >= tier.start]
    if not tiers:
        return None
    tier = tiers[-1]
    charged = amount.amount * tier.figure * HUNDREDTH if tier.percent else tier.figure
    return Money(charged.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), amount.currency)
