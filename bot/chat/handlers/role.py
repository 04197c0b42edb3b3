"""/role: an owner gives or takes a role, here or everywhere."""

from telegram import Message, Update, User

from bot.chat.context import Context
from bot.chat.formats import escape
from bot.chat.handlers.desk import demand_some_role
from bot.chat.language import _
from bot.chat.parsing import RoleLine, parse_role
from bot.chat.words import role_word
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.service import roles, seats, staff
from bot.store import people
from bot.store.database import Tx
from bot.store.people import EVERY_DESK, Desk


async def role(_update: Update, context: Context) -> None:
    """Give a person a role: in a till it holds there, in the admins' chat or in private everywhere."""
    to = _person_replied_to(context.message)

    def change(tx: Tx) -> None:
        seat = context.seat(tx)
        if context.user_id not in context.policy.owners:
            demand_some_role(seat)
            raise Refusal(Why.OWNERS_ONLY)
        context.demand_fresh(tx)
        line = parse_role(context.arguments(), replying=to is not None)
        user_id = line.user_id or (to.id if to else 0)
        context.say(tx, _changed(tx, context, line, user_id))

    await context.commit(change)


def _person_replied_to(message: Message) -> User | None:
    """Return the person whose message is replied to. In a topic, plain messages "reply" to the one that made it."""
    replied = message.reply_to_message
    if replied is None or replied.sender_chat or replied.forum_topic_created:
        return None
    return None if replied.from_user is None or replied.from_user.is_bot else replied.from_user


def _changed(tx: Tx, context: Context, line: RoleLine, user_id: int) -> str:
    chat_id = context.message.chat.id
    everywhere = context.is_private or chat_id == roles.admin_chat(tx, context.policy)
    desk = None if everywhere else seats.demand_desk(tx, chat_id)
    stopped = staff.change(
        tx, context.policy, context.user_id, user_id, line.role, desk.id if desk else EVERY_DESK, told_in=chat_id
    )
    held = roles.role_of(tx.conn, context.policy, user_id, desk.id if desk else None)
    said = [_has_now(people.label_of(tx.conn, user_id), line.role, desk)]
    if held is not None and held is not line.role:
        said.append(_("A role for every till still holds: {role}.").format(role=role_word(held)))
    if line.role and held is None:
        said.append(_("It rests until they are back in the group."))
    if stopped:
        said.append(_("Stopped before they were sent: {n}.").format(n=stopped))
    return " ".join(said)


def _has_now(who: str, role: Role | None, desk: Desk | None) -> str:
    sentence = _("{name} is now {role} {where}.") if role else _("{name} has no role any more {where}.")
    where = _("in {desk}").format(desk=escape(desk.title)) if desk else _("in every till")
    return sentence.format(name=escape(who), role=role_word(role) if role else "", where=where)
