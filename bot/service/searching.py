"""Looking for transactions, a page at a time, for those who may see them.

A page is read in slices, each a database transaction of its own: a search through a million rows holds nobody up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.finding import Cursor, Wanted
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.domain.transactions import Transaction
from bot.service import hashing
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import finding, outbox, people, searches, transactions
from bot.store.database import Store, Tx
from bot.store.finding import Slice, Where
from bot.store.outbox import Form, Lane
from bot.store.searches import Finding

PAGE = 10
# After so many slices a page is shown as far as it has come, with a button that looks further.
MOST_SLICES = 60


@dataclass(frozen=True, slots=True)
class Page:
    """A page, newest first. ``older`` and ``newer``: the rows behind which the next pages begin, None: there is none.

    ``looked_to``: how far the search has come when it stopped before the page was full. ``desks``: the names of the
    tills, where several are seen.
    """

    rows: list[Transaction]
    older: int | None
    newer: int | None
    looked_to: datetime | None
    desks: Mapping[int, str]


def demand_reader(seat: Seat, wanted: Wanted | None = None) -> None:
    """Refuse who may not read here, and whoever sees numbers masked and asks by a number or a name.

    Raises:
        Refusal: there is no role, or one that does not include this.
    """
    if not seat.sees_all:
        seat.demand(Right.READ)
    if wanted and wanted.names_people and not (seat.sees_all or allows(seat.role, Right.MOVE)):
        raise Refusal(Why.ROLE_NOT_ENOUGH, role=seat.role)


def ask(tx: Tx, seat: Seat, typed: str, place: Place) -> None:
    """Have the first page of a search shown; what may be seen was demanded before."""
    desk_id = None if seat.sees_all or seat.desk is None else seat.desk.id
    kept = searches.add(
        tx,
        seat.user_id,
        place.chat_id,
        thread_id=place.thread_id,
        reply_to=place.reply_to,
        desk_id=desk_id,
        typed=typed,
    )
    show(tx, seat, kept, Cursor())


def show(tx: Tx, seat: Seat, kept: Finding, cursor: Cursor) -> None:
    """Have a page shown in the place of the one that is shown now."""
    outbox.add(
        tx,
        kept.chat_id,
        Form.FINDING,
        Lane.ANSWER,
        subject=f"finding:{kept.id}",
        finding_id=kept.id,
        row=cursor.row,
        newer=cursor.newer,
        masked=seat.role is Role.AUDITOR,
        to=seat.user_id,
    )


def find(tx: Tx, seat: Seat, nonce: str) -> Finding:
    """Return the search whose pages somebody turns.

    Raises:
        Refusal: it is over, somebody else's, or of a till that is not this chat's any more.
    """
    kept = searches.pressed(tx.conn, nonce, seat.chat_id)
    if kept is None:
        raise Refusal(Why.CARD_EXPIRED)
    if kept.user_id != seat.user_id:
        raise Refusal(Why.NOT_YOUR_CARD)
    here = None if seat.sees_all or seat.desk is None else seat.desk.id
    if here != kept.desk_id:
        raise Refusal(Why.CARD_EXPIRED)
    return kept


async def read(store: Store, policy: Policy, kept: Finding, wanted: Wanted, cursor: Cursor) -> Page:
    """Return the page behind *cursor*; where too little is newer, the newest page."""
    desks = await store.tx(lambda tx: _desks(tx, kept))
    found, stopped = await _gather(store, policy, kept, wanted, cursor)
    if cursor.newer and len(found) <= PAGE:
        cursor = Cursor()
        found, stopped = await _gather(store, policy, kept, wanted, cursor)
    rows = found[:PAGE][::-1] if cursor.newer else found[:PAGE]
    looked_to = await store.tx(lambda tx: transactions.get(tx.conn, stopped).created_at) if stopped else None
    return Page(
        rows,
        older=rows[-1].id if rows and (cursor.newer or len(found) > PAGE) else stopped,
        newer=rows[0].id if rows and cursor.row else None,
        looked_to=looked_to,
        desks=desks if kept.desk_id is None else {},
    )


async def _gather(
    store: Store, policy: Policy, kept: Finding, wanted: Wanted, cursor: Cursor
) -> tuple[list[Transaction], int | None]:
    """Return one row more than a page has, or all there are, and the row at which the search was given up."""
    found: list[Transaction] = []
    at = cursor
    for _ in range(MOST_SLICES):
        search = partial(_look, policy=policy, kept=kept, wanted=wanted, cursor=at, limit=PAGE + 1 - len(found))
        seen = await store.tx(search)
        found += seen.found
        if len(found) > PAGE or seen.end is None:
            return found, None
        at = Cursor(seen.end, cursor.newer)
    return found, at.row


def _look(tx: Tx, policy: Policy, kept: Finding, wanted: Wanted, cursor: Cursor, limit: int) -> Slice:
    party_hash = None if wanted.msisdn is None else hashing.keyed(tx, str(wanted.msisdn))
    where = Where(tuple(_desks(tx, kept)), kept.user_id, policy.market.decimals, party_hash)
    return finding.look(tx.conn, where, wanted, cursor, limit)


def _desks(tx: Tx, kept: Finding) -> dict[int, str]:
    """Return the tills a search goes through, with their names."""
    if kept.desk_id is not None:
        return {kept.desk_id: ""}
    return {desk.id: desk.title for desk in people.every_desk(tx.conn)}
