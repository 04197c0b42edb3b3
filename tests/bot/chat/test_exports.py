"""Exports as people ask for them: a file with every transaction of some days."""

import stat
import threading
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.chat.documents import columns
from bot.chat.documents.columns import Hidden
from bot.chat.documents.exporter import Writing, path_of
from bot.domain.fees import Fee
from bot.domain.roles import Role
from bot.domain.transactions import Kind, State
from bot.playground.events import Event
from bot.store.lines import Line
from momo import Money, Msisdn
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.documents import csv_rows, file_of, french, is_file, xlsx_rows
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice
from tests.support.clock import START

pytestmark = JOURNEY
NUMBER = "46733123999"
SENT = "SELECT count(*) > 0 FROM outbox WHERE kind = 'document' AND state = 'SENT' AND chat_id = ?"
# Telegram did not take the file.
PUT_BACK = "SELECT count(*) > 0 FROM outbox WHERE kind = 'document' AND chat_id = ? AND next_at_ms > created_at_ms"


async def table(voice: Voice, typed: str) -> Event:
    """Ask for a table and wait for its file."""
    since = len(voice.town.api.transcript)
    voice.type(typed)
    return await voice.town.until(
        voice.town.api.log.first(lambda event: event.chat_id == voice.chat_id and is_file(event), after=since)
    )


def column(table: list[list[object]], heading: str) -> list[object]:
    """Return a column by the beginning of its heading."""
    place = next(n for n, title in enumerate(table[0]) if str(title).startswith(heading))
    return [row[place] for row in table[1:]]


async def trade(shop: Shop) -> None:
    """Receive fifty, pay twenty, cancel one, and leave one open."""
    evil = await shop.town.hire(shop, Role.CASHIER, name="=1+1")
    await evil.done(f"/request {NUMBER} 50 Order 7")
    await shop.cashier.done(f"/pay {NUMBER} 20 Rent")
    await shop.cashier.press(await shop.cashier.card(f"/pay {NUMBER} 6"), "Cancel")
    await shop.cashier.sees("Cancelled.")
    await shop.cashier.card(f"/pay {NUMBER} 7")


async def test_a_table_has_a_running_balance_of_what_went_through_and_of_nothing_else(town: Town, shop: Shop) -> None:
    await trade(shop)
    event = await table(shop.cashier, "/export csv today")
    cells = [list[object](row) for row in csv_rows(file_of(town, event).content)]

    assert column(cells, "Amount") == ["50.00", "20.00", "6.00", "7.00"]
    assert column(cells, "In") == ["50.00", "", "", ""]
    assert column(cells, "Out") == ["", "20.00", "", ""]
    assert column(cells, "Running balance") == ["50.00", "30.00", "30.00", ""]
    assert column(cells, "State") == ["successful", "successful", "cancelled", "waiting for Confirm"]
    assert column(cells, "Note")[:2] == ["Order 7", "Rent"]
    assert column(cells, "Made by")[:2] == ["'=1+1", "Cashier"]
    assert file_of(town, event).filename == "momo-2026-01-05-2026-01-05.csv"
    assert "4 rows" in event.text


async def test_a_fee_stands_in_a_column_of_its_own_and_in_no_balance() -> None:
    fees = {Kind.REQUEST_TO_PAY: (Fee(0, Decimal(2), percent=True),)}
    [row] = columns.rows([LINE], Decimal(10), fees)
    heads, cells = columns.headings(), columns.cells(row, ZoneInfo("UTC"), Hidden(numbers=False, names=False))
    found = dict(zip(heads, cells, strict=True))

    assert found["Fee by your table, in no balance"] == Decimal("1.00")
    assert found["Running balance, from 0 at the start of these days"] == Decimal("60.00")


LINE = Line(
    id=1,
    at=START,
    final=True,
    till="Corner shop",
    short_code="ABC234",
    reference_id="5d3c1a52-9f5e-4b6e-8f2a-0c6d8a1b2c3d",
    kind=Kind.REQUEST_TO_PAY,
    state=State.SUCCESSFUL,
    amount=Money(Decimal("50.00"), "EUR"),
    decimals=2,
    msisdn=Msisdn(NUMBER),
    name="Sand Box",
    note="Order 7",
    made_by="Cashier",
    approved_by="",
    mtn_id="1234",
    failure_code=None,
)


async def test_in_private_numbers_are_whole_and_in_a_group_hidden(town: Town, shop: Shop) -> None:
    await shop.cashier.done(f"/request {NUMBER} 51")
    here = await table(shop.cashier, "/export csv today")
    private = await town.starts(shop.cashier)
    there = await table(private, "/export csv today")

    assert NUMBER not in file_of(town, here).content.decode()
    assert "ask in private" in here.text
    assert NUMBER in file_of(town, there).content.decode()
    assert "ask in private" not in there.text


async def test_an_auditor_sees_money_and_neither_numbers_nor_names(town: Town, shop: Shop) -> None:
    await shop.cashier.done(f"/request {NUMBER} 52 Mary's order")
    auditor = await town.starts(await town.hire(shop, Role.AUDITOR))
    content = file_of(town, await table(auditor, "/export csv today")).content.decode()

    assert "52" in content
    assert not [word for word in (NUMBER, "Sand Box", "Mary") if word in content]


