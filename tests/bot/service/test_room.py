"""A disk that is nearly full: nothing new, everything begun goes on, and the admins know."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.domain.refusals import Refusal, Why
from bot.jobs import deadlines
from bot.service.payments import Confirmed
from bot.store.database import Tx
from tests.support.till import ADMIN_CHAT, Till

T = TypeVar("T")


def look(till: Till, *, cramped: bool) -> None:
    till.do(lambda tx: deadlines.watch(replace(tx, cramped=cramped), till.policy))


def notices(till: Till) -> list[str]:
    rows = till.store.conn.execute(
        "SELECT json_extract(payload, '$.notice') FROM outbox WHERE chat_id = ? AND kind = 'notice' ORDER BY id",
        (ADMIN_CHAT,),
    )
    return [row[0] for row in rows if str(row[0]).startswith("disk")]


def cramp(till: Till) -> None:
    """From now on every transaction finds the disk nearly full."""
    do = till.store.do

    def cramped(fn: Callable[[Tx], T]) -> T:
        return do(lambda tx: fn(replace(tx, cramped=True)))

    till.do = cramped


def test_a_nearly_full_disk_takes_nothing_new(till: Till) -> None:
    cramp(till)
    with pytest.raises(Refusal, match=f"^{Why.DISK_NEARLY_FULL}$"):
        till.draft(amount="2")


def test_what_is_drafted_may_still_be_confirmed_on_a_nearly_full_disk(till: Till) -> None:
    draft = till.draft(amount="2")
    cramp(till)
    assert till.confirm(draft) is Confirmed.SENDING


def test_the_admins_are_told_once_that_it_begins_and_once_that_it_is_over(till: Till) -> None:
    for cramped in (False, True, True, False, False):
        look(till, cramped=cramped)
    assert notices(till) == ["disk_nearly_full", "disk_has_room"]
