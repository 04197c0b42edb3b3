"""/limits: what may leave and what is left of it, for those who may read."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.chat import limits
from bot.domain.limits import Limits, Scope
from bot.domain.policy import Tier
from bot.domain.roles import Role
from momo import Money, Msisdn
from tests.bot.chat.conftest import GET_UPDATES
from tests.bot.chat.samples import NOW
from tests.bot.chat.town import ADMINS, Town
from tests.bot.chat.voice import Shop
from tests.support.till import POLICY, euros

pytestmark = pytest.mark.filterwarnings(GET_UPDATES)

NUMBER = Msisdn("46733123999")
LIMITS: Limits = {scope: euros(str(most)) for scope, most in zip(Scope, (50, 100, 200, 80), strict=True)}


def said(left: Mapping[Scope, Money], payee: Msisdn | None = None, **policy: object) -> list[str]:
    house = replace(POLICY, **{"limits": LIMITS, "zone": ZoneInfo("Africa/Kampala"), **policy})  # type: ignore[arg-type]
    return limits.limits(house, left, payee, NOW).splitlines()[1:]


@pytest_asyncio.fixture
async def limited(tmp_path: Path) -> AsyncIterator[Shop]:
    """A till with every limit."""
    names = ("LIMIT_PER_TRANSACTION", "LIMIT_PERSON_DAY", "LIMIT_DESK_DAY", "LIMIT_PAYEE_DAY")
    most = dict(zip(names, ("50", "100", "200", "80"), strict=True))
    async with Town(tmp_path, APPROVALS_REQUIRED="0:1,150:2", TIMEZONE="Africa/Kampala", **most) as town:
        yield await town.open_shop()


def test_each_limit_has_a_line_and_says_what_is_left_where_it_was_asked() -> None:
    assert said({Scope.PERSON: euros("70.50"), Scope.PAYEE: euros("0")}, NUMBER)[:5] == [
        "One transaction: 50 EUR",
        "You, a day: 100 EUR; 70.50 EUR is left today",
        "A till, a day: 200 EUR",
        "46733123999, a day: 80 EUR; 0 EUR is left today",
        "A new day begins at 12:00 (Africa/Kampala).",
    ]
    assert "One receiver, a day: 80 EUR" in said({})


def test_no_limit_is_said_to_be_none_and_a_single_amount_has_no_day() -> None:
    assert said({}, limits={})[0] == "No limit is set."
    assert said({}, limits={Scope.TRANSACTION: euros("50")})[:-1] == ["One transaction: 50 EUR"]


def test_the_approvals_are_one_line() -> None:
    tiers = (Tier(0, 1), Tier(500_000, 2))
    over = said({}, approval_limit=Money(Decimal(100), "EUR"), tiers=tiers)[-1]
    assert over == "Refunds and payments over 100 EUR need 1 approval. From 500,000 EUR on: 2 approvals."
    assert said({}, approval_limit=None, tiers=(Tier(0, 2),))[-1] == "Refunds need 2 approvals."


async def test_what_is_left_today_is_this_persons_this_tills_and_that_receivers(limited: Shop) -> None:
    await limited.cashier.done(f"/pay {NUMBER} 30")
    limited.cashier.type(f"/limits {NUMBER}")
    await limited.cashier.sees("You, a day: 100 EUR; 70 EUR", "A till, a day: 200 EUR; 170 EUR", "80 EUR; 50 EUR")
    boss = limited.owner.elsewhere(ADMINS)
    boss.type("/limits")
    shown = await boss.sees("You, a day: 100 EUR; 100 EUR is left today", "From 150 EUR on: 2 approvals")
    assert "A till, a day: 200 EUR\nOne receiver, a day: 80 EUR\nA new day begins at 00:00" in shown.text
    limited.cashier.type("/limits many")
    await limited.cashier.sees("A phone number has digits only.")


async def test_an_auditor_finds_no_number_out_and_a_stranger_nothing(limited: Shop) -> None:
    auditor, stranger = [await limited.town.hire(limited, role) for role in (Role.AUDITOR, None)]
    auditor.type("/limits")
    await auditor.sees("You, a day: 100 EUR; 100 EUR is left today")
    auditor.type(f"/limits {NUMBER}")
    await auditor.sees("Your role here, auditor, does not include this.")
    stranger.type("/limits")
    await stranger.sees("This till is not open to you.")


@pytest.mark.parametrize("command", ["pay", "deposit"])
async def test_what_is_over_a_limit_is_refused_with_what_is_not(limited: Shop, command: str) -> None:
    limited.cashier.type(f"/{command} 46733123999 50.01 rent")
    await limited.cashier.sees("more than one transaction may be", f"For example: /{command} 46733123999 50")
