"""Tables written row by row into files: CSV and workbooks. Everything here runs away from the event loop."""

import csv
import os
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol

from bot.chat.documents.columns import Cell
from bot.chat.documents.inert import inert, is_risky, writable

# Under Telegram's 50 MB for one file, with room for what closes it.
MOST_BYTES = 45_000_000
# A workbook's size is known only when it is closed; so many rows are about half of what may be sent.
MOST_ROWS = 300_000
MOST_DECIMALS = 3
PRIVATE = 0o600


class Table(Protocol):
    """One file that is being written."""

    def write(self, cells: Sequence[Cell]) -> None: ...
    def close(self) -> None: ...
    @property
    def is_full(self) -> bool: ...


class CsvTable:
    """Text as RFC 4180 has it, in UTF-8 with the mark by which spreadsheets know that; amounts with a point."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._file: IO[str] = open(path, "w", encoding="utf-8-sig", newline="", opener=_private)  # noqa: SIM115
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._most_bytes = most_bytes
        self._rows = 0

    def write(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        self._writer.writerow([_as_text(cell) for cell in cells])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    @property
    def is_full(self) -> bool:
        """Whether the next row belongs into another file."""
        return self._file.buffer.tell() >= self._most_bytes  # type: ignore[attr-defined, no-any-return]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}"
        case _:
            return inert(cell)


class XlsxTable:
    """A workbook with one sheet: moments and amounts are numbers, everything else is text and never a formula."""

    def __init__(self, path: Path, most_rows: int = MOST_ROWS) -> None:
        # Not paid for until a workbook is wanted.
        from openpyxl import Workbook  # type: ignore[import-untyped]
        from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
        from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter  # type: ignore[import-untyped]

        self._path, self._most_rows, self._rows = path, most_rows, 0
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet()
        self._sheet.freeze_panes = "A2"
        # Its rows wait in a file of their own until the workbook is closed: beside it, not in a folder for everybody.
        part = path.with_name(f"{path.name}.part")
        part.touch(PRIVATE)
        ALL_TEMP_FILES.append(str(part))
        self._sheet._writer = WorksheetWriter(self._sheet, str(part))  # noqa: SLF001
        self._sheet._writer.write_top()  # noqa: SLF001
        self._moment, self._risky = WriteOnlyCell(self._sheet), WriteOnlyCell(self._sheet)
        self._moment.number_format = "yyyy-mm-dd hh:mm:ss"
        self._risky.quotePrefix = True
        # By how many decimals are shown.
        self._amounts = {decimals: WriteOnlyCell(self._sheet) for decimals in range(MOST_DECIMALS + 1)}
        for decimals, cell in self._amounts.items():
            cell.number_format = "#,##0." + "0" * decimals if decimals else "#,##0"

    def write(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        self._sheet.append(self._typed(cell) for cell in cells)
        self._rows += 1

    def _typed(self, cell: Cell) -> object:
        match cell:
            case datetime():
                self._moment.value = cell.replace(tzinfo=None)
                return self._moment
            case Decimal():
                amount = self._amounts[min(max(-int(cell.as_tuple().exponent), 0), MOST_DECIMALS)]
                amount.value = cell
                return amount
            case str() if is_risky(cell) or cell.startswith("#"):
                self._risky.value = writable(cell)
                self._risky.data_type = "s"
                return self._risky
            case str():
                return writable(cell) or None
            case _:
                return None

    def close(self) -> None:
        """Finish the file."""
        self._path.touch(PRIVATE)
        self._book.save(self._path)

    @property
    def is_full(self) -> bool:
        """Whether the next row belongs into another file."""
        return self._rows >= self._most_rows


TABLES: dict[str, type[CsvTable] | type[XlsxTable]] = {"csv": CsvTable, "xlsx": XlsxTable}
