"""Retention of personal data: what is over for long enough forgets whom it was with.

Amounts, states, references, evidence and the trail stay, and go on fitting each other: none of them holds what is
blanked. What the bot needs to end something is never blanked.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from bot.domain.purging import KEPT_AT_LEAST
from bot.service import hashing
from bot.store import audit, contacts, conversations, people, purging
from bot.store.database import Database, Store, Tx
from bot.store.purging import Bound
from bot.store.soundness import reason
from bot.store.space import LEAST, free_bytes
from bot.store.times import from_ms, to_ms

SLICE = 2000
Counts = dict[str, int]

log = structlog.get_logger(__name__)


class NotPurged(Exception):
    """Nothing was removed; the text says why, in one sentence."""


async def purge(store: Store, bound: Bound, owners: Collection[int], actor: str, *, slice_rows: int = SLICE) -> Counts:
    """Blank everything personal that is older than the bound, a slice at a time; return how much of each kind.

    Cut short, it goes on where it is when it is done again.
    """
    done = {name: await _blank(store, name, bound, slice_rows) for name in purging.BLANKS}
    done |= await store.tx(lambda tx: _forget(tx, bound, owners))
    if rows := sum(done.values()):
        until = to_ms(bound.before)
        await store.tx(lambda tx: audit.append(tx, "purged", actor, until=until, desk=bound.desk_id, rows=rows))
    log.info("purged", until=bound.before.isoformat(), **done)
    return done


async def _blank(store: Store, name: str, bound: Bound, limit: int) -> int:
    done, after = 0, await store.tx(lambda tx: purging.first_key(tx.conn, name))
    go_on: int | None = after
    while go_on is not None:
        blank = partial(purging.blank, name=name, bound=bound, after=go_on, limit=limit)
        more, go_on = await store.tx(blank)
        done += more
    return done


def preview(tx: Tx, bound: Bound, owners: Collection[int]) -> Counts:
    """Count what ``purge`` would blank, changing nothing."""
    counts = {name: purging.count(tx.conn, name, bound) for name in purging.BLANKS}
    return counts | {name: len(found(tx, bound, owners)) for name, (found, _) in OTHERS.items()}


def _forget(tx: Tx, bound: Bound, owners: Collection[int]) -> Counts:
    counts = {}
    for name, (found, forget) in OTHERS.items():
        those = found(tx, bound, owners)
        counts[name] = len(those)
        for one in those:
            forget(tx, one)
    return counts


def _unused_contacts(tx: Tx, bound: Bound, _: Collection[int]) -> list[int]:
    """Return the contacts with whose numbers nothing was done since the bound."""
    old = purging.old_contacts(tx.conn, bound)
    parties = ((contact, hashing.keyed(tx, str(contact.msisdn))) for contact in old)
    used = partial(purging.was_used, tx.conn, since=bound.before)
    return [contact.id for contact, party in parties if not used(contact.desk_id, party)]


def _strangers(tx: Tx, bound: Bound, owners: Collection[int]) -> list[int]:
    return [] if bound.desk_id is not None else purging.strangers(tx.conn, owners)


def _left_forms(tx: Tx, bound: Bound, _: Collection[int]) -> list[tuple[int, str]]:
    """Return the questions that were left open: whose, and in which chat."""
    forms = conversations.load_forms(tx.conn)
    return [
        (user_id, chat)
        for user_id, of_chats in forms.items()
        for chat, form in of_chats.items()
        if form.get("since_ms", 0) < to_ms(bound.before) and bound.chat_id in (None, int(chat))
    ]


# What is asked for one by one, and how it is forgotten.
OTHERS: dict[str, tuple[Callable[[Tx, Bound, Collection[int]], list[Any]], Callable[[Tx, Any], None]]] = {
    "contacts": (_unused_contacts, contacts.delete),
    "people": (_strangers, purging.forget_name),
    "answers": (_left_forms, lambda tx, left: conversations.forget(tx, *left)),
}


class Purging:
    """Purges one open database: as somebody on the machine says, or every night."""

    def __init__(self, database: Database, owners: Collection[int], free: Callable[[Path], int] = free_bytes) -> None:
        self._database, self._owners, self._free = database, owners, free

    async def command(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what ``purge`` asks: *before*, in milliseconds, *desk*, and whether it is a *dry_run*.

        Return how much was, or would be, removed of each kind, and in a ``note`` what was left undone; or an ``error``.
        """
        try:
            bound = await self._database.tx(lambda tx: bound_of(tx, int(request["before"]), request["desk"]))
        except NotPurged as error:
            return {"error": str(error)}
        if request.get("dry_run"):
            return {"counts": await self._database.tx(lambda tx: preview(tx, bound, self._owners)), "note": ""}
        counts = await purge(self._database, bound, self._owners, "operator")
        return {"counts": counts, "note": await self._leave_no_traces()}

    async def every_night(self, kept: timedelta) -> None:
        """Remove what is older than *kept*; the file is not written anew, so that nobody waits."""
        bound = await self._database.tx(lambda tx: Bound(tx.now - kept))
        await purge(self._database, bound, self._owners, "clock")
        await self._database.leave_no_traces(rewrite=False)

    async def _leave_no_traces(self) -> str:
        """Write the database anew if there is room; return what was left undone."""
        path = self._database.path
        roomy = await asyncio.to_thread(lambda: self._free(path) > 2 * path.stat().st_size + LEAST)
        try:
            await self._database.leave_no_traces(rewrite=roomy)
        except sqlite3.Error as error:
            return f"the file was not written anew: {reason(error)}"
        return "" if roomy else "the file was not written anew: the disk has too little room for a second one"


def bound_of(tx: Tx, before_ms: int, desk: str) -> Bound:
    """Return the bound that an operator named; *desk*: its title, its chat id, or nothing for all.

    Raises:
        NotPurged: there is no such desk, or it is too early.
    """
    before = from_ms(before_ms)
    if tx.now - before < KEPT_AT_LEAST:
        raise NotPurged(f"everything of the last {KEPT_AT_LEAST.days} days is kept: it may still be needed")
    if not desk:
        return Bound(before)
    found = people.find_desk(tx.conn, desk)
    if found is None:
        titles = ", ".join(f"{one.title} ({one.chat_id})" for one in people.every_desk(tx.conn))
        raise NotPurged(f"no till, or more than one, is called {desk}; there are: {titles}")
    return Bound(before, found.id, found.chat_id)
