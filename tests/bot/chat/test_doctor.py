"""/doctor: what `check` says, in the chat, for owners."""

import pytest

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY

LET_IN = {
    "en": ["✅ mtn collection: let in", "✅ telegram: let in as @", "✅ audit trail: it holds", "→ have the machine's"],
    "fr": [
        "✅ MTN collection: admis",
        "✅ Telegram: admis comme @",
        "✅ journal: il tient",
        "→ faites régler l'horloge",
    ],
}


@pytest.mark.parametrize("language", LET_IN)
async def test_an_owner_is_told_how_everything_is_and_the_cure(town: Town, language: str) -> None:
    owner = Voice(town, OWNER, OWNER)
    town.api.people.users[OWNER].language_code = language
    owner.type("/doctor")
    await owner.sees(*LET_IN[language])  # the town's clock is not that of the machine


async def test_what_fails_is_told_with_its_cure(town: Town) -> None:
    owner = Voice(town, OWNER, OWNER)
    town.api.people.users[OWNER].language_code = "en"
    town.api.faults.add("flood", method="getWebhookInfo")
    owner.type("/doctor")
    await owner.sees("❌ telegram: not let in or not reached", "→ check TELEGRAM_BOT_TOKEN", "things to look at")


async def test_others_are_refused_as_usual(town: Town, shop: Shop) -> None:
    for person, words in ((shop.cashier, "Only an owner"), (await town.hire(shop, None), "not open to you")):
        person.type("/doctor")
        await person.sees(words)


async def test_where_others_read_along_nothing_is_told(town: Town, shop: Shop) -> None:
    shop.owner.type("/doctor")
    await shop.owner.sees("Others read along")
    admins = Voice(town, OWNER, ADMINS)
    admins.type("/doctor")
    await admins.sees("mtn disbursement: let in")
