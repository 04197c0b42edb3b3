"""What makers of documents are given."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.policy import Policy
from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk they write at: where the rows are, whose clock counts, the bot's name, and where files wait."""

    store: Store
    policy: Policy
    zone: ZoneInfo
    bot_name: str
    folder: Path

    @property
    def sandbox(self) -> bool:
        """Whether no real money moves."""
        return self.policy.is_sandbox
