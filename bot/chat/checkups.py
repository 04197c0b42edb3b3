"""What /doctor answers: everything is looked at away from the handlers, for whoever asked meanwhile, and told each.

Nothing of it is kept: whoever is not answered because the bot was stopped asks again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot import tracing
from bot.chat.formats import escape
from bot.chat.language import _, current, later, ngettext, speak
from bot.domain.checkup import Finding, Level
from bot.service.payments import Place
from bot.store import outbox
from bot.store.database import Store
from bot.store.outbox import Form, Lane

MARKS = {Level.OK: "✅", Level.WARNING: "⚠️", Level.ERROR: "❌"}
# What others say, such as an error, may be long; all of it together must fit a message.
LONGEST_FACT = 200
LOOKING = later("I look at everything; that takes some seconds.")

Look = Callable[[], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where somebody waits for the answer, in which language, and what their question goes back to."""

    place: Place
    language: str
    trace: str | None


class Checkups:
    """Looks at everything when somebody asks; once for all who ask at the same time."""

    def __init__(self, store: Store, look: Look) -> None:
        self._store = store
        self._look = look
        self._asked: asyncio.Queue[Asked] = asyncio.Queue()

    def ask(self, place: Place) -> None:
        """Have the answer sent to a place, in the language spoken now."""
        self._asked.put_nowait(Asked(place, current(), tracing.current()))

    async def run(self) -> None:
        """Answer for ever."""
        while True:
            waiting = [await self._asked.get()]
            while not self._asked.empty():
                waiting.append(self._asked.get_nowait())
            found = await self._look()
            for asked in waiting:
                await self._tell(asked, found)

    async def _tell(self, asked: Asked, found: Sequence[Finding]) -> None:
        with speak(asked.language):
            text = report(found)
        place = asked.place
        await self._store.tx(
            lambda tx: outbox.add(
                tx,
                place.chat_id,
                Form.TEXT,
                Lane.ANSWER,
                trace=asked.trace,
                text=text,
                keyboard=None,
                ask=False,
                thread_id=place.thread_id,
                reply_to=place.reply_to,
            )
        )


def report(found: Sequence[Finding]) -> str:
    """Return findings as a message, in the language spoken now."""
    amiss = sum(finding.level is not Level.OK for finding in found)
    title = _("All is in order.") if amiss == 0 else ngettext("{n} thing to look at:", "{n} things to look at:", amiss)
    return "\n".join([f"<b>{title.format(n=amiss)}</b>", *map(_line, found)])


def _line(finding: Finding) -> str:
    facts = {name: escape(str(value)[:LONGEST_FACT]) for name, value in finding.facts.items()}
    line = f"{MARKS[finding.level]} <b>{_(finding.subject)}</b>: {_(finding.text).format(**facts)}"
    return f"{line}\n→ {_(finding.cure).format(**facts)}" if finding.cure else line
