"""What a check found: one line, with the cure where something is wrong."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


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


def fine(subject: str, text: str) -> Finding:
    """Return that something is in order."""
    return Finding(subject, Level.OK, text)


def warning(subject: str, text: str, cure: str) -> Finding:
    """Return that somebody should decide whether this is meant."""
    return Finding(subject, Level.WARNING, text, cure)


def wrong(subject: str, text: str, cure: str) -> Finding:
    """Return that the bot cannot do its work like this."""
    return Finding(subject, Level.ERROR, text, cure)


def of_mistake(mistake: str) -> Finding:
    """Return a mistake in the settings, told as "NAME: what is wrong: what to write"."""
    name, _, rest = mistake.partition(": ")
    text, _, cure = rest.partition(": ")
    return wrong(f"settings {name}", text, cure)


def passed(findings: Iterable[Finding]) -> bool:
    """Tell whether there is no error among them."""
    return all(finding.level is not Level.ERROR for finding in findings)


def line(finding: Finding) -> str:
    """Return a finding as a person reads it in a terminal."""
    cure = f"\n         → {finding.cure}" if finding.cure else ""
    return f"{finding.level:<8} {finding.subject}: {finding.text}{cure}"


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """Return all of them as a script reads them."""
    return {"passed": passed(findings), "findings": [asdict(finding) for finding in findings]}
