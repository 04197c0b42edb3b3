"""A group that became a supergroup: what belonged to the old chat goes on in the new one."""

from bot.service import chats
from bot.store import cards, outbox
from bot.store.cards import CardRole
from bot.store.outbox import Form, Lane
from tests.support.till import ADMIN_CHAT, SHOP, Till, says

MOVED = -1005001


def move(till: Till, old: int = SHOP, new: int = MOVED) -> None:
    till.do(lambda tx: chats.move(tx, old, new))


def delivered(till: Till) -> None:
    """Let everything written so far have been sent."""
    till.store.conn.execute("UPDATE outbox SET state = 'SENT'")


def waiting(till: Till) -> list[tuple[int, str]]:
    rows = till.store.conn.execute("SELECT chat_id, kind FROM outbox WHERE state = 'NEW' ORDER BY id")
    return [(row["chat_id"], row["kind"]) for row in rows]


def test_open_cards_are_shown_again_in_the_new_chat_and_old_ones_are_not(till: Till) -> None:
    over, open_one = till.pending(amount="1"), till.pending(amount="2")
    till.look(over, says(over, "SUCCESSFUL"))
    delivered(till)
    move(till)
    assert waiting(till) == [(MOVED, "card")]
    assert till.told("card")[-1] == f'{{"card_id": {till.card(open_one).id}}}'


def test_a_move_told_twice_shows_the_cards_once_and_takes_along_what_came_between(till: Till) -> None:
    till.pending()
    delivered(till)
    move(till)
    till.do(lambda tx: outbox.add(tx, 1, Form.TEXT, Lane.END, text="late"))
    till.store.conn.execute("UPDATE outbox SET chat_id = ? WHERE chat_id = 1", (SHOP,))
    move(till)
    assert waiting(till) == [(MOVED, "card"), (MOVED, "text")]


def test_a_move_is_in_the_trail_once(till: Till) -> None:
    for _ in range(3):
        move(till)
    assert till.ask("SELECT actor FROM audit WHERE event = 'chat moved'") == ["telegram"]


def test_after_the_admins_chat_moved_approvals_are_asked_for_there(till: Till) -> None:
    move(till, ADMIN_CHAT, -1009001)
    txn = till.draft(amount="150")
    till.confirm(txn)
    assert till.card(txn, CardRole.CHECKER).chat_id == -1009001


def test_the_moved_cards_button_is_pressed_in_the_new_chat(till: Till) -> None:
    card = till.card(till.draft())
    move(till)
    found = till.do(lambda tx: cards.pressed(tx, card.nonce, MOVED, 9))
    assert found is not None
    assert found.id == card.id
