"""/why and /status: every step with its evidence, and whether the money has moved."""

from itertools import count

import pytest

from bot.domain.roles import Role
from bot.store import anomalies
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, code_of

pytestmark = JOURNEY

amounts = (f"{number}.04" for number in count(11))


async def test_why_tells_the_steps_in_order_with_their_evidence(shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    shop.cashier.type(f"/why {code}")
    told = (await shop.cashier.sees("Has this money moved? Yes: MTN says so, id ")).text
    steps = ["asked for by Cashier", "confirmed by Cashier", "sent", "MTN took the request", "MTN: SUCCESSFUL, id "]
    places = [told.index(f" {step}") for step in steps]
    assert places == sorted(places)


async def test_while_it_is_open_it_says_what_settles_it_and_when_mtn_is_asked(shop: Shop) -> None:
    await shop.cashier.confirmed(f"/request 46733123453 {next(amounts)}")
    waiting = await shop.cashier.sees("approve on the phone")
    shop.cashier.type(f"/status {code_of(waiting)}")
    await shop.cashier.sees(
        "Has this money moved? Not known yet. The payer's answer on the phone will settle it. MTN is asked again at "
    )


async def test_what_failed_did_not_move_and_says_by_whose_word(shop: Shop) -> None:
    await shop.cashier.confirmed(f"/pay 46733123455 {next(amounts)}")
    code = code_of(await shop.cashier.sees("failed"))
    shop.cashier.type(f"/w_{code}")
    await shop.cashier.sees("Has this money moved? No: MTN says so.", "MTN: FAILED")


async def test_what_failed_and_is_doubted_since_is_never_called_safe_to_try_again(town: Town, shop: Shop) -> None:
    await shop.cashier.confirmed(f"/pay 46733123455 {next(amounts)}")
    code = code_of(await shop.cashier.sees("failed"))
    [txn_id] = await town.store.tx(
        lambda tx: tx.conn.execute("SELECT id FROM txn WHERE short_code = ?", (code,)).fetchone()
    )
    await town.store.tx(lambda tx: anomalies.add(tx, "flipped", txn_id, {}))
    shop.cashier.type(f"/status {code}")
    told = await shop.cashier.sees("It is failed", "Do not send it again before that is settled.", "Not known.")
    assert "safe to" not in told.text


async def test_approvals_are_told_by_name(town: Town, shop: Shop) -> None:
    card = await shop.cashier.confirmed(f"/pay 46733123999 1{next(amounts)}")
    asked = await shop.admin.sees(code_of(card), button="Approve")
    await shop.admin.press(asked, "Approve")
    await shop.cashier.sees("was successful")
    shop.cashier.type(f"/why {code_of(card)}")
    await shop.cashier.sees("confirmed by Cashier, approval asked", "approved by Admin")


async def test_status_shows_the_last_steps_and_a_link_to_all(shop: Shop) -> None:
    card = await shop.cashier.confirmed(f"/pay 46733123999 1{next(amounts)}")
    asked = await shop.admin.sees(code_of(card), button="Approve")
    await shop.admin.press(asked, "Approve")
    await shop.cashier.sees("was successful")
    shop.cashier.type(f"/status {code_of(card)}")
    short = await shop.cashier.sees("earlier step", "Every step: /w_")
    shop.cashier.type(short.text.partition("Every step: ")[2])
    assert "asked for by Cashier" in (await shop.cashier.sees("Has this money moved?")).text


async def test_a_link_that_names_another_bot_is_not_for_us(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    shop.cashier.type(f"/s_{code}@some_other_bot")
    await shop.cashier.hears_nothing_until()
    shop.cashier.type(f"/s_{code}@{town.api.bot.username}")
    await shop.cashier.sees(code, "It is successful.")


async def test_an_auditor_reads_the_steps_and_no_number(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    auditor = await town.hire(shop, Role.AUDITOR)
    auditor.type(f"/why {code}")
    told = (await auditor.sees("confirmed by Cashier")).text
    assert "46733123999" not in told
    assert "Sand Box" not in told


@pytest.mark.parametrize("number", ["46733123999", "46733123455"])
async def test_the_french_read_it_in_french(shop: Shop, number: str) -> None:
    shop.cashier.type("/language fr")
    await shop.cashier.sees("rançais")
    card = await shop.cashier.card(f"/pay {number} {next(amounts)}", "Confirmer")
    await shop.cashier.press(card, "Confirmer")
    shop.cashier.type(f"/why {card.text.partition('Référence : ')[2][:6]}")
    told = (await shop.cashier.sees("Cet argent est-il passé ?")).text
    for step in ("demandé par Cashier", "confirmé par Cashier", "envoyé"):
        assert step in told
