"""The page about going live quotes what the program says, and names what there is."""

import re
from pathlib import Path

import pytest

from bot.chat.application import MENU
from bot.settings import _LIVE_HOST, _SANDBOX_HOST, Settings
from momo.markets import _MARKETS
from tests.support.deployment import ROOT, secret_files

PAGE = (ROOT / "docs" / "going-live.md").read_text()
FAILURES = PAGE[PAGE.index("## When something fails") : PAGE.index("After a refusal of this kind")]
QUOTES = re.findall(r"^\|(?: [^`|]+ \|| `[A-Z_]+` \|)? `([^`]+)` \|", FAILURES, re.MULTILINE)
SOURCE = "".join(file.read_text() for package in ("bot", "momo") for file in (ROOT / package).rglob("*.py"))
SHORTEST = 6


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table that begins with this heading."""
    table = PAGE[PAGE.index(heading) :].partition("\n\n")[0]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_each_failure_is_quoted() -> None:
    assert len(QUOTES) == sum(line.startswith("| ") for line in FAILURES.splitlines()) - len(("about", "it says"))


@pytest.mark.parametrize("quote", QUOTES)
def test_each_quoted_sentence_is_one_of_the_programs(quote: str) -> None:
    parts = [part for part in re.split("…|HTTP [0-9]+", quote) if len(part.strip()) >= SHORTEST]
    assert [part for part in parts if part.strip() not in SOURCE] == []


def test_every_setting_it_names_is_one() -> None:
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b", PAGE)) - {"REAL_MONEY"}
    assert {name.removesuffix("_FILE").lower() for name in named} <= set(Settings.model_fields)


def test_every_secret_that_the_containers_read_is_named() -> None:
    assert [name for name in secret_files("compose.yaml", "compose.webhook.yaml") if f"`{name}`" not in PAGE] == []


def test_every_command_and_file_it_names_exists() -> None:
    assert set(re.findall(r"`/(\w+)`", PAGE)) - {"newbot", "revoke"} <= set(MENU)
    linked = [Path(path) for path in re.findall(r"\]\(([^):]+)\)", PAGE)]
    assert linked
    assert [path for path in linked if not (ROOT / "docs" / path).exists()] == []
    assert "(docs/going-live.md)" in (ROOT / "README.md").read_text()


def test_the_markets_are_those_the_client_knows() -> None:
    table = {row[1]: tuple(row[2:5]) for row in rows("| market |")}
    known = {
        name: (
            m.currency,
            str(m.decimals),
            f"{m.calling_code} + {m.national_digits} digits" if m.calling_code else "any",
        )
        for name, m in _MARKETS.items()
    }
    assert table == known
    assert [row[5] for row in rows("| market |")[:3]] == [_SANDBOX_HOST, _LIVE_HOST, "the same"]
