"""Makes the tables people asked for: read a page at a time, written away from the event loop, kept until sent."""

import asyncio
import contextlib
import shutil
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from bot.chat.documents import columns
from bot.chat.documents.columns import Hidden
from bot.chat.documents.tables import TABLES, Table
from bot.chat.language import speak
from bot.domain.policy import Policy
from bot.service import exports
from bot.store.database import Store
from bot.store.exports import Export
from bot.store.lines import Line, Span

PAGE_ROWS = 2000


class Stopped(Exception):
    """The program ends, and the table is made anew after the next start; or it was given up."""


class Exporter:
    """Makes one table after the other. ``stopping``: make no further page."""

    def __init__(self, store: Store, policy: Policy, folder: Path, page_rows: int = PAGE_ROWS) -> None:
        self._store = store
        self._policy = policy
        self._folder = folder
        self._page_rows = page_rows
        self.stopping = False

    def clean(self) -> None:
        """Remove what an earlier process left: it is made anew when it is wanted."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def make(self, export: Export) -> None:
        """Make a table and have it sent, or give it up and say so."""
        with contextlib.suppress(Stopped):
            await self._make(export)

    async def _make(self, export: Export) -> None:
        begun = await self._store.tx(lambda tx: exports.begin(tx, self._policy, export))
        if begun is None:
            return
        wanted = export.wanted
        hidden = Hidden(wanted.masked, wanted.nameless)
        writing = Writing(self._folder, export.id, wanted.form, self._policy, hidden)
        with speak(wanted.language):
            try:
                parts = await self._write(export, begun, writing)
                await asyncio.to_thread(writing.close)
            except BaseException:
                await asyncio.to_thread(writing.discard)
                raise
        await self._store.tx(lambda tx: exports.finish(tx, export, begun.total, parts))

    async def _write(self, export: Export, begun: exports.Begun, writing: "Writing") -> int:
        after: Line | None = None
        # What ended in the very instant in which it was seen open is not told twice.
        seen = {line.id for line in begun.still_open}
        while page := await self._next(export, begun.span, after, writing.rows):
            await asyncio.to_thread(writing.write, [line for line in page if line.id not in seen])
            after = page[-1]
        await asyncio.to_thread(writing.write, begun.still_open)
        return writing.parts

    async def _next(self, export: Export, span: Span, after: Line | None, done: int) -> list[Line]:
        read = partial(exports.page, export=export, span=span, after=after, done=done, limit=self._page_rows)
        page = None if self.stopping else await self._store.tx(read)
        if page is None:
            raise Stopped
        return page


class Writing:
    """The files of one table. Everything here runs away from the event loop."""

    def __init__(self, folder: Path, export_id: int, form: str, policy: Policy, hidden: Hidden) -> None:
        self._folder, self._export_id, self._form = folder, export_id, form
        self._policy, self._hidden = policy, hidden
        self._table: Table | None = None
        self._balance = Decimal(0)
        self.rows = 0
        self.parts = 0

    def write(self, lines: Sequence[Line]) -> None:
        """Write the next lines, into a new file where one is full."""
        table = self._open()
        for row in columns.rows(lines, self._balance, self._policy.fees):
            if table.is_full:
                self.close()
                table = self._open()
            table.write(columns.cells(row, self._policy.zone, self._hidden))
            self._balance = self._balance if row.balance is None else row.balance
            self.rows += 1

    def _open(self) -> Table:
        if self._table is None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self.parts += 1
            self._table = TABLES[self._form](path_of(self._folder, self._export_id, self.parts, self._form))
            self._table.write(columns.headings())
        return self._table

    def close(self) -> None:
        """Finish the file that is open, if one is."""
        table, self._table = self._table, None
        if table is not None:
            table.close()

    def discard(self) -> None:
        """Remove what was written."""
        self.close()
        for part in range(1, self.parts + 1):
            path_of(self._folder, self._export_id, part, self._form).unlink(missing_ok=True)


def path_of(folder: Path, export_id: int, part: int, form: str) -> Path:
    """Return where a part of a table lies until it is sent."""
    return folder / f"export-{export_id}-{part}.{form}"
