"""A table that is made: its files, one at a time, and how far one is that is being made."""

from typing import Any

from babel.numbers import format_decimal

from bot.chat import reports
from bot.chat.documents.desk import Desk
from bot.chat.documents.exporter import path_of
from bot.chat.documents.paper import File, Paper
from bot.chat.formats import escape
from bot.chat.language import _, current, ngettext
from bot.domain.periods import Period
from bot.store import exports, people
from bot.store.database import Tx
from bot.store.exports import Export


async def part(desk: Desk, order: dict[str, Any]) -> Paper | None:
    """Return one file of a table; None when it is gone, and the table is being made anew."""
    export = await desk.store.tx(lambda tx: exports.get(tx.conn, order["export_id"]))
    path = path_of(desk.folder, export.id, order["part"], export.wanted.form)
    if not path.exists():
        await desk.store.tx(lambda tx: exports.make_again(tx, export.id))
        return None
    wanted = export.wanted
    of_many = f"-{order['part']}-of-{export.parts}" if (export.parts or 1) > 1 else ""
    name = f"momo-{wanted.first}-{wanted.last}{of_many}.{wanted.form}"
    caption = await desk.store.tx(lambda tx: _caption(tx, desk, export, order["part"]))
    return Paper(caption, File(path, name, passing=True))


def _caption(tx: Tx, desk: Desk, export: Export, number: int) -> str:
    wanted = export.wanted
    till = people.desk(tx.conn, wanted.desk_id).title[: reports.LONGEST_TILL] if wanted.desk_id else ""
    days = reports.days(Period(wanted.first, wanted.last, desk.zone))
    lines = [f"📄 <b>{escape(till) or _('Every till')}</b>, {days}", _rows(export.total or 0)]
    if export.parts and export.parts > 1:
        lines.append(_("File {n} of {all}.").format(n=number, all=export.parts))
    if wanted.masked and not wanted.nameless:
        lines.append(_("Numbers are hidden here: ask in private for a table with them."))
    return "\n".join(lines)


def _rows(n: int) -> str:
    return ngettext("{n} row", "{n} rows", n).format(n=_figure(n))


def progress(export: Export) -> str:
    """Return how far a long table is."""
    if export.parts is not None:
        return _("✅ The table is made: {rows}.").format(rows=_rows(export.total or 0))
    done, total = _figure(export.done), _figure(export.total or 0)
    return _("⏳ Making the table: {done} of {total} rows").format(done=done, total=total)


def _figure(n: int) -> str:
    return format_decimal(n, locale=current())
