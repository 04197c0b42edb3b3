"""/language: in which language the bot speaks to a person, and to everybody in a till."""

from telegram import Update

from bot.chat import keyboards
from bot.chat.badinput import BadInput, BadReason
from bot.chat.context import Context
from bot.chat.handlers.desk import demand_some_role
from bot.chat.keyboards import TILL, Press
from bot.chat.language import LANGUAGES, _, current, known, speak
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, allows
from bot.service.seats import Seat
from bot.store import languages
from bot.store.database import Tx

# What people call them; codes are known anyway.
CALLED = {"english": "en", "anglais": "en", "french": "fr", "français": "fr", "francais": "fr"}
FOR_THE_TILL = frozenset({"till", "caisse"})
EXAMPLE = "/language fr"


async def language(_update: Update, context: Context) -> None:
    """Choose the language that was typed, or show the choice."""

    def answer(tx: Tx) -> None:
        seat = context.seat(tx)
        demand_some_role(seat)
        words = context.arguments().lower().split()
        if not words:
            _offer(tx, context, seat)
            return
        chosen = CALLED.get(words[-1]) or known(words[-1])
        for_till = len(words) > 1 and words[0] in FOR_THE_TILL
        if chosen is None or len(words) > 1 + for_till:
            raise BadInput(BadReason.LANGUAGE_UNKNOWN, EXAMPLE, context.arguments())
        with speak(chosen):
            context.say(tx, _choose(tx, context, seat, chosen, for_till=for_till))

    await context.commit(answer)


def _offer(tx: Tx, context: Context, seat: Seat) -> None:
    now = _("I speak {language} to you. Which language do you want?").format(language=LANGUAGES[current()])
    context.say(tx, now, keyboard=keyboards.of_languages(for_till=_may_choose_for_till(context, seat)))


def _may_choose_for_till(context: Context, seat: Seat) -> bool:
    return not context.is_private and seat.desk is not None and allows(seat.role, Right.APPROVE)


def pressed(tx: Tx, context: Context, press: Press) -> str:
    """Choose the language of a button, for whoever pressed it or for the till; return the answer."""
    chosen = known(press.subject)
    if chosen is None:
        raise Refusal(Why.CARD_EXPIRED)
    seat = context.seat(tx)
    demand_some_role(seat)
    with speak(chosen):
        return _choose(tx, context, seat, chosen, for_till=press.nonce == TILL)


def _choose(tx: Tx, context: Context, seat: Seat, chosen: str, *, for_till: bool) -> str:
    if not for_till:
        languages.choose(tx, context.user_id, chosen)
        return _("I speak English to you from now on.")
    desk = seat.demand(Right.APPROVE)
    languages.choose_for_desk(tx, desk.id, chosen)
    return _("I speak English in this till, to whoever has chosen nothing else.")
