"""The command menus that people see: by kind of chat, by role and by language, set at start and as things change."""

from bot.domain.roles import Role
from bot.store import people
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import OWNER, Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY


def menu(town: Town, voice: Voice) -> dict[str, str]:
    """Return what a person's menu in a chat says now."""
    person = town.api.people.users[voice.user_id]
    shown = town.api.commands.seen_by(town.api.people.chats[voice.chat_id], voice.user_id, person.language_code)
    return {line["command"]: line["description"] for line in shown}


async def finds(town: Town, voice: Voice, *with_these: str, without: str = "") -> dict[str, str]:
    """Wait until a person's menu has these commands, and not that one; return it."""
    await town.until(
        town.api.log.first(
            lambda event: (
                event.kind == "commands"
                and menu(town, voice).keys() >= set(with_these)
                and without not in menu(town, voice)
            ),
            after=0,
        )
    )
    return menu(town, voice)


async def test_a_cashier_finds_what_a_cashier_may_do(town: Town, shop: Shop) -> None:
    found = await finds(town, shop.cashier, "pay", "balance", without="freeze")
    assert found.keys() & {"thaw", "role", "audit", "start"} == set()
    assert found["pay"] == "Send money"


async def test_each_language_of_telegram_has_its_menu(town: Town, shop: Shop) -> None:
    await finds(town, shop.cashier, "pay", without="freeze")
    for code, words in (("fr", "Envoyer de l'argent"), ("sw", "Send money"), ("en", "Send money")):
        town.api.people.users[shop.cashier.user_id].language_code = code
        assert menu(town, shop.cashier)["pay"] == words


async def test_an_admin_finds_more_in_the_till_and_in_private(town: Town, shop: Shop) -> None:
    admin = shop.admin.elsewhere(shop.chat_id)
    assert "role" not in await finds(town, admin, "pay", "freeze", "audit")
    private = await town.starts(admin)
    assert "role" not in await finds(town, private, "pay", "freeze", "start")


async def test_the_admins_chat_offers_nothing_that_moves_money(town: Town, shop: Shop) -> None:
    found = await finds(town, shop.admin, "freeze", "role", "people")
    assert found.keys() & {"pay", "request", "refund", "close", "start"} == set()


async def test_an_auditor_finds_only_what_can_be_read(town: Town, shop: Shop) -> None:
    auditor = await town.hire(shop, Role.AUDITOR)
    found = await finds(town, auditor, "audit", "status", without="pay")
    assert found.keys() & {"freeze", "refund", "people"} == set()


async def test_a_menu_follows_the_role(town: Town, shop: Shop) -> None:
    await finds(town, shop.cashier, "pay")
    shop.owner.type(f"/role {shop.cashier.user_id} admin")
    await finds(town, shop.cashier, "freeze")
    shop.owner.type(f"/role {shop.cashier.user_id} cashier")
    await finds(town, shop.cashier, "pay", without="freeze")


async def test_a_menu_follows_the_language_that_was_chosen(town: Town, shop: Shop) -> None:
    shop.cashier.type("/language fr")
    await shop.cashier.sees("Je vous parle désormais en français.")
    await town.until(
        town.api.log.first(lambda _: menu(town, shop.cashier)["pay"] == "Envoyer de l'argent", after=0),
    )
    assert menu(town, shop.owner)["pay"] == "Send money"


async def test_what_telegram_refuses_keeps_nothing_else_back(town: Town, shop: Shop) -> None:
    gone = town.person("Gone")
    await town.store.tx(lambda tx: people.grant(tx, gone, shop.desk_id, Role.ADMIN, OWNER))
    other = await town.hire(shop, Role.ADMIN)
    await finds(town, other, "freeze")
    assert menu(town, Voice(town, gone, shop.chat_id)).keys() & {"freeze"} == set()


async def test_a_start_sets_only_what_differs(town: Town, shop: Shop) -> None:
    await finds(town, shop.admin.elsewhere(shop.chat_id), "freeze", without="role")
    shop.cashier.type("/cancel")
    await shop.cashier.sees("no open question")
    before = len(town.api.transcript)
    await town.restart()
    shop.cashier.type("/cancel")
    await shop.cashier.sees("no open question")
    told = [event.data["scope"] for event in town.api.transcript[before:] if event.kind == "commands"]
    assert told == [{"type": "default"}]
