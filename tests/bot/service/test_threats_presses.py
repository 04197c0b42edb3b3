"""A hundred fingers, a late finger, a forged finger: a card is decided once, in time, by its own people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.refusals import Refusal
from bot.domain.roles import Role
from bot.domain.transactions import State
from bot.store import cards
from bot.store.cards import CardRole
from tests.support.till import ADMIN, OWNER, SECOND_ADMIN, SHOP, STRANGER, Till


def pressed(press: Callable[[], object]) -> bool:
    """Press, and say whether it counted."""
    try:
        press()
    except Refusal:
        return False
    return True


def test_a_hundred_presses_of_three_admins_are_one_decision(till: Till) -> None:
    txn = till.draft(amount="600")
    till.confirm(txn)
    presses = [
        pressed(lambda by=by, n=n: (till.reject if n % 3 else till.approve)(txn, by))  # type: ignore[misc]
        for n in range(34)
        for by in (ADMIN, SECOND_ADMIN, OWNER)
    ]
    assert presses.count(True) == 1
    assert till.ask("SELECT count(*) FROM decision WHERE txn_id = ?", txn.id) == [1]
    assert till.ask("SELECT count(*) FROM audit WHERE txn_id = ? AND f = 'AWAITING_APPROVAL'", txn.id) == [1]


@pytest.mark.parametrize(("late", "counts"), [(-1, True), (0, False), (86_400_000, False)])
def test_a_press_counts_to_the_last_millisecond_before_the_end(till: Till, late: int, counts: bool) -> None:
    txn = till.draft()
    till.clock.now = txn.expires_at + timedelta(milliseconds=late)
    assert pressed(lambda: till.confirm(txn)) is counts
    assert (till.get(txn).state is State.READY) is counts


@pytest.mark.parametrize(("late", "counts"), [(-1, True), (0, False), (25 * 3_600_000, False)])
def test_an_approval_counts_to_the_last_millisecond_before_the_end(till: Till, late: int, counts: bool) -> None:
    txn = till.draft(amount="600")
    till.confirm(txn)
    till.clock.now = till.get(txn).expires_at + timedelta(milliseconds=late)
    assert pressed(lambda: till.approve(txn)) is counts
    assert (till.get(txn).state is State.READY) is counts


def test_a_nonce_with_one_bit_turned_finds_no_card(till: Till) -> None:
    nonce = till.card(till.draft()).nonce
    turned = {nonce[:i] + chr(ord(c) ^ 1 << bit) + nonce[i + 1 :] for i, c in enumerate(nonce) for bit in range(7)}
    assert len(turned) == 7 * len(nonce)
    assert [n for n in turned if till.do(lambda tx, n=n: cards.pressed(tx, n, SHOP, 7))] == []


@pytest.mark.parametrize("chat", [SHOP - 1, STRANGER])
def test_a_copy_of_a_card_in_another_chat_decides_nothing(till: Till, chat: int) -> None:
    card = till.card(till.draft())
    till.do(lambda tx: cards.set_message(tx, card.id, 7, chat_id=SHOP))
    assert till.do(lambda tx: cards.pressed(tx, card.nonce, SHOP, 7))
    assert till.do(lambda tx: cards.pressed(tx, card.nonce, chat, 7)) is None


def test_an_admin_made_this_hour_approves_nothing_where_there_is_a_delay(till: Till) -> None:
    txn = till.draft(amount="600")
    till.confirm(txn)
    till.policy = replace(till.policy, new_admin_delay=timedelta(hours=24))
    till.grant(STRANGER, Role.ADMIN, till.desk.id)
    till.clock.forward(minutes=59)
    assert not pressed(lambda: till.approve(txn, STRANGER))
    assert till.get(txn).state is State.AWAITING_APPROVAL
    assert till.card(txn, CardRole.CHECKER)
