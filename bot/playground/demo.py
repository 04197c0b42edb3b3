"""``make demo``: the world with a page in front, until Ctrl-C."""

import asyncio
import signal
import tempfile
from pathlib import Path

from bot.playground.page import PlaygroundPage
from bot.playground.phones import Hint, Phone
from bot.playground.world import ADMIN, ADMINS, APPROVAL_LIMIT, MERCHANT, OWNER, SHOP, World

PHONES = (
    Phone(MERCHANT, (MERCHANT, SHOP)),
    Phone(ADMIN, (ADMINS, SHOP, ADMIN)),
    Phone(OWNER, (OWNER, SHOP, ADMINS)),
)
# Who types what where, and what it shows in English and French.
HINTS = (
    (MERCHANT, MERCHANT, "/balance", "What is in the till", "Ce qu’il y a en caisse"),
    (MERCHANT, MERCHANT, "/pay 46733123999 25 books", "A payment, from start to end", "Un paiement, du début à la fin"),
    (
        MERCHANT,
        MERCHANT,
        "/request 46733123888 40 lunch",
        "Ask for money",
        "Demander de l’argent",
    ),
    (MERCHANT, MERCHANT, "/refund", "Give it back: the Admin approves", "Rembourser : l’Admin approuve"),
    (
        *(MERCHANT, MERCHANT, f"/pay 46733123999 {APPROVAL_LIMIT + 50} stock"),
        *("Over the limit: the Admin decides", "Au-dessus de la limite : l’Admin décide"),
    ),
    (MERCHANT, MERCHANT, "/pay 46733123450 30", "A payment that MTN fails", "Un paiement que MTN fait échouer"),
    (MERCHANT, MERCHANT, "/pay", "Step by step, with buttons", "Pas à pas, avec des boutons"),
    (MERCHANT, SHOP, "/request 46733123888 12 tea", "The same in a group", "La même chose dans un groupe"),
    (MERCHANT, MERCHANT, "/report today", "Money in and out, as a picture", "Les mouvements, en image"),
    (ADMIN, ADMINS, "/people", "Who may do what", "Qui peut faire quoi"),
    (ADMIN, ADMINS, "/history", "What was done in every shop", "Ce qui s’est fait, partout"),
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
        page = PlaygroundPage(world.api, PHONES, [_hint(*hint) for hint in HINTS])
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


def _hint(user_id: int, chat_id: int, text: str, english: str, french: str) -> Hint:
    return Hint(user_id, chat_id, text, {"en": english, "fr": french})
