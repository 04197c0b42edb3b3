"""Exports: who may have which table, how far it is, and what is said of it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.periods import Period
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.service import telling
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import audit, exports, lines, outbox
from bot.store.database import Tx
from bot.store.exports import Export, Wanted
from bot.store.lines import Line, Span
from bot.store.outbox import Form, Lane

FORMS = ("xlsx", "csv")
# A shorter table is there before anybody could read how far it is.
LONG_ROWS = 5000
MOST_TRIES = 3
# The smallest step of the clock that the database keeps.
INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A table that is being made: what it is made of, and the lines that will close it, as they are now."""

    span: Span
    total: int
    still_open: list[Line]


def ask(tx: Tx, seat: Seat, place: Place, form: str, period: Period, *, language: str) -> Export:
    """Have a table made and sent. Numbers are hidden in groups; from auditors names and notes too.

    Raises:
        Refusal: another table of this person's is being made, or there is no room for one.
    """
    if exports.is_waiting_for(tx.conn, seat.user_id):
        raise Refusal(Why.EXPORT_IN_WORK)
    if tx.cramped:
        raise Refusal(Why.DISK_NEARLY_FULL)
    auditor, in_group = seat.role is Role.AUDITOR, place.chat_id != seat.user_id
    desk_id = seat.desk.id if seat.desk else None
    wanted = Wanted(
        seat.user_id,
        place.chat_id,
        place.thread_id,
        place.reply_to,
        desk_id,
        form,
        period.first,
        period.last,
        masked=auditor or in_group,
        nameless=auditor,
        language=language,
    )
    days = f"{period.first}..{period.last}"
    audit.append(tx, "export", f"user:{seat.user_id}", desk=desk_id, form=form, days=days, masked=wanted.masked)
    return exports.add(tx, wanted)


def begin(tx: Tx, policy: Policy, export: Export) -> Begun | None:
    """Begin to make a table, from its first row; None: it failed too often, and its chat is told.

    What ends from now on is left to a later table, so that no page can miss or repeat a line.
    """
    if export.tries >= MOST_TRIES:
        abandon(tx, export, "export_failed")
        return None
    wanted = export.wanted
    days = Period(wanted.first, wanted.last, policy.zone)
    span = Span(days.since, min(days.until, tx.now + INSTANT), wanted.desk_id)
    still_open = lines.still_open(tx.conn, Span(days.since, days.until, wanted.desk_id))
    total = lines.count_ended(tx.conn, span) + len(still_open)
    exports.begin(tx, export.id, total)
    if total >= LONG_ROWS:
        _show(tx, export, Lane.ANSWER if export.message_id is None else Lane.PROGRESS)
    return Begun(span, total, still_open)


def page(tx: Tx, export: Export, span: Span, after: Line | None, done: int, limit: int) -> list[Line] | None:
    """Return the next lines of a table, and show how far it is; None: there is no room, and it is given up."""
    if tx.cramped:  # the database needs what room there is
        abandon(tx, export, "export_no_room")
        return None
    if done >= LONG_ROWS:
        exports.progress(tx, export.id, done)
        _show(tx, export, Lane.PROGRESS)
    return lines.ended(tx.conn, span, after, limit)


def finish(tx: Tx, export: Export, total: int, parts: int) -> None:
    """Write down that a table is made, and have its files sent."""
    exports.finish(tx, export.id, parts)
    if total >= LONG_ROWS:
        _show(tx, export, Lane.PROGRESS)
    wanted = export.wanted
    for part in range(1, parts + 1):
        outbox.add(
            tx,
            wanted.chat_id,
            Form.DOCUMENT,
            Lane.ANSWER,
            dedupe=f"export:{export.id}:{part}:{export.tries}",
            document="export",
            export_id=export.id,
            part=part,
            language=wanted.language,
            thread_id=wanted.thread_id,
            reply_to=wanted.reply_to,
        )


def abandon(tx: Tx, export: Export, why: str) -> None:
    """Give a table up and say so where it was asked for, by the sentence *why*."""
    exports.give_up(tx, export.id)
    wanted = export.wanted
    telling.notice(tx, wanted.chat_id, why, thread_id=wanted.thread_id, reply_to=wanted.reply_to)


def _show(tx: Tx, export: Export, lane: Lane) -> None:
    """Have the message that tells how far a table is brought up to date."""
    wanted = export.wanted
    outbox.add(
        tx,
        wanted.chat_id,
        Form.PROGRESS,
        lane,
        subject=f"export:{export.id}",
        export_id=export.id,
        language=wanted.language,
    )
