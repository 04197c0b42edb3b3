"""/limits: what may leave, and what of it is left today."""

from telegram import Update

from bot.chat import limits as words
from bot.chat.context import Context
from bot.chat.handlers.desk import choose_desk
from bot.chat.numbers import parse_number
from bot.domain.limits import Scope, next_day
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, allows
from bot.service import limits, payments
from bot.service.seats import Seat
from bot.store.database import Tx
from bot.store.spending import Payer
from momo import Money, Msisdn


async def show(_: Update, context: Context) -> None:
    """Tell the limits, what is left for this person and this till, and behind a number, for that receiver."""

    def tell(tx: Tx) -> None:
        seat = context.seat(tx)
        if seat.choices and seat.desk is None:
            choose_desk(tx, context)
            return
        if not seat.sees_all:
            seat.demand(Right.READ)
        payee = _payee(seat, context)
        left = _left(tx, context, seat, payee)
        context.say(tx, words.limits(context.policy, left, payee, next_day(tx.now, context.policy.zone)))

    await context.commit(tell)


def _payee(seat: Seat, context: Context) -> Msisdn | None:
    """Read the number. Whoever sees numbers masked may not find one out by what is left for it."""
    typed = context.arguments()
    if not typed:
        return None
    if not allows(seat.role, Right.MOVE):
        raise Refusal(Why.ROLE_NOT_ENOUGH, role=seat.role)
    return parse_number(typed, context.policy.market)


def _left(tx: Tx, context: Context, seat: Seat, payee: Msisdn | None) -> dict[Scope, Money]:
    """Return what is left in the scopes that mean something here: the admins' chat is no till."""
    party = payments.party_hash(tx, payee) if payee else None
    asked = {Scope.PERSON: True, Scope.DESK: seat.desk is not None, Scope.PAYEE: payee is not None}
    left = limits.left(tx, context.policy, Payer(seat.user_id, seat.desk.id if seat.desk else 0, party))
    return {scope: room for scope, room in left.items() if asked.get(scope)}
