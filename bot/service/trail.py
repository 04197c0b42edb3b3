"""Whether the audit trail is what was written, whether the transactions are what it says, and who may read it.

At start the chain is followed from the last checkpoint, at night from its first row. What does not fit is told,
and nothing is mended.
"""

from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain.policy import Policy
from bot.domain.roles import Right, allows
from bot.service import history, roles, telling
from bot.service.seats import Seat
from bot.store import audit, people, seals, transactions
from bot.store.audit import Entry, Link, Verdict
from bot.store.database import Store, Tx

log = structlog.get_logger(__name__)

# How much is looked at in one transaction of the nightly verification: nobody waits for longer.
SLICE = 2000
PAGE = 25
BOT = "bot"
DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the trail, oldest first. ``number`` counts from 1, the newest; ``more``: there are older rows."""

    entries: list[Entry]
    number: int
    more: bool
    head: Link
    rows: int
    verdict: Verdict | None


def check(tx: Tx, policy: Policy) -> None:
    """Verify what was written since the last checkpoint."""
    place = audit.checkpoint(tx.conn)
    last, broken = audit.follow(tx.conn, place) if audit.holds(tx.conn, place) else (place, place.row)
    conclude(tx, policy, last, broken)


def conclude(tx: Tx, policy: Policy, last: Link, broken: int | None, *, whole: bool = False) -> None:
    """Write a verification's end into the trail: a checkpoint, or the first row that is wrong, which is told.

    Once a break was found, only a verification of the *whole* chain can say that it holds again.
    """
    before = audit.last_verdict(tx.conn)
    if broken is None:
        if whole or before is None or before.broken is None:
            audit.append(tx, audit.VERIFIED, BOT, row=last.row, head=last.hash.hex())
        return
    log.error("the audit trail was changed", row=broken)
    if before is None or before.broken != broken:
        audit.append(tx, audit.BROKEN, BOT, row=broken)
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat_id, "trail_broken", dedupe=f"trail:{broken}:{chat_id}", row=broken)


async def verify_all(store: Store, policy: Policy, slice_rows: int = SLICE) -> None:
    """Verify the whole chain, then every finished transaction against it, a slice at a time."""
    last, broken = await _follow_all(store, slice_rows)
    await store.tx(lambda tx: conclude(tx, policy, last, broken, whole=True))
    after: int | None = 0
    while after is not None:
        after = await store.tx(partial(compare, policy=policy, after_id=after, limit=slice_rows))


async def _follow_all(store: Store, slice_rows: int) -> tuple[Link, int | None]:
    last = audit.START
    while True:
        before = last
        last, broken = await store.tx(partial(_follow, after=last, limit=slice_rows))
        if broken is not None or last == before:
            return last, broken


def _follow(tx: Tx, after: Link, limit: int) -> tuple[Link, int | None]:
    return audit.follow(tx.conn, after, limit)


def compare(tx: Tx, policy: Policy, after_id: int, limit: int) -> int | None:
    """Compare a slice of finished transactions with the trail; return where to go on, None at the end.

    One that differs is told once.
    """
    look = seals.look(tx.conn, after_id, limit)
    new = [txn_id for txn_id in look.wrong if not audit.has(tx.conn, txn_id, DIFFERS)]
    for txn_id in new:
        audit.append(tx, DIFFERS, BOT, txn_id=txn_id)
    if new:
        codes = [transactions.code_of(tx.conn, txn_id) for txn_id in new]
        log.error("transactions are not what the trail says", codes=codes)
        for chat_id in telling.every_admin_chat(tx, policy):
            telling.notice(tx, chat_id, "rows_changed", codes=codes)
    return look.last_id


def scope(tx: Tx, policy: Policy, seat: Seat) -> Seat | None:
    """Return the seat from which a person reads the trail: a till's, or one that sees all; None: which till is open.

    All tills are seen from the admins' chat and from private chats by those whose role holds in every till.

    Raises:
        Refusal: this person may not read it here.
    """
    everywhere = seat.chat_id in (roles.admin_chat(tx, policy), seat.user_id)
    role = roles.role_of(tx.conn, policy, seat.user_id, None) if everywhere else None
    if allows(role, Right.AUDIT):
        return replace(seat, role=role, sees_all=True)
    if seat.desk is None and seat.choices:
        return None
    seat.demand(Right.AUDIT)
    return seat


def read(tx: Tx, seat: Seat, reference: str | None, number: int) -> Page:
    """Return a page of what a seat sees: of one transaction, of its till, or of all.

    Raises:
        Refusal: the transaction is not there, or not to be seen from here: the answer is the same.
    """
    txn_id = None if reference is None else history.find(tx, seat, reference).id
    desk_id = None if seat.sees_all or seat.desk is None else seat.desk.id
    found = audit.read(tx.conn, limit=PAGE + 1, skip=(number - 1) * PAGE, desk_id=desk_id, txn_id=txn_id)
    return Page(
        entries=[_named(tx, entry) for entry in found[-PAGE:]],
        number=number,
        more=len(found) > PAGE,
        head=audit.head(tx.conn),
        rows=audit.count(tx.conn),
        verdict=audit.last_verdict(tx.conn),
    )


def _named(tx: Tx, entry: Entry) -> Entry:
    """Put people's labels in the place of their ids."""
    what, _, user_id = entry.actor.partition(":")
    actor = people.label_of(tx.conn, int(user_id)) if what == "user" and user_id.isdecimal() else entry.actor
    about = entry.data.get("user")
    named = {"user": people.label_of(tx.conn, about)} if isinstance(about, int) else {}
    return replace(entry, actor=actor, data=entry.data | named)
