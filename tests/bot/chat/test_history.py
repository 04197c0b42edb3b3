"""/history and /find: what was done is found again, by whoever may see it and nobody else."""

from itertools import count

import pytest

from bot.domain.roles import Role
from bot.jobs import deadlines
from bot.service import searching
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice, labels_of

pytestmark = JOURNEY

amounts = (f"{number}.06" for number in count(11))


async def looked_for(voice: Voice, text: str, *words: str) -> str:
    """Type a search and return the page that answers it."""
    voice.type(text)
    return (await voice.sees("History", *words)).text


async def test_history_shows_what_was_done_with_a_link_to_each(shop: Shop) -> None:
    amount = next(amounts)
    code = await shop.cashier.done(f"/pay 46733123999 {amount} books")
    page = await looked_for(shop.cashier, "/history", code)
    assert f"✅ {amount} EUR → Sand Box" in page
    shop.cashier.type(f"/s_{code}")
    await shop.cashier.sees(code, "It is successful.")


@pytest.mark.parametrize(
    "text",
    ["pay", "46733123999", "sand", "RENT", "successful", "réussi", "today", "aujourd'hui", ">1", "by cash", "me"],
)
async def test_every_filter_finds_it(shop: Shop, text: str) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)} rent")
    assert code in await looked_for(shop.cashier, f"/find {text}", code)


@pytest.mark.parametrize(
    "text", ["refund", "46733123998", "nobodycalledso", "failed", "yesterday", "<1", "by admin", "2026-01-01"]
)
async def test_what_does_not_fit_is_not_found(shop: Shop, text: str) -> None:
    await shop.cashier.done(f"/pay 46733123999 {next(amounts)} rent")
    shop.cashier.type(f"/history {text}")
    assert "/s_" not in (await shop.cashier.sees("Nothing found.")).text


async def test_a_reference_is_found_at_once_and_a_name_like_one_all_the_same(shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)} garden")
    for text in (f"/find {code.lower()}", f"/find #{code}", f"/history {code}"):
        shop.cashier.type(text)
        await shop.cashier.sees(code, "It is successful.")
    assert code in await looked_for(shop.cashier, "/find garden", code)


async def test_a_name_that_only_the_contacts_have_is_found(shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    shop.cashier.type("/contacts add Mama Grace 46733123999")
    await shop.cashier.sees("Mama Grace")
    assert code in await looked_for(shop.cashier, "/find grace", code)


async def test_filters_go_together_and_the_page_says_how_they_were_read(shop: Shop) -> None:
    amount = next(amounts)
    code = await shop.cashier.done(f"/pay 46733123999 {amount} rent")
    page = await looked_for(shop.cashier, f"/history pay {amount} Sand successful today", code)
    assert f"History: “Sand”, successful, transfer, {amount} EUR, " in page


async def test_a_filter_that_is_not_understood_is_said_so_with_a_right_example(shop: Shop) -> None:
    shop.cashier.type("/history failed >much")
    await shop.cashier.sees("what to look for with >much", "/history >12.50")
    shop.cashier.type("/find")
    await shop.cashier.sees("What shall I look for?", "/find Okello")


async def test_a_word_that_is_nearly_a_filter_is_asked_about(shop: Shop) -> None:
    shop.cashier.type("/history succesful")
    await shop.cashier.sees("Nothing found.", "Did you mean successful?")


async def test_pages_are_turned_in_place_and_stand_still_while_new_ones_come(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    codes = [await shop.cashier.done(f"/pay 46733123999 {next(amounts)}") for _ in range(5)]
    shop.cashier.type("/history")
    first = await shop.cashier.sees(codes[4], button="Older ›")
    await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    await shop.cashier.press(first, "Older ›")
    second = await shop.cashier.sees(codes[2], codes[1])
    assert (second.kind, second.data["message_id"]) == ("edit", first.data["message_id"])
    assert labels_of(second) == ["‹ Newer", "Older ›"]
    await shop.cashier.press(second, "Older ›")
    last = await shop.cashier.sees(codes[0])
    assert labels_of(last) == ["‹ Newer"]
    await shop.cashier.press(last, "‹ Newer")
    assert codes[3] not in (await shop.cashier.sees(codes[2], codes[1])).text


async def test_a_search_that_went_far_says_how_far_and_goes_on_when_asked(
    town: Town, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)} needle")
    for _ in range(3):
        await shop.cashier.done(f"/pay 46733123999 {next(amounts)} hay")
    monkeypatch.setattr(searching, "MOST_SLICES", 1)
    monkeypatch.setattr("bot.store.finding.SLICE_OF_TEXT", 2)
    shop.cashier.type("/find needle")
    page = await shop.cashier.sees("Nothing found so far.", "Looked back to", button="Look further back")
    await shop.cashier.press(page, "Look further back")
    await shop.cashier.sees(code)
    assert await town.ask("SELECT count(*) FROM finding WHERE message_id = ?", page.data["message_id"]) == [1]


async def test_a_member_of_another_till_learns_nothing(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)} secret")
    other = await town.open_shop("Other shop")
    other.cashier.type("/find secret")
    await other.cashier.sees("Nothing found.")
    for text in (f"/s_{code}", f"/status {code}", "/status ABC234", "/s_ABC234"):
        other.cashier.type(text)
        assert (await other.cashier.sees("There is no")).text.endswith("here. /history shows what there is.")


