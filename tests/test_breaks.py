"""The breaks fit the tree and the page that promises them; `make breaks` makes them."""

import re
from pathlib import Path

import pytest

from tests.breaks import BREAKS, ROOT, Break, broken, home_of

THREATS = (ROOT / "docs" / "safety.md").read_text().partition("## Threats")[2].partition("\n## ")[0]
TESTS_OF = {
    int(row): set(re.findall(r"`(test_\w+)`", line))
    for row, line in re.findall(r"^\| (\d+) (.*)$", THREATS, re.MULTILINE)
}


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: one.test)
def test_a_break_finds_each_of_its_texts_exactly_once(one: Break) -> None:
    assert [(ROOT / edit.file).read_text().count(edit.old) for edit in one.edits] == [1] * len(one.edits)
    assert home_of(one.test)


def test_every_threat_has_a_break_and_every_break_is_of_a_test_the_page_names() -> None:
    broken_rows = {one.row for one in BREAKS}
    assert broken_rows == TESTS_OF.keys()
    assert [(one.row, one.test) for one in BREAKS if one.test not in TESTS_OF[one.row]] == []


def test_a_broken_tree_is_whole_again_afterwards(tmp_path: Path) -> None:
    one = BREAKS[0].edits[0]
    (tmp_path / one.file).parent.mkdir(parents=True)
    (tmp_path / one.file).write_text(before := f"before {one.old} after")
    with broken(tmp_path, [one]):
        assert (tmp_path / one.file).read_text() == f"before {one.new} after"
    assert (tmp_path / one.file).read_text() == before
