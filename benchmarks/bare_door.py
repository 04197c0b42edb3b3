"""A bare aiohttp server that answers 200 to everything and does nothing. Prints its port."""

import asyncio

from aiohttp import web


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response()


async def main() -> None:
    """Serve until stopped."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
