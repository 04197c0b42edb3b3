from dataclasses import replace

from bot.store import cards
from tests.support.till import SHOP, Till


def pressed(till: Till, nonce: str, chat: int = SHOP, message: int = 5) -> cards.Card | None:
    return till.do(lambda tx: cards.pressed(tx, nonce, chat, message))


def test_a_press_finds_its_card_by_the_nonce(till: Till) -> None:
    card = till.card(till.draft())
    till.do(lambda tx: cards.set_message(tx, card.id, 5, chat_id=SHOP))
    assert pressed(till, card.nonce) == replace(card, message_id=5)


def test_a_guessed_nonce_finds_nothing(till: Till) -> None:
    till.draft()
    assert pressed(till, "x" * 22) is None


def test_a_nonce_carried_into_another_chat_finds_nothing(till: Till) -> None:
    card = till.card(till.draft())
    assert pressed(till, card.nonce, chat=SHOP - 1) is None


def test_a_card_whose_message_was_not_recorded_before_a_crash_is_adopted(till: Till) -> None:
    card = till.card(till.draft())
    assert card.message_id is None
    pressed(till, card.nonce, message=77)
    adopted = cards.on_message(till.store.conn, SHOP, 77)
    assert adopted is not None
    assert adopted.id == card.id


def test_a_recorded_message_is_not_taken_over_by_a_copy(till: Till) -> None:
    card = till.card(till.draft())
    till.do(lambda tx: cards.set_message(tx, card.id, 5, chat_id=SHOP))
    pressed(till, card.nonce, message=99)
    assert cards.get(till.store.conn, card.id).message_id == 5


def test_the_second_question_has_a_nonce_of_its_own_that_stays(till: Till) -> None:
    card = till.card(till.draft())
    for _ in range(2):
        till.do(lambda tx: cards.ask_about_repeat(tx, card.id))
    [first] = till.ask("SELECT repeat_nonce FROM card")
    assert first != card.nonce
    found = pressed(till, first)
    assert found is not None
    assert found.id == card.id
