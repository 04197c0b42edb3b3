"""What the guides tell people to type is typed, and understood."""

import re
from pathlib import Path

import pytest

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import MARK, MARK_ANSWER, Shop

pytestmark = JOURNEY

DOCS = Path(__file__).parents[3] / "docs"
GUIDES = ("merchants.md", "admins.md")
A_REFERENCE = "K7XPQ2"
REFUSALS = ("For example:", "does not include this", "Owners:", "Admins:")


def text_of(guide: str) -> str:
    return (DOCS / guide).read_text()


def lines_of(guide: str) -> list[str]:
    """Return the lines that a guide tells people to type, in its order."""
    blocks = re.findall(r"^```\n(.*?)^```", text_of(guide), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("guide", GUIDES)
async def test_every_line_a_guide_tells_people_to_type_is_understood(town: Town, shop: Shop, guide: str) -> None:
    person = shop.owner if guide == "admins.md" else shop.cashier
    # Another amount for each: the same again, in any till, would be asked about.
    code = await shop.cashier.done(f"/request 46733123888 {40 + GUIDES.index(guide)} lunch")
    since = len(town.api.transcript)
    for line in lines_of(guide):
        person.type(line.replace(A_REFERENCE, code))
        await person.sees()
    person.type(MARK)
    await person.sees(MARK_ANSWER)

    said = [event.text for event in person.heard(since)]
    assert [text for text in said if any(refusal in text for refusal in REFUSALS)] == []
