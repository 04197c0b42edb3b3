"""/status and /why, /balance, and /cancel where there is nothing to leave."""

import re
from dataclasses import asdict
from zoneinfo import ZoneInfo

from telegram import Update

from bot.chat import stops, timelines
from bot.chat.context import Context
from bot.chat.formats import date, escape, money, number
from bot.chat.handlers.desk import choose_desk, demand_some_role
from bot.chat.language import _
from bot.chat.parsing import parse_reference
from bot.chat.reasons import advice, end_code, plain
from bot.chat.words import kind_word, state_word
from bot.domain.certainty import Moved
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.domain.transactions import State, Transaction
from bot.service import freeze, history, lookups, timeline
from bot.service.seats import Seat
from bot.service.timeline import Account
from bot.store import corrections, people, transactions
from bot.store.database import Tx

CURRENCY_LETTERS = 3
# How many steps fit the answer to /status, and how many any message.
LAST_STEPS, ALL_STEPS = 6, 40
STEPS = {"s": LAST_STEPS, "w": ALL_STEPS}
LINK = re.compile(r"/(?P<which>[sw])_(?P<code>[A-Za-z0-9]{6})(?:@(?P<bot>\w+))?")


async def status(_update: Update, context: Context) -> None:
    """Tell where a transaction stands, and have MTN asked again if it is open."""
    await context.commit(lambda tx: _tell(tx, context, context.arguments(), LAST_STEPS))


async def why(_update: Update, context: Context) -> None:
    """Tell every step of a transaction, with its evidence."""
    await context.commit(lambda tx: _tell(tx, context, context.arguments(), ALL_STEPS))


async def linked(_update: Update, context: Context) -> None:
    """Follow the link that a reference is in our messages; one that names another bot is not for us."""
    link = LINK.fullmatch(context.message.text or "")
    if link and link["bot"] in (None, context.bot.username):
        await context.commit(lambda tx: _tell(tx, context, link["code"], STEPS[link["which"]]))


def _tell(tx: Tx, context: Context, typed: str, most_steps: int) -> None:
    seat = context.seat(tx)
    if not (seat.sees_all or seat.choices):
        seat.demand(Right.READ)
    reference = parse_reference(typed)
    if seat.choices and seat.desk is None:
        choose_desk(tx, context)
        return
    show(tx, context, seat, history.find(tx, seat, reference), most_steps)


def show(tx: Tx, context: Context, seat: Seat, txn: Transaction, most_steps: int = LAST_STEPS) -> None:
    """Say where a transaction stands, whether its money has moved, and its last steps."""
    history.look_again(tx, txn)
    txn = transactions.get(tx.conn, txn.id)
    masked, zone = seat.role is Role.AUDITOR, context.till.zone
    facts, account = timeline.facts(tx, txn), timeline.account(tx, txn)
    more = [_("Every step: {link}").format(link=f"/w_{txn.short_code}")] if len(facts) > most_steps else []
    said = [
        _status(txn, account, masked=masked),
        timelines.answer(txn, account, zone),
        *_corrections(tx, txn, zone, masked=masked),
        *_frozen(tx),
        "",
        *timelines.lines(txn, facts, zone, most_steps),
        *more,
    ]
    context.say(tx, "\n".join(said))


def _status(txn: Transaction, account: Account, *, masked: bool) -> str:
    shown = number(txn.msisdn, masked=masked)
    name = f" ({escape(txn.payee_name)})" if txn.payee_name and not masked else ""
    return "\n".join(
        [
            f"<b>{txn.short_code}</b>: {kind_word(txn.kind)}, {money(txn.amount)}, {shown}{name}",
            _stands(txn, account),
            _("Reference id: <code>{id}</code>").format(id=txn.reference_id),
        ]
    )


def _stands(txn: Transaction, account: Account) -> str:
    if txn.state in (State.FAILED, State.REJECTED):
        why = _("It is {state}: {why}.").format(state=state_word(txn), why=plain(end_code(txn), txn.kind))
        safe = account.moved is Moved.NO
        return f"{why} {advice(txn) if safe else _('Do not send it again before that is settled.')}"
    return _("It is {state}.").format(state=state_word(txn))


def _corrections(tx: Tx, txn: Transaction, zone: ZoneInfo, *, masked: bool) -> list[str]:
    """Say what people say really happened; its words may hold numbers, which an auditor does not see."""
    told, hidden = _("✏️ {day}, {name}: {text}"), _("✏️ {day}, {name} corrected this.")
    return [
        (hidden if masked or not said.text else told).format(
            day=date(said.at, zone), name=escape(people.name_of(tx.conn, said.user_id)), text=escape(said.text)
        )
        for said in corrections.of(tx.conn, txn.id)
    ]


def _frozen(tx: Tx) -> list[str]:
    stopped = freeze.stopped(tx)
    return [] if stopped is None else [_("🛑 Sending is stopped, {since}").format(since=stops.since(asdict(stopped)))]


async def balance(_update: Update, context: Context) -> None:
    """Show the last known balances at once, and MTN's as soon as they come."""

    def ask(tx: Tx) -> None:
        seat = context.seat(tx)
        if not (allows(seat.role, Right.READ) or seat.sees_all or seat.choices):
            raise Refusal(Why.NO_ROLE)
        place = context.place
        lookups.ask_balance(tx, place.chat_id, place.thread_id, _currency(context), context.user_id)

    await context.commit(ask)


def _currency(context: Context) -> str | None:
    typed = context.arguments().upper()
    return typed if len(typed) == CURRENCY_LETTERS and typed.isascii() and typed.isalpha() else None


async def nothing_to_cancel(_update: Update, context: Context) -> None:
    """Say how a card is cancelled: no question is open."""

    def say(tx: Tx) -> None:
        demand_some_role(context.seat(tx))
        context.say(tx, _("There is no open question. To stop a payment, press Cancel on its card."))

    await context.commit(say)
