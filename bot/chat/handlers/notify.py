"""/notify: what a chat, or a person in private, is told and how."""

from telegram import InlineKeyboardMarkup, Update

from bot.chat import wishes as words
from bot.chat.context import Context
from bot.chat.handlers.desk import demand_some_role
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, allows
from bot.domain.wishes import Wishes
from bot.service import digest
from bot.service import wishes as service
from bot.service.seats import Seat
from bot.store import people, wishes
from bot.store.database import Tx


async def notify(_: Update, context: Context) -> None:
    """Show what this chat is told; with words behind it, change that."""

    def answer(tx: Tx) -> None:
        typed = context.arguments()
        wished = _change(tx, context, typed) if typed else wishes.of(tx.conn, _chat(tx, context))
        text, keyboard = _shown(tx, context, wished)
        context.say(tx, text, keyboard=keyboard)

    await context.commit(answer)


def pressed(tx: Tx, context: Context, ask: str) -> str:
    """Change what a button says, and show it on the message that the button is on."""
    text, keyboard = _shown(tx, context, _change(tx, context, ask))
    context.rewrite(tx, text, keyboard=keyboard)
    return ""


def _change(tx: Tx, context: Context, ask: str) -> Wishes:
    seat, chat_id = context.seat(tx), _chat(tx, context)
    demand_some_role(seat)
    if not _may_change(seat, context):
        raise Refusal(Why.ROLE_NOT_ENOUGH, role=seat.role)
    wished = words.change(wishes.of(tx.conn, chat_id), ask, context.policy.market)
    service.put(tx, context.policy, context.user_id, chat_id, wished)
    return wished


def _shown(tx: Tx, context: Context, wished: Wishes) -> tuple[str, InlineKeyboardMarkup | None]:
    seat = context.seat(tx)
    demand_some_role(seat)
    till = people.desk_of_chat(tx.conn, _chat(tx, context)) is not None
    closing, may_change = digest.closing_time(context.policy, wished), _may_change(seat, context)
    text = words.wishes(wished, context.policy, closing, till=till, may_change=may_change)
    return text, words.buttons(wished, closing, till=till) if may_change else None


def _may_change(seat: Seat, context: Context) -> bool:
    """Tell whether a person may say what is told here: everybody in private, in groups those who decide."""
    return context.is_private or allows(seat.role, Right.APPROVE)


def _chat(tx: Tx, context: Context) -> int:
    return people.moved_to(tx.conn, context.message.chat.id)
