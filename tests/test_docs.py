"""Stale documentation fails: every command, setting and state has its place in the documents."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from bot.chat.application import MENU
from bot.domain.transactions import TRANSITIONS
from bot.settings import Settings
from bot.store import migrations

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
GUIDES = {name: (ROOT / "docs" / f"{name}.md").read_text() for name in ("merchants", "admins")}
ENVIRONMENT = (ROOT / ".env.example").read_text()
LARGEST_PICTURE = 200_000
DEFINED = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()


@pytest.mark.parametrize("command", MENU)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"| `/{command}" in README


@pytest.mark.parametrize("command", MENU)
def test_every_command_is_in_a_guide(command: str) -> None:
    assert re.search(rf"(?:^|`)/{command}\b", "\n".join(GUIDES.values()), re.MULTILINE)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guides_name_no_command_that_does_not_exist(guide: str) -> None:
    named = set(re.findall(r"(?:^|`)/(\w+)", GUIDES[guide], re.MULTILINE))

    assert named - {*MENU, "back"} == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_picture_of_a_guide_is_there_and_small(guide: str) -> None:
    pictures = re.findall(r'src="(.+?\.png)" width="\d+" alt=".+?"', GUIDES[guide])

    assert pictures
    assert all(0 < (ROOT / "docs" / name).stat().st_size <= LARGEST_PICTURE for name in pictures)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_example_environment(name: str) -> None:
    assert re.search(rf"^#? ?{name.upper()}=", ENVIRONMENT, re.MULTILINE)


def test_the_example_environment_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", ENVIRONMENT, re.MULTILINE))

    assert {name.removesuffix("_FILE") for name in named} <= {name.upper() for name in Settings.model_fields}


def test_every_alert_is_well_formed_and_explained() -> None:
    operations = ROOT / "docs" / "operations"
    rules = (operations / "alerts.yml").read_text().split("      - alert: ")[1:]
    explained = re.findall(r"^### (\w+)$", (operations / "README.md").read_text(), re.MULTILINE)

    assert [rule.partition("\n")[0] for rule in rules] == explained
    assert all(re.search(r"expr: .+\n(.+\n)+ +annotations:\n +summary: .+\.\n$", rule) for rule in rules)
    assert json.loads((operations / "dashboard.json").read_text())["panels"]


def test_the_version_has_its_chapter_in_the_changelog_and_its_row_in_the_upgrade_notes() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"\n## {version} - " in (ROOT / "CHANGELOG.md").read_text()
    assert f"\n| {version} | {migrations.newest()} |\n" in (ROOT / "docs" / "upgrading.md").read_text()


def test_the_state_diagram_is_the_state_table() -> None:
    drawn = set(re.findall(r"^ +([A-Z_]+) --> ([A-Z_]+)$", ARCHITECTURE, re.MULTILINE))

    assert drawn == {(source, target) for source, targets in TRANSITIONS.items() for target in targets}


@pytest.mark.parametrize("page", ["safety.md", "sandbox.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / page).read_text()))
    written = {name for file in ROOT.glob("tests/**/test_*.py") for name in DEFINED.findall(file.read_text())}

    assert named
    assert named - written == set()


@pytest.mark.parametrize("target", ["demo", "tour", "test", "install", "lint"])
def test_every_make_target_the_documents_name_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text()

    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert f"make {target}" in README + (ROOT / "CONTRIBUTING.md").read_text()
