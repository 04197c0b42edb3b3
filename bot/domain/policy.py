"""The house rules of one bot: its currency, its owners, and how many approvals a transaction needs."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.transactions import Kind
from momo import Market, Money

PAYMENTS = frozenset({Kind.TRANSFER, Kind.DEPOSIT})
DRAFTS_PER_PERSON = 5


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings decide about money and people; the same for every desk of a bot."""

    market: Market
    owners: frozenset[int]
    admin_chat_id: int | None
    approval_limit: Money | None
    new_admin_delay: timedelta
    single_person_refunds: bool = False

    @property
    def is_sandbox(self) -> bool:
        """Whether no real money moves."""
        return self.market.target_environment == "sandbox"

    def approvals_needed(self, kind: Kind, amount: Money) -> int:
        """Return how many people other than the maker must approve."""
        if kind is Kind.REFUND:
            return 1
        over = self.approval_limit is not None and amount.amount > self.approval_limit.amount
        return int(kind in PAYMENTS and over)

    def may_approve_own(self, kind: Kind, maker_id: int) -> bool:
        """Tell whether this maker may approve what they asked for: refunds, by an owner alone in a small shop."""
        return kind is Kind.REFUND and self.single_person_refunds and maker_id in self.owners
