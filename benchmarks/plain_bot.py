"""PTB with a handler of one line behind a webhook: what the till is measured against.

python -m benchmarks.plain_bot API_URL PORT httpx|ours
"""

import asyncio
import sys

from aiohttp import web
from telegram import Update
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

from bot.chat.transport import AiohttpRequest
from bot.web.telegram import PATH

TEXT = "Send money with /pay, ask for it with /request, give it back with /refund, and see /balance. " * 4


async def _help(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(TEXT)


async def main(api_url: str, port: int, transport: str) -> None:
    """Serve until killed."""
    builder = (
        ApplicationBuilder().token("1:benchmark").base_url(f"{api_url}/bot").updater(None).concurrent_updates(True)
    )
    if transport == "ours":
        builder = builder.request(AiohttpRequest())
    app = builder.build()
    app.add_handler(CommandHandler("help", _help))

    async def take(request: web.Request) -> web.Response:
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    async with app:
        await app.start()
        door = web.Application()
        door.router.add_post(PATH, take)
        runner = web.AppRunner(door, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
