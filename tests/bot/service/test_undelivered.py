"""A message nobody will ever read: somebody else is told."""

from dataclasses import replace

from bot.jobs.outbox import record
from bot.service.delivery import Delivery, Receipt
from bot.store import cards, outbox, people
from bot.store.cards import CardRole
from bot.store.outbox import Form, Lane, Message
from tests.support.till import ADMIN, ADMIN_CHAT, CASHIER, OWNER, POLICY, SECOND_ADMIN, SHOP, STRANGER, Till, says

GONE = Receipt(Delivery.GONE, error="kicked")
SENT = Receipt(Delivery.SENT, 77)


def deliver(till: Till, *gone: int, receipt: Receipt = GONE) -> list[Message]:
    """Deliver everything that waits; what goes to a chat in *gone* is not taken. Return what was."""
    taken = []
    while heads := till.do(lambda tx: outbox.heads(tx, 99)):
        for message in heads:
            end(till, message, receipt if message.chat_id in gone else SENT)
            taken += [] if message.chat_id in gone else [message]
    return taken


def end(till: Till, message: Message, receipt: Receipt) -> None:
    till.do(lambda tx: record(tx, till.policy, message, receipt, 1.0))


def meet_owners(till: Till) -> None:
    till.policy = replace(POLICY, owners=frozenset({OWNER, STRANGER}))
    till.do(lambda tx: people.meet(tx, OWNER, "Owner", "en", private=True))
    till.do(lambda tx: people.meet(tx, STRANGER, "Owner in groups only", "en", private=False))


def test_an_end_its_chat_does_not_take_goes_to_the_owners_who_started_the_bot(till: Till) -> None:
    meet_owners(till)
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    taken = deliver(till, SHOP)
    assert [(m.chat_id, m.form, m.payload["card_id"]) for m in taken] == [(OWNER, Form.END, till.card(txn).id)]


def test_an_end_one_owner_does_not_take_either_is_told_the_other_once(till: Till) -> None:
    meet_owners(till)
    till.do(lambda tx: people.meet(tx, STRANGER, "Second owner", "en", private=True))
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert [message.chat_id for message in deliver(till, SHOP, OWNER) if message.form is Form.END] == [STRANGER]
    assert sorted(till.ask("SELECT state FROM outbox WHERE kind = 'end'")) == ["DEAD", "DEAD", "SENT"]


def test_a_lost_card_that_was_only_progress_is_nobodys_news(till: Till) -> None:
    meet_owners(till)
    till.pending()
    assert deliver(till, SHOP) == []


def test_when_no_admin_could_be_asked_the_maker_is_told(till: Till) -> None:
    txn = till.draft(amount="150")
    till.confirm(txn)
    asked = till.card(txn, CardRole.CHECKER)
    deliver(till, asked.chat_id)
    assert till.noticed("nobody_reached") == [SHOP]


def test_when_one_of_several_admins_was_asked_the_maker_hears_nothing(till: Till) -> None:
    till.policy = replace(POLICY, admin_chat_id=None)
    till.confirm(till.draft(amount="150"))
    deliver(till, ADMIN)
    assert till.noticed("nobody_reached") == []


def test_when_the_last_of_several_admins_is_not_reached_the_maker_is_told_once(till: Till) -> None:
    till.policy = replace(POLICY, admin_chat_id=None)
    till.confirm(till.draft(amount="150"))
    deliver(till, ADMIN, SECOND_ADMIN)
    assert till.noticed("nobody_reached") == [SHOP]


def test_a_card_an_admin_has_seen_already_is_not_nobody_reached(till: Till) -> None:
    txn = till.draft(amount="150")
    till.confirm(txn)
    card = till.card(txn, CardRole.CHECKER)
    till.do(lambda tx: cards.set_message(tx, card.id, 5, chat_id=card.chat_id))
    deliver(till, card.chat_id, receipt=Receipt(Delivery.REFUSED, error="message to edit not found"))
    assert till.noticed("nobody_reached") == []


def test_only_a_person_who_blocked_the_bot_counts_as_having_left_it(till: Till) -> None:
    left = []
    for receipt in (Receipt(Delivery.REFUSED, error="can't parse"), GONE):
        till.do(lambda tx: outbox.add(tx, CASHIER, Form.TEXT, Lane.END, text="x"))
        deliver(till, CASHIER, receipt=receipt)
        left.append(not people.has_started(till.store.conn, CASHIER))
    assert left == [False, True]


def test_an_end_of_a_shop_whose_owners_never_started_the_bot_goes_to_the_admins(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert [message.chat_id for message in deliver(till, SHOP)] == [ADMIN_CHAT]


def test_the_admins_are_told_once_who_blocked_the_bot(till: Till) -> None:
    for text in ("one", "two"):
        till.do(lambda tx, text=text: outbox.add(tx, CASHIER, Form.TEXT, Lane.END, text=text))
    deliver(till, CASHIER)
    assert till.noticed("blocked") == [ADMIN_CHAT]


def test_who_has_no_role_here_may_block_the_bot_unnoticed(till: Till) -> None:
    till.do(lambda tx: people.meet(tx, STRANGER, "Somebody", "en", private=True))
    till.do(lambda tx: outbox.add(tx, STRANGER, Form.TEXT, Lane.END, text="x"))
    deliver(till, STRANGER)
    assert till.noticed("blocked") == []
