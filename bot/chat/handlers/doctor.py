"""/doctor: how the bot is, for its owners."""

from telegram import Update

from bot.chat.checkups import LOOKING
from bot.chat.context import Context
from bot.chat.handlers.desk import demand_some_role
from bot.chat.language import _, later
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.service import roles
from bot.store.database import Tx

OTHERS_READ = later("Others read along here. Ask me in private, or in the admins' chat.")


async def doctor(_update: Update, context: Context) -> None:
    """Say that everything is being looked at, and have it looked at; others than owners are refused."""

    def answer(tx: Tx) -> bool:
        seat, policy = context.seat(tx), context.policy
        if roles.role_of(tx.conn, policy, context.user_id, None) is not Role.OWNER:
            demand_some_role(seat)
            raise Refusal(Why.OWNERS_ONLY)
        alone = context.is_private or seat.chat_id == roles.admin_chat(tx, policy)
        context.say(tx, _(LOOKING) if alone else _(OTHERS_READ))
        return alone

    if await context.commit(answer):
        context.till.checkups.ask(context.place)
