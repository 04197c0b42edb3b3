"""All looks of a check, side by side, in the order in which they are told."""

import asyncio

from bot.checking import clock, database, environment, mtn, telegram
from bot.checking.findings import Finding
from bot.settings import Settings
from bot.wiring import Outside


async def every(settings: Settings, outside: Outside) -> list[Finding]:
    """Look at everything this bot needs, changing nothing."""
    held = await database.look(settings)
    asked = await asyncio.gather(
        telegram.look(settings, outside, running=held.running),
        mtn.look(settings, outside),
        clock.look(settings, outside),
    )
    return [*environment.look(settings), *held.findings, *(finding for findings in asked for finding in findings)]
