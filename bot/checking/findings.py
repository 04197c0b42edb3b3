"""Findings as they are read in a terminal and by scripts."""

from collections.abc import Iterable
from typing import Any

from bot.domain.checkup import Finding, Level, wrong


def of_mistake(mistake: str) -> Finding:
    """Return a mistake in the settings, told as "NAME: what is wrong: what to write"."""
    name, _, rest = mistake.partition(": ")
    text, _, cure = rest.partition(": ")
    return wrong(f"settings {name}", "{text}", "{cure}", text=text, cure=cure)


def passed(findings: Iterable[Finding]) -> bool:
    """Tell whether there is no error among them."""
    return all(finding.level is not Level.ERROR for finding in findings)


def line(finding: Finding) -> str:
    """Return a finding as a person reads it in a terminal."""
    cure = f"\n         → {finding.advice}" if finding.cure else ""
    return f"{finding.level:<8} {finding.subject}: {finding.said}{cure}"


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """Return all of them as a script reads them."""
    return {"passed": passed(findings), "findings": [_plain(finding) for finding in findings]}


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "level": finding.level,
        "text": finding.said,
        "cure": finding.advice,
    }
