"""Receipts: given for what went through alone, and known again by a code that nobody else can make."""

from dataclasses import replace

import pytest

from bot.chat.receipts import grouped
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import Kind, Transaction
from bot.service import receipts, seats
from bot.service.payments import Place
from bot.service.receipts import Genuine
from bot.store import people, transactions
from bot.store.facts import get
from tests.support.till import ADMIN_CHAT, CASHIER, OTHER_CASHIER, OWNER, SHOP, STRANGER, Till, euros, says


def code_of(till: Till, txn: Transaction) -> str:
    return till.do(lambda tx: receipts.code_of(tx, txn))


def check(till: Till, code: str, user_id: int = CASHIER, chat_id: int = SHOP) -> Genuine | None:
    def ask(tx: receipts.Tx) -> Genuine | None:
        seat = seats.seat(tx, till.policy, user_id, chat_id, private=chat_id > 0)
        return receipts.check(tx, till.policy, seat, code)

    return till.do(ask)


def ask(till: Till, txn: Transaction) -> None:
    till.do(lambda tx: receipts.ask(tx, CASHIER, txn, Place(SHOP), language="en"))


@pytest.mark.parametrize("make", [Till.draft, Till.ready, Till.sent, Till.pending])
def test_what_has_not_gone_through_has_no_receipt(till: Till, make: object) -> None:
    txn = make(till)  # type: ignore[operator]

    with pytest.raises(Refusal) as refused:
        ask(till, txn)

    assert (refused.value.why, till.told("document")) == (Why.NO_RECEIPT, [])


def test_what_failed_has_no_receipt(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "FAILED"))

    with pytest.raises(Refusal):
        ask(till, till.get(txn))


def test_a_receipt_is_a_text_and_a_page_and_is_audited(till: Till) -> None:
    txn = till.paid()

    ask(till, txn)

    assert len(till.told("document")) == 2
    assert till.ask("SELECT actor FROM audit WHERE event = 'receipt' AND txn_id = ?", txn.id) == [f"user:{CASHIER}"]


def test_a_code_is_known_again_with_all_that_the_database_says(till: Till) -> None:
    txn = till.paid("50")

    found = check(till, code_of(till, txn))

    assert found is not None
    assert (found.view.txn, found.own) == (txn, True)


def test_a_code_fits_a_telegram_link_and_is_typed_in_five_groups(till: Till) -> None:
    code = code_of(till, till.paid())

    assert len(f"v_{code}") <= 64
    assert [len(group) for group in grouped(code).split("-")] == [6, 5, 5, 5, 5]
    assert code.isascii()
    assert code.isalnum()


def test_every_changed_letter_makes_a_code_a_forgery(till: Till) -> None:
    code = code_of(till, till.paid())

    for place, letter in enumerate(code):
        changed = code[:place] + ("A" if letter != "A" else "B") + code[place + 1 :]
        assert check(till, changed) is None


def test_a_seal_of_one_transaction_fits_no_other(till: Till) -> None:
    first, second = till.paid("50"), till.paid("51")

    assert check(till, second.short_code + code_of(till, first)[6:]) is None


@pytest.mark.parametrize("field", ["amount", "kind", "final_at", "financial_transaction_id", "desk_id", "reference_id"])
def test_a_code_stands_for_everything_on_the_receipt(till: Till, field: str) -> None:
    txn, other = till.paid("50"), till.paid("51")
    changed = {"kind": Kind.DEPOSIT, "desk_id": 99, "financial_transaction_id": "7", "final_at": txn.expires_at}

    assert code_of(till, replace(txn, **{field: changed.get(field, getattr(other, field))})) != code_of(till, txn)


def test_another_bots_database_makes_other_codes(till: Till) -> None:
    txn = till.paid()
    code = code_of(till, txn)
    till.do(lambda tx: tx.conn.execute("DELETE FROM fact WHERE key = ?", (receipts.KEY,)))

    assert check(till, code) is None


def test_the_key_is_made_once_and_kept(till: Till) -> None:
    txn = till.paid()
    code, key = code_of(till, txn), get(till.store.conn, receipts.KEY)

    assert (code_of(till, txn), get(till.store.conn, receipts.KEY)) == (code, key)


def test_a_guess_at_what_is_still_open_is_a_forgery_and_is_audited(till: Till) -> None:
    txn = till.pending()

    assert check(till, code_of(till, txn)) is None
    assert till.ask("SELECT actor FROM audit WHERE event = 'forged receipt'") == [f"user:{CASHIER}"]


def test_strangers_learn_nothing_from_a_code(till: Till) -> None:
    code = code_of(till, till.paid())

    for tried in (code, "ABC234" + "A" * 20):
        with pytest.raises(Refusal) as refused:
            check(till, tried, STRANGER, STRANGER)
        assert refused.value.why is Why.NO_ROLE


def test_whoever_may_know_is_told_of_refunds_since(till: Till) -> None:
    paid = till.paid("50")
    refund = till.pending(Kind.REFUND, "20", original=paid)
    till.look(refund, says(refund, "SUCCESSFUL"))

    found = check(till, code_of(till, paid), CASHIER, CASHIER)

    assert found is not None
    assert [(back.short_code, back.amount) for back in found.view.given_back] == [(refund.short_code, euros("20"))]
    assert found.own


def test_another_tills_people_learn_that_it_is_genuine_and_no_more(till: Till) -> None:
    other = till.do(lambda tx: people.open_desk(tx, -5002, "Other", OWNER))
    till.grant(STRANGER, receipts.roles.Role.CASHIER, other.id)
    code = code_of(till, till.paid())

    elsewhere, in_private = check(till, code, STRANGER, -5002), check(till, code, STRANGER, STRANGER)

    assert elsewhere is not None
    assert in_private is not None
    assert (elsewhere.own, in_private.own) == (False, False)


def test_in_another_tills_group_nobody_hears_more_than_stands_on_the_receipt(till: Till) -> None:
    other = till.do(lambda tx: people.open_desk(tx, -5002, "Other", OWNER))
    till.grant(OTHER_CASHIER, receipts.roles.Role.CASHIER, other.id)
    code = code_of(till, till.paid())

    there, in_private = check(till, code, OTHER_CASHIER, -5002), check(till, code, OTHER_CASHIER, OTHER_CASHIER)

    assert there is not None
    assert in_private is not None
    assert (there.own, in_private.own) == (False, True)


def test_the_admins_chat_sees_everything(till: Till) -> None:
    found = check(till, code_of(till, till.paid()), OWNER, ADMIN_CHAT)

    assert found is not None
    assert found.own


def test_a_number_that_was_blanked_is_not_shown_as_if_it_were_the_one_that_was_paid(till: Till) -> None:
    txn = till.paid()
    till.do(lambda tx: tx.conn.execute("UPDATE txn_party SET msisdn = '25677000000' WHERE txn_id = ?", (txn.id,)))

    found = check(till, code_of(till, txn))

    assert found is not None
    assert not found.view.number_kept
    assert transactions.get(till.store.conn, txn.id).msisdn.digits == "25677000000"