async def test_a_french_speaker_has_a_french_table(town: Town, shop: Shop) -> None:
    await shop.cashier.done(f"/request {NUMBER} 55")
    cashier = await shop.cashier.in_french()
    event = await table(cashier, "/export csv semaine")
    cells = [list[object](row) for row in csv_rows(file_of(town, event).content)]

    assert column(cells, french("In")) == ["55.00"]
    await fill(town, shop, 5000)
    cashier.type("/export csv aujourd'hui")
    await cashier.sees(french("⏳ Making the table: {done} of {total} rows", done=0, total="5\u202f001"))


async def test_a_workbook_is_what_comes_unless_said_otherwise(town: Town, shop: Shop) -> None:
    await shop.cashier.done(f"/request {NUMBER} 53")
    event = await table(shop.cashier, "/export")
    cells = xlsx_rows(file_of(town, event).content)

    assert file_of(town, event).filename == "momo-2026-01-01-2026-01-05.xlsx"
    assert column(cells, "In") == [53]
    assert isinstance(column(cells, "Time")[0], datetime)


async def test_the_admins_chat_has_the_tables_of_every_till(town: Town, shop: Shop) -> None:
    await shop.cashier.done(f"/request {NUMBER} 54")
    event = await table(Voice(town, OWNER, ADMINS), "/export csv today")
    cells = [list[object](row) for row in csv_rows(file_of(town, event).content)]

    assert "54.00" in column(cells, "Amount")
    assert NUMBER not in file_of(town, event).content.decode()


async def test_a_table_without_rows_is_a_table_all_the_same(town: Town, shop: Shop) -> None:
    event = await table(shop.cashier, "/export csv 2025-12")
    assert len(csv_rows(file_of(town, event).content)) == 1


@pytest.mark.parametrize(
    ("typed", "example"),
    [("pdf", "/export xlsx 2026-01-01..2026-01-15"), ("csv soon", "/export csv 2026-01-01..2026-01-15")],
)
async def test_what_is_no_table_is_refused_with_one_that_is(shop: Shop, typed: str, example: str) -> None:
    shop.cashier.type(f"/export {typed}")
    await shop.cashier.sees("For example:", example)


async def test_strangers_have_no_tables(town: Town, shop: Shop) -> None:
    stranger = await town.hire(shop, None)
    stranger.type("/export csv today")
    await stranger.sees("This till is not open to you")


async def test_a_long_table_tells_how_far_it_is_on_one_message(
    town: Town, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, write = threading.Event(), Writing.write
    monkeypatch.setattr(Writing, "write", lambda *its: seen.wait() and write(*its))
    await fill(town, shop, 5000)
    shop.cashier.type("/export csv today")
    begun = await shop.cashier.sees("Making the table: 0 of 5,000 rows")
    seen.set()
    made = await shop.cashier.sees("The table is made: 5,000 rows")
    assert begun.data["message_id"] == made.data["message_id"]
    await town.until_so(SENT, shop.chat_id)


async def fill(town: Town, shop: Shop, count: int) -> None:
    """Put cards into a till that nobody will look at today."""
    values = {"count": count, "desk": shop.desk_id, "maker": shop.cashier.user_id, "late": 9_999_999_999_999}
    await town.store.tx(lambda tx: tx.conn.execute(CARDS, values))
    await town.ask(
        "INSERT INTO txn_party SELECT id, '46733123999', '', '' FROM txn WHERE src_update_id < 0 AND desk_id = ?",
        shop.desk_id,
    )


CARDS = """
WITH RECURSIVE n(i) AS (SELECT :desk * 10000 + 1 UNION ALL SELECT i + 1 FROM n WHERE i < :desk * 10000 + :count)
INSERT INTO txn(reference_id, short_code, callback_token, kind, amount_minor, currency, decimals, party_hash,
  body_sha256, desk_id, maker_id, approvals_needed, src_update_id, created_at_ms, expires_at_ms, next_at_ms)
SELECT format('00000000-0000-4000-8000-%012d', i), format('%06d', i), format('%043d', i), 'transfer', 100, 'EUR', 2,
  zeroblob(32), zeroblob(32), :desk, :maker, 0, -i, 1767603600000 - i, :late, :late FROM n
"""


async def test_files_wait_beside_the_database_and_are_gone_once_sent(town: Town, shop: Shop) -> None:
    folder = town.settings.files_path
    town.api.faults.add("http_500", method="sendDocument")
    await table(shop.cashier, "/export csv today")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    await town.until_so(SENT, shop.chat_id)
    assert list(folder.iterdir()) == []


async def test_a_table_whose_file_went_before_it_was_sent_is_made_again(town: Town, shop: Shop) -> None:
    await town.until_so("SELECT count(*) = 0 FROM outbox WHERE kind = 'document' AND state IN ('NEW', 'SENDING')")
    town.api.faults.add("flood", method="sendDocument", seconds=60)
    shop.cashier.type("/export csv today")
    folder = town.settings.files_path
    await town.until_so(PUT_BACK, shop.chat_id)
    [made] = await town.ask("SELECT max(id) FROM export")
    path_of(folder, made, 1, "csv").unlink()
    await town.until(town.api.log.first(lambda event: event.chat_id == shop.chat_id and is_file(event)))
