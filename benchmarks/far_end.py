"""Both far ends in one process of their own: an MTN that never ends a transaction, and a Telegram that takes all.

    python -m benchmarks.far_end

Prints its address. ``/counts`` tells how often each was asked.
"""

import asyncio
from collections import Counter

from aiohttp import web

LONG_POLL_SECONDS = 20
TOKEN = {"access_token": "token", "token_type": "access_token", "expires_in": 3600}
BOT = {"id": 1, "is_bot": True, "first_name": "Till", "username": "till_bot"}


class FarEnd:
    """Answers as MTN and Telegram do when all is well, and counts."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._messages = 0

    async def mtn(self, request: web.Request) -> web.Response:
        """Answer as MTN."""
        path = request.path
        if path.endswith("/token/"):
            return web.json_response(TOKEN)
        if request.method == "POST":
            self.counts["sent"] += 1
            return web.Response(status=202)
        self.counts["asked"] += 1
        if "/accountholder/" in path or "/account/" in path:
            return web.json_response({"availableBalance": "1000", "currency": "EUR", "name": "Sand Box"})
        # Nothing that could differ from what a row says: that would be an anomaly.
        return web.json_response({"status": "PENDING"})

    async def telegram(self, request: web.Request) -> web.Response:
        """Answer as Telegram; nobody says anything."""
        method = request.match_info["method"].lower()
        if method == "getupdates":
            await asyncio.sleep(LONG_POLL_SECONDS)
            return web.json_response({"ok": True, "result": []})
        self.counts[method] += 1
        self._messages += 1
        message = {"message_id": self._messages, "date": 1, "chat": {"id": 1, "type": "private"}}
        result = {
            "getme": BOT,
            "getwebhookinfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
        }
        return web.json_response({"ok": True, "result": result.get(method, message if "message" in method else True)})

    async def told(self, _: web.Request) -> web.Response:
        """Tell the counts."""
        return web.json_response(dict(self.counts))


async def main() -> None:
    """Serve until stopped."""
    end = FarEnd()
    app = web.Application()
    app.router.add_get("/counts", end.told)
    app.router.add_route("*", "/telegram/bot{token}/{method}", end.telegram)
    app.router.add_route("*", "/mtn/{path:.*}", end.mtn)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
