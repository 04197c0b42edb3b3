"""/freeze, /thaw, /correct: stopping all sending, letting it go on, and putting right what a record says."""

from telegram import Update

from bot.chat.badinput import BadInput, BadReason
from bot.chat.context import Context
from bot.chat.formats import clock_time
from bot.chat.handlers.desk import choose_desk, demand_some_role
from bot.chat.language import _
from bot.chat.parsing import parse_reference
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.service import corrections, freeze, history, roles
from bot.store.database import Tx

EXAMPLE = "/correct 7K3MQP"


async def freeze_(_update: Update, context: Context) -> None:
    """Stop all sending. However late it comes, and wherever from: stopping is always allowed to an admin."""

    def stop(tx: Tx) -> None:
        _demand_admin(tx, context)
        began = freeze.by_person(tx, context.policy, context.user_id, context.arguments())
        context.say(tx, _("Done: nothing is sent any more.") if began else _("Sending is stopped already."))

    await context.commit(stop)


async def thaw(_update: Update, context: Context) -> None:
    """Agree that sending goes on; two people must."""

    def agree(tx: Tx) -> None:
        _demand_admin(tx, context)
        context.demand_fresh(tx)
        context.say(tx, _agreed(freeze.thaw(tx, context.policy, context.user_id), context))

    await context.commit(agree)


def _demand_admin(tx: Tx, context: Context) -> None:
    seat = context.seat(tx)
    if not roles.has_anywhere(tx, context.policy, context.user_id, Right.APPROVE):
        demand_some_role(seat)
        raise Refusal(Why.ROLE_NOT_ENOUGH, role=seat.role)


def _agreed(thawed: freeze.Thawed, context: Context) -> str:
    if thawed.goes_on:
        return _("Done: sending goes on.")
    if thawed.until is None:
        return _("Noted: one more person must agree, with /thaw.")
    return _("Noted: sending goes on by itself at {time}.").format(time=clock_time(thawed.until, context.till.zone))


async def correct(_update: Update, context: Context) -> None:
    """Keep what an admin says about a transaction that is over."""

    def keep(tx: Tx) -> None:
        seat = context.seat(tx)
        if seat.choices and seat.desk is None:
            choose_desk(tx, context)
            return
        if not seat.sees_all:
            seat.demand(Right.APPROVE)
        context.demand_fresh(tx)
        reference, text = [*context.arguments().split(maxsplit=1), "", ""][:2]
        txn = history.find(tx, seat, parse_reference(reference))
        if not text:
            example = f"{EXAMPLE} {_('The customer was given the money back in cash')}"
            raise BadInput(BadReason.CORRECTION_MISSING, example, reference)
        corrections.add(tx, context.policy, context.user_id, txn, text)
        context.say(tx, _("Noted with {code}. The record itself stays as it is.").format(code=txn.short_code))

    await context.commit(keep)
