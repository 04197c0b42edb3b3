"""What a merchant does all day by pressing, in English and in French: the same steps, the same card."""

from dataclasses import dataclass
from itertools import count

import pytest

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY

# The same amount to the same number within ten minutes would be asked about once more.
amounts = count(40)


@dataclass(frozen=True)
class Words:
    """What is read on the way."""

    code: str
    whom: str
    how_much: str
    note: str
    skip: str
    back: str
    leave: str
    left: str
    confirm: str
    pay: str
    free: str
    which: str
    everything: str
    why: str
    saved: str
    new_here: str
    near: str


EN = Words(
    "en", "Whom do you want to pay?", "How much, in EUR?", "A note", "Skip", "Back", "Cancel", "Nothing was started.",
    "Confirm", "Pay {} EUR", "pay {} {} rent", "Which payment", "All: {} EUR", "Why?", "Saved as: Corner shop",
    "New here: this till has never sent money", "one digit away from Corner shop",
)  # fmt: skip
FR = Words(
    "fr", "Qui voulez-vous payer ?", "Combien, en EUR ?", "Une note", "Passer", "Retour", "Annuler", "Rien n'a été",
    "Confirmer", "Payer {} EUR", "payer {} {} loyer", "Quel paiement", "Tout : {} EUR", "Pourquoi ?",
    "Enregistré sous : Corner shop", "Nouveau ici : cette caisse n'a jamais", "à un chiffre près de Corner shop",
)  # fmt: skip
in_both_languages = pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])


async def merchant(town: Town, shop: Shop, words: Words) -> Voice:
    """Return the cashier in private, whose Telegram is in this language."""
    voice = await town.starts(shop.cashier)
    town.api.people.users[voice.user_id].language_code = words.code
    return voice


@in_both_languages
async def test_the_last_payee_is_paid_again_by_pressing(town: Town, shop: Shop, words: Words) -> None:
    amount, other = next(amounts), next(amounts)
    await shop.admin.elsewhere(shop.chat_id).done(f"/pay 46733123601 {amount}")
    voice = await merchant(town, shop, words)
    voice.type("/pay")
    await voice.press(await voice.sees(words.whom, button="Sand Box · 46733123601"), "Sand Box")
    await voice.press(await voice.sees(words.how_much, button=f"{amount} EUR"), words.back)
    await voice.press(await voice.sees(words.whom, button="Sand"), "Sand")
    await voice.sees(words.how_much)
    voice.type(str(other))
    await voice.press(await voice.sees(words.note, button=words.skip), words.skip)
    await voice.sees(words.pay.format(other), "46733123601", button=words.confirm)


@in_both_languages
async def test_cancel_leaves(town: Town, shop: Shop, words: Words) -> None:
    voice = await merchant(town, shop, words)
    voice.type("/deposit")
    await voice.press(await voice.sees(button=words.leave), words.leave)
    await voice.sees(words.left)


@in_both_languages
async def test_a_sentence_makes_the_same_card(town: Town, shop: Shop, words: Words) -> None:
    voice, amount = await merchant(town, shop, words), next(amounts)
    voice.type(words.free.format("46733123602", amount))
    await voice.sees(words.pay.format(amount), words.new_here, button=words.confirm)


@in_both_languages
async def test_a_payment_that_came_in_is_given_back_by_pressing(town: Town, shop: Shop, words: Words) -> None:
    amount = next(amounts)
    code = await shop.admin.elsewhere(shop.chat_id).done(f"/request 46733123603 {amount}")
    voice = await merchant(town, shop, words)
    voice.type("/refund")
    await voice.press(await voice.sees(words.which, button=f"{code} · {amount} EUR"), code)
    await voice.press(await voice.sees(button=words.everything.format(amount)), words.everything.format(amount))
    await voice.press(await voice.sees(words.why, button=words.skip), words.skip)
    await voice.sees(f"{amount} EUR", code, button=words.confirm)


@in_both_languages
async def test_a_contact_is_picked_and_one_digit_beside_it_is_named(town: Town, shop: Shop, words: Words) -> None:
    voice = await merchant(town, shop, words)
    voice.type("/contacts add Corner shop 46733123604")
    await voice.sees("Corner shop", "46733123604", "Sand Box")
    for whom, warning in (("corner shop", words.saved), ("46733123614", words.near)):
        voice.type(f"/pay {whom} {next(amounts)}")
        await voice.sees(warning, button=words.confirm)
