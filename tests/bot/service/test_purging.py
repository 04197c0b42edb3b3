"""What is over for long enough forgets whom it was with; what is open keeps it, and everything else still fits."""

import random
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat import cards as cards_in_words
from bot.chat.language import speak
from bot.domain.mint import Mint
from bot.domain.purging import REMOVED
from bot.domain.refusals import Refusal, Why
from bot.domain.settling import matches
from bot.domain.transactions import Kind, Transaction
from bot.service import contacts, guesses, purging, receipts, refundable, seats, views
from bot.service.payments import Place
from bot.service.purging import NotPurged, Purging, bound_of
from bot.service.seats import Seat
from bot.store import audit, people, questions, seals
from bot.store.bells import Bells
from bot.store.database import Database, Tx
from bot.store.purging import Bound
from bot.store.times import to_ms
from momo import Msisdn
from tests.support.till import CASHIER, OWNER, SHOP, STRANGER, Till, says

# Made up, and in no other place of the program or the tests.
CANARY = Msisdn("46733123787")
YEAR = timedelta(days=365)


@pytest.fixture
def old(till: Till) -> Transaction:
    """A request that was paid, and everything said and typed about it, a year and a day ago."""
    paid = till.pending(Kind.REQUEST_TO_PAY, "50", msisdn=CANARY)
    till.look(paid, says(paid, "SUCCESSFUL"))
    readings = [{"msisdn": str(CANARY), "note": str(CANARY)}]
    till.do(lambda tx: questions.add(tx, SHOP, CASHIER, readings, tx.now))
    till.do(lambda tx: people.meet(tx, STRANGER, f"Stranger {CANARY}", "en", private=True))
    till.clock.forward(days=366)
    return till.get(paid)


def seat(till: Till, tx: Tx) -> Seat:
    return seats.seat(tx, till.policy, CASHIER, SHOP, private=False)


async def purge(till: Till, **of: int) -> dict[str, int]:
    bound = Bound(till.clock() - YEAR, **of)
    return await purging.purge(till.store, bound, {OWNER}, "clock", slice_rows=1)


def dump(till: Till) -> str:
    return "\n".join(till.store.conn.iterdump())


async def test_what_is_old_forgets_the_number_and_nothing_else_changes(till: Till, old: Transaction) -> None:
    assert str(CANARY) in dump(till)
    counts = await purge(till)
    assert (counts["transactions"], counts["questions"], counts["people"]) == (1, 1, 1)
    assert str(CANARY) not in dump(till)
    assert "Order 7" not in dump(till)
    after = till.get(old)
    assert (after.msisdn, after.note, after.payee_name) == (REMOVED, "", "")
    assert (after.amount, after.state, after.final_at, after.reference_id) == (
        old.amount,
        old.state,
        old.final_at,
        old.reference_id,
    )
    assert audit.first_break(till.store.conn) is None
    assert seals.look(till.store.conn, 0, 100).wrong == []


async def test_a_second_time_there_is_nothing_to_do_and_nothing_is_written(till: Till, old: Transaction) -> None:
    assert till.do(lambda tx: purging.preview(tx, Bound(tx.now - YEAR), {OWNER})) == await purge(till)
    rows = audit.count(till.store.conn)
    assert set((await purge(till)).values()) == {0}
    assert audit.count(till.store.conn) == rows


async def test_what_is_open_or_young_or_being_given_back_keeps_its_number(till: Till, old: Transaction) -> None:
    open_one = till.ready(msisdn=CANARY)
    till.draft(Kind.REFUND, "1", original=old, msisdn=CANARY)
    till.clock.forward(days=400)
    assert (await purge(till))["transactions"] == 0
    assert {till.get(txn).msisdn for txn in (old, open_one)} == {CANARY}


async def test_one_desk_alone(till: Till, old: Transaction) -> None:
    assert (await purge(till, desk_id=till.desk.id + 1, chat_id=-1))["transactions"] == 0
    assert (await purge(till, desk_id=till.desk.id, chat_id=SHOP))["transactions"] == 1


