"""All looks of a check, side by side, in the order in which they are told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.checking import backups, clock, database, environment, mtn, telegram
from bot.checking.database import Held
from bot.domain.checkup import Finding, wrong
from bot.domain.marking import later
from bot.settings import Settings
from bot.wiring import Outside

# Somebody waits for the answer; whoever has not said a word by then does not answer.
LONGEST_LOOK = 20.0
NO_ANSWER = later("no answer in {seconds} s")
CURE = later("check this machine's way to the internet")


async def every(settings: Settings, outside: Outside) -> list[Finding]:
    """Look at everything this bot needs, changing nothing."""
    return await _all(settings, outside, await database.look(settings))


async def from_inside(
    settings: Settings, outside: Outside, report: Callable[[], Awaitable[dict[str, Any]]]
) -> list[Finding]:
    """Look at the same from the running bot, which makes the *report* about itself."""
    return await _all(settings, outside, await database.of_running(settings, await report()))


async def _all(settings: Settings, outside: Outside, held: Held) -> list[Finding]:
    asked = await asyncio.gather(
        _in_time(telegram.SUBJECT, telegram.look(settings, outside, running=held.running)),
        _in_time(mtn.SUBJECT, mtn.look(settings, outside)),
        _in_time(clock.SUBJECT, clock.look(settings, outside)),
    )
    copies = await backups.look(settings, outside)
    others = (finding for findings in asked for finding in findings)
    return [*environment.look(settings), *held.findings, *copies, *others]


async def _in_time(subject: str, look: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        async with asyncio.timeout(LONGEST_LOOK):
            return await look
    except TimeoutError:
        return [wrong(subject, NO_ANSWER, CURE, seconds=f"{LONGEST_LOOK:.0f}")]