async def test_strangers_are_refused_before_anything_is_read(town: Town, shop: Shop) -> None:
    stranger = await town.hire(shop, None)
    for text in ("/history", "/find", "/history >much", "/s_ABC234"):
        stranger.type(text)
        await stranger.sees("not open to you")


async def test_nobody_else_turns_the_pages(town: Town, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 1)
    for _ in range(2):
        await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    shop.cashier.type("/history")
    page = await shop.cashier.sees(button="Older ›")
    assert "belongs to somebody else" in await shop.owner.press(page, "Older ›")
    shop.owner.type(f"/role {shop.cashier.user_id} none")
    await shop.owner.sees("has no role any more")
    assert "not open to you" in await shop.cashier.press(page, "Older ›")


async def test_an_auditor_sees_masked_numbers_and_may_not_ask_by_them(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    await shop.cashier.done(f"/pay 46733123999 {amount} rent")
    auditor = await town.hire(shop, Role.AUDITOR)
    page = await looked_for(auditor, f"/history {amount}", amount)
    assert "46733123999" not in page
    assert "Sand" not in page
    for text in ("46733123999", "sand", "rent"):
        auditor.type(f"/find {text}")
        await auditor.sees("auditor, does not include this")


async def test_the_admins_chat_sees_every_till(town: Town, shop: Shop) -> None:
    other = await town.open_shop("Second till")
    codes = [await each.cashier.done(f"/pay 46733123999 {next(amounts)} overview") for each in (shop, other)]
    page = await looked_for(Voice(town, OWNER, ADMINS), "/history overview", *codes)
    assert "Corner shop" in page
    assert "Second till" in page


async def test_the_french_read_it_in_french(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    code = await shop.cashier.done(f"/pay 46733123999 {amount} rent")
    shop.cashier.type("/language fr")
    await shop.cashier.sees("rançais")
    shop.cashier.type("/history paiement réussi hier")
    await shop.cashier.sees("Historique", "Rien trouvé.")
    shop.cashier.type("/find >much")
    await shop.cashier.sees("/find >12.50")
    shop.cashier.type("/history demande paiement >1 aujourd'hui")
    assert "et plus" in (await shop.cashier.sees("Historique", code)).text.splitlines()[0]


async def test_what_was_looked_for_is_forgotten_after_a_day(town: Town, shop: Shop) -> None:
    await looked_for(shop.cashier, "/history 46733123999")
    mine = "SELECT count(*) FROM finding WHERE user_id = ?"
    await town.store.tx(deadlines.forget)
    assert await town.ask(mine, shop.cashier.user_id) == [1]
    await town.forward(days=1, minutes=1)
    await town.store.tx(deadlines.forget)
    assert await town.ask(mine, shop.cashier.user_id) == [0]
