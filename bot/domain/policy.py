"""The house rules of one bot: its currency, its owners, and how many approvals a transaction needs."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.fees import Fees
from bot.domain.limits import Limits
from bot.domain.transactions import Kind
from momo import Market, Money

PAYMENTS = frozenset({Kind.TRANSFER, Kind.DEPOSIT})
DRAFTS_PER_PERSON = 5
UTC = ZoneInfo("UTC")


class Tier(NamedTuple):
    """From which amount on, in whole currency units, how many people must approve what needs an approval at all."""

    start: int
    approvals: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings decide about money and people; the same for every desk of a bot."""

    market: Market
    owners: frozenset[int]
    admin_chat_id: int | None
    approval_limit: Money | None
    new_admin_delay: timedelta
    single_person_refunds: bool = False
    zone: ZoneInfo = UTC
    # The language of whoever has chosen none and whose Telegram tells none that is spoken here.
    language: str = "en"
    limits: Limits = field(default_factory=dict)
    # From the lowest amount up, beginning at 0.
    tiers: tuple[Tier, ...] = (Tier(0, 1),)
    # What MTN charges by the operator's own table: shown, never counted.
    fees: Fees = field(default_factory=dict)
    # When the admins are told of the day, by the clock of ``zone``; None: not at all.
    digest_at: time | None = None
    # When a till that wishes nothing else is told the closing of its day, by the same clock; None: not at all.
    closing_at: time | None = None

    @property
    def is_sandbox(self) -> bool:
        """Whether no real money moves."""
        return self.market.target_environment == "sandbox"

    def approvals_needed(self, kind: Kind, amount: Money) -> int:
        """Return how many people other than the maker must approve."""
        over = self.approval_limit is not None and amount.amount > self.approval_limit.amount
        if kind is Kind.REFUND or (kind in PAYMENTS and over):
            return [tier.approvals for tier in self.tiers if amount.amount >= tier.start][-1]
        return 0

    def may_approve_own(self, kind: Kind, maker_id: int) -> bool:
        """Tell whether this maker may approve what they asked for: refunds, by an owner alone in a small shop."""
        return kind is Kind.REFUND and self.single_person_refunds and maker_id in self.owners
