"""Tables as files: typed cells, text that no spreadsheet runs, and parts that Telegram takes."""

import stat
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.chat.documents.columns import Cell
from bot.chat.documents.inert import inert, is_risky
from bot.chat.documents.tables import CsvTable, Table, XlsxTable
from tests.bot.chat.documents import csv_rows, xlsx_rows

AT = datetime(2026, 11, 27, 10, 2, 11, tzinfo=ZoneInfo("Africa/Kampala"))
RISKY = [
    "=1+1",
    '=HYPERLINK("https://evil.example","pay here")',
    "=cmd|' /C calc'!A0",
    "+256700123456",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＠SUM(1)",
    "'=1+1",
    '"=1+1',
    "|calc",
    "%0A",
]
HARMLESS = ["", "Order 7", "a=b", "Mary's", "5", "é", "محمد", "•••• 123", "a-b", "x@y"]


def write(table: Table, *rows: Sequence[Cell]) -> None:
    for row in rows:
        table.write(row)
    table.close()


@pytest.mark.parametrize("text", RISKY)
def test_text_that_begins_like_a_formula_is_made_inert_and_nothing_of_it_is_lost(text: str, tmp_path: Path) -> None:
    write(CsvTable(tmp_path / "t.csv"), [text])
    write(XlsxTable(tmp_path / "t.xlsx"), [text])

    assert csv_rows((tmp_path / "t.csv").read_bytes()) == [[f"'{text}"]]
    assert xlsx_rows((tmp_path / "t.xlsx").read_bytes()) == [[text.replace("\r", "\n")]]


@pytest.mark.parametrize("text", RISKY)
def test_no_workbook_holds_a_formula(text: str, tmp_path: Path) -> None:
    import openpyxl

    write(XlsxTable(tmp_path / "t.xlsx"), [text])
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx").active["A1"]

    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert (inert(text), is_risky(text)) == (text, False)


def test_a_csv_file_is_utf_8_with_its_mark_and_quoted_as_the_standard_has_it(tmp_path: Path) -> None:
    write(CsvTable(tmp_path / "t.csv"), [AT, Decimal("1500.50"), None, 'a "quoted", text\nin two lines', "é"])

    assert (tmp_path / "t.csv").read_bytes() == (
        b'\xef\xbb\xbf2026-11-27T10:02:11+03:00,1500.50,,"a ""quoted"", text\nin two lines",\xc3\xa9\r\n'
    )


def test_a_workbook_holds_moments_and_exact_amounts_as_such(tmp_path: Path) -> None:
    write(XlsxTable(tmp_path / "t.xlsx"), [AT, Decimal("1500.50"), Decimal(-7), "256700123456", None, "#N/A"])

    [row] = xlsx_rows((tmp_path / "t.xlsx").read_bytes())
    assert row[:4] == [datetime(2026, 11, 27, 10, 2, 11), 1500.5, -7, "256700123456"]  # noqa: DTZ001 - as Excel has it
    assert row[5] == "#N/A"


def test_what_a_workbook_cannot_hold_is_shown_as_a_sign(tmp_path: Path) -> None:
    write(XlsxTable(tmp_path / "t.xlsx"), ["a\x00b\x0bc"])

    assert xlsx_rows((tmp_path / "t.xlsx").read_bytes()) == [["a�b�c"]]


@pytest.mark.parametrize("make", [CsvTable, XlsxTable])
def test_files_are_for_our_eyes_only_and_leave_nothing_beside_them(make: type[CsvTable], tmp_path: Path) -> None:
    write(make(tmp_path / "t"), ["1"])

    assert [path.name for path in tmp_path.iterdir()] == ["t"]
    assert stat.S_IMODE((tmp_path / "t").stat().st_mode) == 0o600


def test_a_file_is_full_before_telegram_refuses_it(tmp_path: Path) -> None:
    text, book = CsvTable(tmp_path / "t.csv", most_bytes=20_000), XlsxTable(tmp_path / "t.xlsx", most_rows=3)
    rows = 0
    while not text.is_full:
        text.write(["x" * 99])
        rows += 1
    for _ in range(3):
        assert not book.is_full
        book.write(["1"])
    text.close()

    assert book.is_full
    assert (tmp_path / "t.csv").stat().st_size < 20_000 + 10_000
    book.close()
