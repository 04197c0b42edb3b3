"""Reports as people ask for them: a picture with its totals."""

import io
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PIL import Image

from bot.chat import reports
from bot.chat.documents import chart
from bot.domain.periods import Period
from bot.domain.policy import UTC
from bot.domain.roles import Role
from bot.domain.transactions import Kind
from bot.playground.events import Event
from bot.service.reports import Day, Report
from momo import Money
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.documents import file_of, french
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY
NO_DAYS = "I cannot read these days: today, yesterday, week, month, a month, a day, or from..to."


def picture_of(town: Town, event: Event) -> Image.Image:
    return Image.open(io.BytesIO(file_of(town, event).content))


async def test_a_report_is_a_picture_with_the_totals_under_it(town: Town, shop: Shop) -> None:
    await shop.cashier.done("/request 46733123999 40")
    await shop.cashier.done("/pay 46733123999 15")
    card = await shop.cashier.card("/pay 46733123999 6")
    await shop.cashier.press(card, "Cancel")
    shop.cashier.type("/report")
    said = await shop.cashier.sees("Corner shop", "5 Jan 2026", "Sandbox")
    lines = ["In: 40 EUR", "Out: 15 EUR", "Net: 25 EUR", "Requests: 1, Payments: 1", "Did not go through: cancelled: 1"]
    assert [line for line in lines if line in said.text.splitlines()] == lines
    assert picture_of(town, said).size == (1080, 1080)
    assert file_of(town, said).filename == "report-2026-01-05-2026-01-05.png"


async def test_a_report_is_asked_and_told_in_french(shop: Shop) -> None:
    await shop.cashier.done("/request 46733123999 42")
    cashier = await shop.cashier.in_french()
    cashier.type("/report aujourd’hui")
    totals = (french("In: {amount}", amount="42 EUR"), french("Out: {amount}", amount="0 EUR"))
    said = await cashier.sees(french("Sandbox: no real money moved."), *totals, french("Requests: {n}", n=1))
    assert "photo" in said.data
    cashier.type("/report demain")
    await cashier.sees(french(NO_DAYS), "/report 2026-01-01..2026-01-15")


async def test_fees_by_the_operators_table_are_told_where_there_is_one() -> None:
    today = date(2026, 1, 5)
    days = (Day(today, Decimal(50), Decimal(0)),)
    fees = Money(Decimal("1.50"), "EUR")
    report = Report(None, Period(today, today, UTC), "EUR", days, Counter({Kind.TRANSFER: 1}), Counter(), 0, fees)
    assert "Fees by your table: 1.50 EUR" in reports.caption(report, sandbox=False).splitlines()
    assert "Fees" not in reports.caption(replace(report, fees=None), sandbox=False)


async def test_days_without_money_are_told_without_a_picture(shop: Shop) -> None:
    shop.cashier.type("/report 2025-12")
    said = await shop.cashier.sees("1 Dec 2025 – 31 Dec 2025", "Nothing went through in these days.")
    assert "photo" not in said.data


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("soon", "/report 2026-01-01..2026-01-15"),
        ("2026-01-04..2026-01-02", "/report 2026-01-02..2026-01-04"),
        ("2024-01-01..2025-12-31", "/report 2024-01-01..2024-12-31"),
    ],
)
async def test_days_that_cannot_be_are_refused_with_days_that_can(shop: Shop, typed: str, example: str) -> None:
    shop.cashier.type(f"/report {typed}")
    await shop.cashier.sees("For example:", example)


async def test_an_auditor_and_the_admins_chat_see_sums(town: Town, shop: Shop) -> None:
    await shop.cashier.done("/request 46733123999 41")
    auditor = await town.hire(shop, Role.AUDITOR)
    auditor.type("/report today")
    await auditor.sees("In: 41 EUR")
    admins = Voice(town, OWNER, ADMINS)
    admins.type("/report today")
    await admins.sees("Every till", "In: ")


async def test_strangers_see_no_sums(town: Town, shop: Shop) -> None:
    stranger = await town.hire(shop, None)
    stranger.type("/report today")
    await stranger.sees("This till is not open to you")


@pytest.mark.parametrize("days", [1, 2, 7, 31, 366])
@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_any_number_of_days_makes_a_picture_a_phone_shows_whole(days: int, locale: str) -> None:
    money = [Day(date(2026, 1, 1) + timedelta(n), Decimal(n * 10**7), Decimal(n)) for n in range(days)]
    picture = Image.open(io.BytesIO(chart.render(money, "In and out per day, EUR", "In", "Out", locale)))
    assert (picture.format, picture.size) == ("PNG", (1080, 1080))


async def test_what_came_in_and_what_went_out_differ_in_more_than_colour() -> None:
    day = [Day(date(2026, 1, 1), Decimal(100), Decimal(100))]
    grey = Image.open(io.BytesIO(chart.render(day, "", "In", "Out", "en"))).convert("L")
    above, below = grey.getpixel((585, 200)), grey.getpixel((585, 700))
    assert isinstance(above, int)
    assert isinstance(below, int)
    assert abs(above - below) > 40
