"""In which language the bot speaks: each person's own, even side by side in one group."""

import pytest

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, Town
from tests.bot.chat.voice import Shop, Voice, labels_of

pytestmark = JOURNEY


def telegram_in(town: Town, voice: Voice, code: str | None) -> None:
    """Let a person's Telegram be in another language."""
    town.api.people.users[voice.user_id].language_code = code


async def french(voice: Voice) -> Voice:
    """Have a person choose French; return them."""
    voice.type("/language fr")
    await voice.sees("Je vous parle désormais en français.")
    return voice


async def test_without_a_choice_a_person_is_spoken_to_as_their_telegram_is(town: Town, shop: Shop) -> None:
    telegram_in(town, shop.cashier, "fr-CI")
    shop.cashier.type("/cancel")
    await shop.cashier.sees("Aucune question n'est en cours.")


async def test_a_choice_counts_more_than_telegram_and_survives_a_restart(town: Town, shop: Shop) -> None:
    telegram_in(town, shop.cashier, "fr")
    shop.cashier.type("/language en")
    await shop.cashier.sees("I speak English to you from now on.")

    await town.restart()

    shop.cashier.type("/cancel")
    await shop.cashier.sees("There is no open question.")


@pytest.mark.parametrize("line", ["/language fr", "/language Français", "/language french", "/LANGUAGE FR"])
async def test_a_language_is_typed_as_people_call_it(shop: Shop, line: str) -> None:
    shop.cashier.type(line)
    await shop.cashier.sees("Je vous parle désormais en français.")


async def test_a_language_is_chosen_by_a_button(shop: Shop) -> None:
    shop.cashier.type("/language")
    shown = await shop.cashier.sees("I speak English to you. Which language do you want?")
    assert labels_of(shown) == ["English", "Français"]
    assert await shop.cashier.press(shown, "Français") == "Je vous parle désormais en français."

    shop.cashier.type("/language")
    await shop.cashier.sees("Je vous parle en Français.")


async def test_another_language_is_refused_with_an_example(shop: Shop) -> None:
    for line in ("/language sw", "/language en fr", "/language till"):
        shop.cashier.type(line)
        await shop.cashier.sees("I do not speak this language: en or fr. For example: /language fr")


async def test_two_people_in_one_group_each_read_their_own_language(town: Town, shop: Shop) -> None:
    aya, ben = await french(shop.cashier), shop.owner

    card = await aya.card("/pay 46733123999 41.10", "Confirmer")
    assert ("À : 46733123999" in card.text, labels_of(card)) == (True, ["Confirmer", "Annuler"])
    assert await aya.press(card, "Confirmer") == "Envoi en cours."
    await aya.sees("Le paiement de 41,10 EUR à 46733123999", "a réussi.", "Référence : ")

    await ben.done("/pay 46733123999 41.11")


async def test_a_press_is_answered_in_the_pressers_language(shop: Shop) -> None:
    card = await shop.owner.card("/pay 46733123999 42.10")
    assert await (await french(shop.cashier)).press(card, "Cancel") == "Cette fiche est à quelqu'un d'autre."


async def test_what_admins_are_asked_is_in_the_houses_language(town: Town, shop: Shop) -> None:
    aya = await french(shop.cashier)
    card = await aya.card("/pay 46733123999 143.20", "Confirmer")
    await aya.press(card, "Confirmer")
    asked = await Voice(town, shop.admin.user_id, ADMINS).sees("Pay 143.20 EUR", button="Approve")
    assert "Asked by: Cashier at Corner shop" in asked.text


async def test_steps_are_asked_in_ones_own_language(shop: Shop) -> None:
    (await french(shop.cashier)).type("/pay")
    await shop.cashier.sees("Qui voulez-vous payer ?", "/cancel pour quitter.")


async def test_an_admin_chooses_the_language_of_a_till(town: Town, shop: Shop) -> None:
    admin = shop.admin.elsewhere(shop.chat_id)
    admin.type("/language")
    shown = await admin.sees("Which language", button="Till: Français")
    said = "Je parle désormais français dans cette caisse, sauf à qui a choisi une autre langue."
    assert await admin.press(shown, "Till: Français") == said

    newcomer = shop.cashier
    telegram_in(town, newcomer, "sw")
    newcomer.type("/cancel")
    await newcomer.sees("Aucune question n'est en cours.")


async def test_a_cashier_does_not_choose_for_the_till(shop: Shop) -> None:
    shop.cashier.type("/language")
    assert labels_of(await shop.cashier.sees("Which language")) == ["English", "Français"]
    shop.cashier.type("/language till fr")
    await shop.cashier.sees("does not include this")


async def test_a_stranger_is_told_no_in_his_own_language_and_chooses_none(town: Town, shop: Shop) -> None:
    stranger = await town.hire(shop, None)
    stranger.type("/language fr")
    await stranger.sees("This till is not open to you.")
    telegram_in(town, stranger, "fr")
    stranger.type("/language fr")
    await stranger.sees("Cette caisse ne vous est pas ouverte.")


async def test_the_balance_is_told_to_whoever_asked_in_their_language(shop: Shop) -> None:
    (await french(shop.cashier)).type("/balance")
    await shop.cashier.sees("Solde", "Encaissement")
