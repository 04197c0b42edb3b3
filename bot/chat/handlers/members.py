"""People and the bot itself coming to a chat and leaving it, as Telegram tells it."""

from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, Update

from bot.chat.context import Context
from bot.service import membership, visits
from bot.store.database import Tx

PRESENT = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})


def is_present(member: ChatMember) -> bool:
    """Tell whether somebody is in the chat; whatever is not known to mean so counts as gone."""
    return member.status in PRESENT or (isinstance(member, ChatMemberRestricted) and member.is_member)


async def member_changed(update: Update, context: Context) -> None:
    """Take a change of a person's standing in a group; groups tell it where the bot is an administrator."""
    change = update.chat_member
    if change is not None and not change.new_chat_member.user.is_bot:
        await _take(context, change)


async def _take(context: Context, change: ChatMemberUpdated) -> None:
    member = change.new_chat_member
    await context.commit(
        lambda tx: membership.person_seen(
            tx,
            context.policy,
            change.chat.id,
            member.user.id,
            change.date,
            by=change.from_user.id,
            away=not is_present(member),
        )
    )


async def bot_changed(update: Update, context: Context) -> None:
    """Take a change of the bot's own standing in a chat."""
    change = update.my_chat_member
    if change is None:
        return
    chat_id, by = change.chat.id, change.from_user.id
    if is_present(change.new_chat_member) and not is_present(change.old_chat_member):
        await context.commit(lambda tx: membership.bot_added(tx, context.policy, chat_id))
    elif is_present(change.new_chat_member):
        await context.commit(lambda tx: visits.note(tx, context.policy, chat_id))
    else:
        await context.commit(lambda tx: membership.bot_removed(tx, context.policy, chat_id, by))


async def came_or_went(_: Update, context: Context) -> None:
    """Take the line that a group shows when somebody comes or goes."""
    message = context.message
    gone = [message.left_chat_member] if message.left_chat_member else []
    people = [(user.id, False) for user in message.new_chat_members] + [(user.id, True) for user in gone]
    bots = {user.id for user in (*message.new_chat_members, *gone) if user.is_bot}

    def take(tx: Tx) -> None:
        for user_id, away in people:
            if user_id not in bots:
                membership.person_seen(
                    tx, context.policy, message.chat.id, user_id, message.date, by=context.user_id, away=away
                )

    await context.commit(take)