async def test_contacts_go_when_nothing_was_done_with_them(till: Till) -> None:
    def save(name: str, msisdn: Msisdn) -> None:
        till.do(lambda tx: contacts.save(tx, seat(till, tx), Place(SHOP), name, msisdn))

    save("Old", CANARY)
    save("Used", Msisdn("46733123786"))
    till.clock.forward(days=366)
    till.draft(msisdn=Msisdn("46733123786"))
    assert (await purge(till))["contacts"] == 1
    kept = till.do(lambda tx: [c.name for c in contacts.of_seat(tx, seat(till, tx))])
    assert kept == ["Used"]


async def test_the_receipt_stays_genuine_and_says_that_the_number_is_removed(till: Till, old: Transaction) -> None:
    code = till.do(lambda tx: receipts.code_of(tx, old))
    await purge(till)
    view = till.do(lambda tx: receipts.view(tx, till.get(old)))
    assert (view.code, view.number_kept) == (code, False)


@pytest.mark.parametrize(("language", "words"), [("en", "number removed"), ("fr", "numéro effacé")])
async def test_a_card_says_it_in_both_languages(till: Till, old: Transaction, language: str, words: str) -> None:
    await purge(till)
    view = till.do(lambda tx: views.card(tx, till.policy, till.card(old).id))
    with speak(language):
        text = cards_in_words.card(view, till.policy.zone, sandbox=True)
        end = cards_in_words.end(view, old.state, None)
    assert words in text
    assert words in end
    assert str(REMOVED) not in text + end


async def test_nobody_is_offered_or_paid_back_who_was_removed(till: Till, old: Transaction) -> None:
    await purge(till)
    assert till.do(lambda tx: guesses.unsaved(tx, till.desk.id)) == []
    assert till.do(lambda tx: guesses.collections(tx, till.desk.id)) == []
    with pytest.raises(Refusal, match=f"^{Why.NUMBER_REMOVED}$"):
        till.do(lambda tx: refundable.amount(tx, till.get(old), None))


async def test_what_mtn_says_of_it_later_is_no_contradiction(till: Till, old: Transaction) -> None:
    result = says(old, "SUCCESSFUL").result
    assert result is not None
    assert matches(till.get(old), result)
    await purge(till)
    assert matches(till.get(old), result)


async def test_the_database_itself_blanks_only_what_is_over_and_never_brings_it_back(
    till: Till, old: Transaction
) -> None:
    open_one = till.ready()
    blank = "UPDATE txn_party SET msisdn = ?, note = '', payee_name = '' WHERE txn_id = ?"
    with pytest.raises(sqlite3.IntegrityError, match="only what is over"):
        till.store.conn.execute(blank, (str(REMOVED), open_one.id))
    await purge(till)
    with pytest.raises(sqlite3.IntegrityError, match="stays blank"):
        till.store.conn.execute("UPDATE txn_party SET msisdn = '46733123999' WHERE txn_id = ?", (old.id,))


async def test_after_a_purge_the_number_is_in_no_byte_of_any_file(till: Till, old: Transaction, tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    till.store.conn.execute("VACUUM INTO ?", (str(path),))
    database = Database(path, till.clock, Mint(random.Random(1)), Bells())
    await database.open(0)
    try:
        await database.tx(
            lambda tx: people.meet(tx, STRANGER + 1, f"Written to the -wal alone {CANARY}", "en", private=True)
        )
        assert holding(tmp_path) == ["till.db", "till.db-wal"]
        before = str(to_ms(till.clock() - YEAR))
        done = await Purging(database, {OWNER}).command({"before": before, "desk": "shop", "dry_run": ""})
        assert (done["counts"]["transactions"], done["counts"]["people"], done["note"]) == (1, 0, "")
        await Purging(database, {OWNER}).every_night(YEAR)
        assert holding(tmp_path) == []
    finally:
        await database.close()
    assert holding(tmp_path) == []


def holding(folder: Path) -> list[str]:
    """The files in which the number stands."""
    return sorted(file.name for file in folder.iterdir() if str(CANARY).encode() in file.read_bytes())


@pytest.mark.parametrize(
    ("request_", "why"),
    [({"days": 3}, "everything of the last 8 days is kept"), ({"desk": "No shop"}, r"no till, .* there are: Shop")],
)
def test_what_is_too_young_or_nowhere_is_refused(till: Till, request_: dict[str, Any], why: str) -> None:
    asked = {"days": 30, "desk": ""} | request_
    with pytest.raises(NotPurged, match=why):
        till.do(lambda tx: bound_of(tx, to_ms(tx.now - timedelta(days=asked["days"])), asked["desk"]))
