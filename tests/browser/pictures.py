"""The pictures of README and docs: taken by the tests on their way, and only when asked for."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page, expect

DOCS = Path(__file__).parents[2] / "docs"
LARGEST_BYTES = 200_000


async def take_picture(shown: Page | Locator, name: str) -> None:
    """Write docs/<name>.png, small enough to be read on a slow line; without PICTURES set, nothing happens."""
    if not os.environ.get("PICTURES"):
        return
    page = shown if isinstance(shown, Page) else shown.page
    # As a reader of the page sees it: no button under a forgotten mouse, nothing that is about to go.
    await page.mouse.move(0, 0)
    await expect(page.locator(".toast")).to_have_count(0)
    picture = Image.open(io.BytesIO(await shown.screenshot(animations="disabled", caret="hide")))
    small = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    path = DOCS / f"{name}.png"
    small.save(path, optimize=True)
    assert path.stat().st_size <= LARGEST_BYTES
