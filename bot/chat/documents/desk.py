"""What makers of documents are given."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.policy import Policy
from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk they write at: where the rows are, whose clock counts, and by what name people reach the bot."""

    store: Store
    policy: Policy
    zone: ZoneInfo
    bot_name: str

    @property
    def sandbox(self) -> bool:
        """Whether no real money moves."""
        return self.policy.is_sandbox
