"""What happens to chats as a whole: a group becomes a supergroup and has another id from then on."""

from bot.service import telling
from bot.store import audit, cards, conversations, memberships, outbox, people, wishes
from bot.store.database import Tx


def move(tx: Tx, old: int, new: int) -> None:
    """Let everything of the old chat go on in the new one, with the open cards and questions shown there again, once.

    Telegram may tell it several times; what was written for the old chat since is moved each time.
    """
    known = people.moved_to(tx.conn, old) == new
    people.move_chat(tx, old, new)
    memberships.move_chat(tx, old, new)
    wishes.move_chat(tx, old, new)
    asked = conversations.move_chat(tx, old, new)
    if known:
        return
    audit.append(tx, "chat moved", "telegram", old=old, new=new)
    for card in cards.undecided_in(tx.conn, new):
        telling.show_card(tx, card)
    for form in asked:
        outbox.say_again(tx, form["update"], new)
