"""What a check finds: one thing each, with the cure where it is not in order.

Sentences are templates that are marked where they are written, and ``facts`` fill them: the same finding is read in a
terminal, in a log and, in the reader's language, in the chat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. An error keeps the bot from doing its work; a warning is for the operator to decide on."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``cure`` says what to do, and is empty when it is in order."""

    subject: str
    level: Level
    text: str
    cure: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """What was found, in English."""
        return self.text.format(**self.facts)

    @property
    def advice(self) -> str:
        """What to do, in English."""
        return self.cure.format(**self.facts)


def fine(subject: str, text: str, /, **facts: object) -> Finding:
    """Return that something is in order."""
    return Finding(subject, Level.OK, text, "", facts)


def warning(subject: str, text: str, cure: str, /, **facts: object) -> Finding:
    """Return that somebody should decide whether this is meant."""
    return Finding(subject, Level.WARNING, text, cure, facts)


def wrong(subject: str, text: str, cure: str, /, **facts: object) -> Finding:
    """Return that the bot cannot do its work like this."""
    return Finding(subject, Level.ERROR, text, cure, facts)
