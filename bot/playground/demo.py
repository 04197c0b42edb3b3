"""``make demo``: the world with a page in front, until Ctrl-C."""

import asyncio
import signal
import tempfile
from pathlib import Path

from bot.playground.page import PlaygroundPage
from bot.playground.panes import Pane
from bot.playground.world import ADMIN, ADMINS, APPROVAL_LIMIT, MERCHANT, World

PANES = (Pane("Merchant", MERCHANT, MERCHANT), Pane("Admins' chat, as Admin", ADMIN, ADMINS))
SUGGESTIONS = (
    "/balance",
    "/pay 46733123999 25 books",
    "/pay 46733123450 30 fails at MTN",
    f"/pay 46733123999 {APPROVAL_LIMIT + 50} needs an admin",
    "/request 46733123888 40 lunch",
    "/refund REFERENCE",
    "/pay",
    "/help",
)
# Slow enough to see a payer being waited for.
SETTLE_SECONDS = 3.0


def main(port: int) -> int:
    """Run the demo until it is told to stop; return the exit code."""
    try:
        asyncio.run(_demo(port))
    except OSError as error:
        print(f"The page cannot be shown on port {port} ({error.strerror}). Try: python -m bot demo --port 8001")
        return 1
    print("\nStopped.")
    return 0


async def _demo(port: int) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    with tempfile.TemporaryDirectory(prefix="momo-desk-demo-") as folder:
        world = World(Path(folder), settle_after=SETTLE_SECONDS)
        page = PlaygroundPage(world.api, PANES, SUGGESTIONS)
        try:
            url = await page.start(port=port)
            await world.start()
            print(f"MoMo Desk playground: {url}", flush=True)
            print(f"Everything runs on this machine; no real money. The bot's log: {world.log}", flush=True)
            print("Stop with Ctrl-C.", flush=True)
            await stopped.wait()
        finally:
            await page.stop()
            await world.stop()
