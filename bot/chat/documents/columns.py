"""The columns of an exported table: what stands in each, by its type, in the language spoken now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.chat.formats import number, plain
from bot.chat.language import _, later
from bot.chat.reasons import plain as reason
from bot.chat.words import STATE_WORDS, kind_word
from bot.domain.fees import Fees, fee_of
from bot.domain.transactions import State
from bot.service.reports import MONEY_IN
from bot.store.lines import Line

# A moment in the till's own time, an exact amount, a text, or nothing.
Cell = datetime | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its effect on the balance and the balance after it; None: it has none.

    ``fee``: what the operator's own table says MTN charges; MTN tells no fee, so it is in no balance.
    """

    line: Line
    money_in: Decimal | None
    money_out: Decimal | None
    balance: Decimal | None
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a table leaves out."""

    numbers: bool
    names: bool


def rows(lines: Iterable[Line], balance: Decimal, fees: Fees) -> Iterator[Row]:
    """Go on from a balance: what went through changes it, in the order in which it did; nothing else does."""
    for line in lines:
        if line.state is not State.SUCCESSFUL or not line.final:
            yield Row(line, None, None, balance if line.final else None)
            continue
        came_in = line.kind in MONEY_IN
        amount = line.amount.amount
        balance += amount if came_in else -amount
        fee = fee_of(fees, line.kind, line.amount, line.decimals)
        yield Row(line, amount if came_in else None, None if came_in else amount, balance, fee.amount if fee else None)


def headings() -> list[str]:
    """Return the first row."""
    return [_(heading) for heading in HEADINGS]


def cells(row: Row, zone: ZoneInfo, hidden: Hidden) -> list[Cell]:
    """Return one row, column by column as ``HEADINGS`` names them."""
    line = row.line
    return [
        line.at.astimezone(zone).replace(microsecond=0),
        line.till,
        line.short_code,
        line.reference_id,
        kind_word(line.kind),
        _(STATE_WORDS[line.state]),
        line.amount.amount,
        row.money_in,
        row.money_out,
        row.balance,
        row.fee,
        line.amount.currency,
        number(line.msisdn, masked=hidden.numbers),
        "" if hidden.names else line.name,
        "" if hidden.names else line.note,
        line.made_by,
        line.approved_by,
        line.mtn_id,
        plain(reason(line.failure_code, line.kind)) if line.state in (State.FAILED, State.REJECTED) else "",
    ]


HEADINGS = (
    later("Time"),
    later("Till"),
    later("Reference"),
    later("Reference id"),
    later("Kind"),
    later("State"),
    later("Amount asked"),
    later("In"),
    later("Out"),
    later("Running balance, from 0 at the start of these days"),
    later("Fee by your table, in no balance"),
    later("Currency"),
    later("Number"),
    later("Name"),
    later("Note"),
    later("Made by"),
    later("Approved by"),
    later("MTN's id"),
    later("Reason"),
)
