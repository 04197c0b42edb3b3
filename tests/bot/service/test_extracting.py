"""Everything of one till, and of no other, in files that only their owner can read and no spreadsheet runs."""

import csv
import json
import random
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from bot import extracting
from bot.domain.roles import Role
from bot.domain.transactions import Kind
from bot.extracting import NotExtracted
from bot.service.payments import Intent, Place, draft
from bot.store import people
from bot.store.extracts import KINDS, Copy, NoSuchDesk
from tests.support.till import CASHIER, OWNER, PAYEE, Till, euros

DOCUMENT = (Path(__file__).parents[3] / "docs" / "export.md").read_text()
FORMULA = "=HYPERLINK(1)"


def given_out(till: Till, dest: Path, desk: str = "shop") -> dict[str, int]:
    part = extracting.begin(dest, f"{random.Random(1).random()}")
    till.store.conn.execute("VACUUM INTO ?", (str(part / extracting.COPY),))
    try:
        return extracting.finish(part, dest, desk)
    finally:
        extracting.discard(part)


def noted(till: Till, desk_id: int, note: str, update_id: int) -> None:
    intent = Intent(Kind.TRANSFER, PAYEE, euros("5"), note, None, "")
    till.do(lambda tx: draft(tx, till.policy, CASHIER, desk_id, Place(-1), intent, update_id))


def in_json(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def in_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_everything_of_a_till_is_written_twice_and_nothing_of_another(till: Till, tmp_path: Path) -> None:
    paid = till.paid()
    till.pending()
    noted(till, till.desk.id, FORMULA, 900)
    other = till.do(lambda tx: people.open_desk(tx, -77, "Other", OWNER))
    till.grant(CASHIER, Role.CASHIER, other.id)
    noted(till, other.id, "of another till", 901)
    counts = given_out(till, tmp_path / "out")
    lines, table = (in_json(tmp_path / "out" / "transactions.jsonl"), in_csv(tmp_path / "out" / "transactions.csv"))
    assert counts["transactions"] == len(lines) == len(table) == 3
    assert (lines[0]["reference_id"], lines[0]["state"], lines[0]["msisdn"]) == (
        paid.reference_id,
        "SUCCESSFUL",
        str(PAYEE),
    )
    assert (lines[-1]["note"], table[-1]["note"]) == (FORMULA, f"'{FORMULA}")
    everything = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    assert "of another till" not in everything
    assert not any(token in everything for token in till.ask("SELECT callback_token FROM txn"))


def test_only_its_owner_can_read_it_and_nothing_else_is_left(till: Till, tmp_path: Path) -> None:
    given_out(till, tmp_path / "out")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert len(list((tmp_path / "out").iterdir())) == 2 * len(KINDS)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_there_is_not_overwritten_and_an_unknown_till_leaves_nothing(till: Till, tmp_path: Path) -> None:
    with pytest.raises(NoSuchDesk, match="there are: Shop"):
        given_out(till, tmp_path / "out", "No shop")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").touch()
    with pytest.raises(NotExtracted, match="exists already"):
        given_out(till, tmp_path / "out")


def test_every_column_is_documented(till: Till, tmp_path: Path) -> None:
    till.store.conn.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    copy = Copy(tmp_path / "copy.db")
    documented = {
        kind: re.findall(r"`(\w+)`", row)
        for kind, row in re.findall(r"^\| `(\w+)` \| (.*) \|$", DOCUMENT, re.MULTILINE)
    }
    try:
        assert {kind: set(columns) for kind, columns in documented.items()} == {
            kind: set(copy.extract(kind, 1).columns) for kind in KINDS
        }
    finally:
        copy.close()
