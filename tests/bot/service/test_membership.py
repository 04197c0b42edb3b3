"""Somebody who left a group has no role in its till until they are back, and a till closes without the bot."""

from datetime import timedelta

import pytest

from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.domain.transactions import State
from bot.service import membership, roles, staff
from bot.store import people
from bot.store.people import EVERY_DESK
from tests.support.till import ADMIN, ADMIN_CHAT, CASHIER, OWNER, SHOP, STRANGER, Till


def seen(till: Till, user_id: int, chat_id: int = SHOP, *, away: bool = True, seconds: int = 0) -> None:
    at = till.clock() + timedelta(seconds=seconds)
    till.do(lambda tx: membership.person_seen(tx, till.policy, chat_id, user_id, at, by=user_id, away=away))


def role_of(till: Till, user_id: int) -> Role | None:
    return roles.role_of(till.store.conn, till.policy, user_id, till.desk.id)


def test_a_role_rests_from_leaving_the_group_until_coming_back(till: Till) -> None:
    seen(till, CASHIER)
    with pytest.raises(Refusal, match=f"^{Why.AWAY.value}$"):
        till.draft()
    seen(till, CASHIER, away=False, seconds=1)
    assert role_of(till, CASHIER) is Role.CASHIER
    assert till.noticed("person_left") + till.noticed("person_back") == [ADMIN_CHAT, ADMIN_CHAT]


def test_what_somebody_who_left_had_not_sent_is_stopped(till: Till) -> None:
    ready, sent = till.ready(amount="1"), till.sent(amount="2")
    seen(till, CASHIER)
    assert (till.get(ready).state, till.get(sent).state) == (State.CANCELLED, State.UNKNOWN)
    assert till.ask("SELECT actor FROM audit WHERE event = 'left'") == [f"user:{CASHIER}"]


def test_older_news_do_not_bring_somebody_back(till: Till) -> None:
    seen(till, CASHIER)
    seen(till, CASHIER, away=False, seconds=-1)
    assert role_of(till, CASHIER) is None


def test_an_admin_who_left_the_admins_chat_does_not_approve(till: Till) -> None:
    txn = till.draft(amount="150")
    till.confirm(txn)
    seen(till, ADMIN, ADMIN_CHAT)
    with pytest.raises(Refusal, match=f"^{Why.AWAY.value}$"):
        till.approve(txn)


def test_a_role_for_every_till_rests_by_leaving_the_admins_chat_alone(till: Till) -> None:
    till.grant(STRANGER, Role.CASHIER, EVERY_DESK)
    seen(till, STRANGER)
    assert role_of(till, STRANGER) is Role.CASHIER
    seen(till, STRANGER, ADMIN_CHAT)
    assert role_of(till, STRANGER) is None


def test_owners_keep_their_role_wherever_they_are(till: Till) -> None:
    seen(till, OWNER)
    assert role_of(till, OWNER) is Role.OWNER


def test_the_list_of_people_says_who_is_away(till: Till) -> None:
    seen(till, CASHIER)
    away = [member.label for member in till.do(lambda tx: staff.members(tx, till.policy)) if member.away]
    assert away == [f"Person {CASHIER} ({CASHIER})"]


def test_a_till_whose_group_put_the_bot_out_is_closed_and_told(till: Till) -> None:
    ready = till.ready()
    till.do(lambda tx: membership.bot_removed(tx, till.policy, SHOP, STRANGER))
    assert people.is_closed(till.store.conn, till.desk.id)
    assert till.get(ready).state is State.CANCELLED
    assert till.noticed("bot_removed") == [ADMIN_CHAT]
