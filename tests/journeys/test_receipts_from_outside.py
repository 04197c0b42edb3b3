"""Receipts, reports and tables of the real program, as files that come over the wire."""

import re

import pypdfium2
import pytest
import zxingcpp

from .harness import PAYEE, Desk, World
from .telegram_chats import Message
from .waiting import PATIENCE

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def file_for(desk: Desk, command: str) -> Message:
    """Type a command and wait for the file it brings; drawing libraries take their time to load."""
    before = len(desk.messages)
    desk.say(command)

    def came() -> Message | None:
        return next((message for message in desk.messages[before:] if message.file), None)

    found = await desk.world.telegram.wait_for(came, 6 * PATIENCE, f"a file for {command!r}")
    assert found is not None
    return found


def codes_on(pdf: bytes) -> list[str]:
    """Return what the QR codes of a one-page document say."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        return [code.text for code in zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())]


async def test_what_went_through_comes_as_receipt_chart_and_table(world: World) -> None:
    desk = await world.open_desk()
    await desk.confirm(f"/request {PAYEE} 61 books", 61)
    await desk.told(61, "successful")
    reference = world.momo.effects_of(61)[0].reference_id

    [link] = codes_on((await file_for(desk, f"/receipt {reference}")).file)
    code = re.fullmatch(r"https://t\.me/foreign_till_bot\?start=v_([0-9A-Z]{26})", link)
    assert code is not None, link
    verdict = await desk.ask(f"/verify {code[1]}")
    assert all(word in verdict.text for word in ("Genuine", "61", reference)), verdict.text
    forged = await desk.ask(f"/verify {code[1][:-1]}{'A' if code[1][-1] != 'A' else 'B'}")
    assert "did not issue" in forged.text

    chart = await file_for(desk, "/report today")
    assert (chart.file[:4], "61 EUR" in chart.text) == (b"\x89PNG", True)
    table = (await file_for(desk, "/export csv today")).file.decode("utf-8-sig")
    assert reference in table
    assert PAYEE not in table
