"""This machine's clock against MTN's: times decide when an approval, a window or a token is over."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.domain.checkup import Finding, fine, warning, wrong
from bot.domain.marking import later
from bot.settings import Settings
from bot.wiring import Outside

SUBJECT = later("clock")
TOLERABLE, BAD = timedelta(seconds=30), timedelta(minutes=5)
OFF = later("{seconds} s from MTN's")
CURE = later("have the machine's clock set by NTP (timedatectl set-ntp true)")
TIMEOUT = aiohttp.ClientTimeout(total=10)


async def look(settings: Settings, outside: Outside) -> list[Finding]:
    """Compare our clock with the date in an answer of MTN's, whatever else the answer says."""
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(settings.momo_base_url, allow_redirects=False) as answer,
        ):
            said = answer.headers.get("Date", "")
        theirs = parsedate_to_datetime(said)
    except (aiohttp.ClientError, TimeoutError):
        text, cure = later("not compared: MTN was not reached"), later("look at the lines about MTN")
        return [warning(SUBJECT, text, cure)]
    except ValueError:
        return [warning(SUBJECT, later("not compared: MTN's answer has no date"), CURE)]
    return [_compared(outside.clock(), theirs)]


def _compared(ours: datetime, theirs: datetime) -> Finding:
    off = abs(ours - theirs)
    seconds = f"{off.total_seconds():.0f}"
    if off <= TOLERABLE:
        return fine(SUBJECT, OFF, seconds=seconds)
    return (wrong if off > BAD else warning)(SUBJECT, OFF, CURE, seconds=seconds)
