"""/history and /find: looking for transactions, and turning the pages of what was found."""

from telegram import Update

from bot.chat.badinput import BadInput, BadReason
from bot.chat.context import Context
from bot.chat.filters import Here, parse_filters
from bot.chat.handlers import status
from bot.chat.handlers.desk import choose_desk
from bot.chat.keyboards import Press, Verb
from bot.chat.parsing import find_reference
from bot.domain.finding import Cursor
from bot.domain.refusals import Refusal, Why
from bot.service import history as finder
from bot.service import searching
from bot.service.seats import Seat
from bot.store.database import Tx

MOST_DIGITS = 18


async def history(_update: Update, context: Context) -> None:
    """Show the newest transactions that fit what was typed, all of them when nothing was."""
    await context.commit(lambda tx: _look(tx, context, "history"))


async def find(_update: Update, context: Context) -> None:
    """Look for what was typed: the same as /history, but something must be asked for."""
    await context.commit(lambda tx: _look(tx, context, "find"))


def _look(tx: Tx, context: Context, command: str) -> None:
    seat = context.seat(tx)
    if seat.choices and seat.desk is None:
        choose_desk(tx, context)
        return
    typed = context.arguments()
    _demand(tx, context, seat, "", command)
    named = finder.seen(tx, seat, find_reference(typed) or "")
    if named is not None:
        status.show(tx, context, seat, named)
        return
    _demand(tx, context, seat, typed, command)
    if command == "find" and not typed:
        raise BadInput(BadReason.FILTERS_MISSING, "/find Okello", "")
    searching.ask(tx, seat, typed, context.place)


def _demand(tx: Tx, context: Context, seat: Seat, typed: str, command: str) -> None:
    """Refuse who may not look for this here. Strangers first: they are not told what filters there are."""
    searching.demand_reader(seat)
    here = Here(context.policy.market, tx.now, context.till.zone)
    searching.demand_reader(seat, parse_filters(command, typed, here))


def turn(tx: Tx, context: Context, pressed: Press) -> str:
    """Turn a page of what somebody looked for, if it is theirs and they may still see it."""
    if not (pressed.subject.isdecimal() and len(pressed.subject) <= MOST_DIGITS):
        raise Refusal(Why.CARD_EXPIRED)
    seat = context.seat(tx)
    kept = searching.find(tx, seat, pressed.nonce)
    _demand(tx, context, seat, kept.typed, "history")
    searching.show(tx, seat, kept, Cursor(int(pressed.subject), newer=pressed.verb is Verb.NEWER))
    return ""
