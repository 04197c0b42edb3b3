"""/start, /help, /close, /people: opening a till, finding one's way in it, and who works there."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from telegram import Update

from bot.chat import keyboards
from bot.chat.context import Context
from bot.chat.formats import date, escape
from bot.chat.language import _, later, ngettext
from bot.chat.words import role_word
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.service import roles, seats, staff
from bot.service.seats import Seat
from bot.store import people, wishes
from bot.store.database import Tx

# What fits a message.
MOST_LINES = 40
COMMANDS = (
    later("<b>What you can type</b>"),
    later("/pay <i>number amount note</i>: send money"),
    later("/request <i>number amount note</i>: ask somebody for money"),
    later("/deposit <i>number amount note</i>: put money into somebody's account"),
    later("/refund <i>reference amount reason</i>: give money back, after an admin's approval"),
    later("/status <i>reference</i>: where a transaction stands; /why: every step of it"),
    later("/history <i>filters</i>: what was done, such as /history failed today; /find: look for a name or a number"),
    later("/balance: what is in the accounts"),
    later("/limits <i>number</i>: what may leave, and what is left today; the number is optional"),
    later("/receipt <i>reference</i>: a receipt to pass on or to print; /verify <i>code</i>: whether one is genuine"),
    later("/report <i>days</i>: a chart of money in and out; /export <i>csv days</i>: every transaction as a table"),
    later("/audit <i>reference</i>: what was done and by whom, for auditors and admins"),
    later("/contacts: saved numbers; a name can be typed in place of its number"),
    later("/cancel: leave a question; /back: the one before"),
    later("/notify: what this chat is told, and how"),
    later("/language: in which language I speak to you"),
    later("Each of /pay, /request, /deposit and /refund asks step by step when typed alone."),
    later("In private, a sentence does too: <code>pay 46733123999 5 rent</code>"),
)
ADMIN_COMMANDS = (
    later("<b>Admins</b>"),
    later("/freeze <i>reason</i>: stop all sending at once; /thaw: let it go on, when two people say so"),
    later("/correct <i>reference what really happened</i>: put a note on a transaction that is over"),
)
OWNER_COMMANDS = (
    later("<b>Owners</b>"),
    later("/start in a chat: open it as a till; /close: shut it"),
    later("/role <i>user id</i> cashier, admin, auditor or none: here, or from the admins' chat everywhere"),
    later("/people: who has which role"),
    later("/doctor, in private or in the admins' chat: is everything in order?"),
)


async def start(_update: Update, context: Context) -> None:
    """Open the chat as a till for an owner; greet who works here; tell anybody else once, politely, no."""

    def answer(tx: Tx) -> None:
        context.say(tx, _start(tx, context))
        if context.is_private and len(seats.desks_of(tx, context.policy, context.user_id)) > 1:
            choose_desk(tx, context)

    await context.commit(answer)


def _start(tx: Tx, context: Context) -> str:
    policy, chat = context.policy, context.message.chat
    seat = context.seat(tx)
    if chat.id == roles.admin_chat(tx, policy) and seat.role is not None:
        wishes.take_thread(tx, chat.id, context.place.thread_id)
        return _("This is the admins' chat: requests that need an approval are shown here.")
    if (seat.user_id in policy.owners and seat.desk is None) or seat.role is Role.OWNER:
        desk = seats.open_desk(tx, policy, seat.user_id, chat.id, chat.title or chat.full_name or str(chat.id))
        wishes.take_thread(tx, desk.chat_id, context.place.thread_id)
        opened = _("<b>{desk}</b> is open as a till.").format(desk=escape(desk.title))
        world = _("The sandbox: no real money.") if policy.is_sandbox else _("LIVE: real money.")
        return f"{opened} {world}\n{_said(COMMANDS, ADMIN_COMMANDS, OWNER_COMMANDS)}"
    if seat.desk is None and seat.choices:
        return f"{_('Welcome. You work in several tills.')}\n{_said(COMMANDS)}"
    if seat.role is None:
        raise seat.nobody
    return _("Welcome. You are {role} here.").format(role=role_word(seat.role)) + f"\n{_said(COMMANDS)}"


async def help_(_update: Update, context: Context) -> None:
    """Show the commands that this person may use."""
    await context.commit(lambda tx: context.say(tx, _help(context.seat(tx))))


def demand_some_role(seat: Seat) -> None:
    """Refuse a stranger, who is told nothing but how to become none."""
    if seat.role is None and not seat.choices:
        raise seat.nobody


def _help(seat: Seat) -> str:
    demand_some_role(seat)
    admins = ADMIN_COMMANDS if allows(seat.role, Right.APPROVE) else ()
    return _said(COMMANDS, admins, OWNER_COMMANDS if allows(seat.role, Right.RULE) else ())


def _said(*groups: Sequence[str]) -> str:
    """Return groups of commands as a text, one a line."""
    return "\n".join(_(line) if line else "" for group in groups for line in ("", *group) if group)


async def close(_update: Update, context: Context) -> None:
    """Shut the till, for an owner; open transactions are followed to their end."""

    def shut(tx: Tx) -> None:
        desk = context.seat(tx).demand(Right.RULE)
        context.demand_fresh(tx)
        stopped = seats.close_desk(tx, context.policy, context.user_id, desk)
        closed = _("{desk} is closed.").format(desk=escape(desk.title))
        also = [_("Stopped before they were sent: {n}.").format(n=stopped)] if stopped else []
        context.say(tx, " ".join([closed, *also, _("What is on its way is followed to its end.")]))

    await context.commit(shut)


async def list_people(_update: Update, context: Context) -> None:
    """Show who has which role since when, to owners and admins."""

    def show(tx: Tx) -> None:
        seat = context.seat(tx)
        if not (seat.sees_all or allows(seat.role, Right.APPROVE)):
            demand_some_role(seat)
            raise Refusal(Why.ROLE_NOT_ENOUGH, role=seat.role)
        lines = [_line(member, context.till.zone) for member in staff.members(tx, context.policy)]
        over = len(lines) - MOST_LINES
        more = [ngettext("and {n} more", "and {n} more", over).format(n=over)] if over > 0 else []
        context.say(tx, "\n".join([_("<b>Who may do what</b>"), *lines[:MOST_LINES], *more]))

    await context.commit(show)


def _line(member: staff.Member, zone: ZoneInfo) -> str:
    facts = {
        "name": escape(member.label),
        "role": role_word(member.role),
        "where": escape(member.desk) if member.desk else _("every till"),
    }
    if member.since is None:
        line = _("{name}: {role}, {where}").format(**facts)
    else:
        line = _("{name}: {role}, {where}, since {day}").format(day=date(member.since, zone), **facts)
    return f"{line} {_('(away: it rests until they are back)')}" if member.away else line


def seat_to_read(tx: Tx, context: Context) -> Seat | None:
    """Return the seat of somebody who may read here, or None when they are asked which till they mean.

    Raises:
        Refusal: they may not.
    """
    seat = context.seat(tx)
    if seat.desk is None and seat.choices:
        choose_desk(tx, context)
        return None
    if not seat.sees_all:
        seat.demand(Right.READ)
    return seat


def choose_desk(tx: Tx, context: Context) -> None:
    """Ask which till a private chat means, when it could be several."""
    desks = seats.desks_of(tx, context.policy, context.user_id)
    context.say(tx, _("For which till? Choose, then type it again."), keyboard=keyboards.of_desks(desks))


def remember_desk(tx: Tx, context: Context, desk_id: int) -> str:
    """Keep the till a person chose for the private chat and return its name."""
    context.seat(tx)
    desks = seats.desks_of(tx, context.policy, context.user_id)
    chosen = next((desk for desk in desks if desk.id == desk_id), None)
    if chosen is None or not context.is_private:
        raise Refusal(Why.NO_ROLE)
    people.remember_desk(tx, context.user_id, chosen.id)
    return chosen.title
