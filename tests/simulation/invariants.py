"""What must hold at every moment, as predicates over MTN's books, the database, and what people did and saw.

The names are those of the invariants: I1 at most once, I1b one command one intent, I2 what was authorised,
I3 write-ahead, I4 nothing lost, I5 agreement, I6 path, I8 refund bound, I9 told the truth, I10 authority,
I12 evidence, I13 pace, I15 acked implies kept, I16 privacy. Of ours: R1 when an attempt may be made, D1
when a decision counts, E1 no unexpected error, S1 the program does not end. What must hold at the end
only is in `endings.py`.

Nothing of the bot's own rules is imported: they are said again here.
"""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from momo.errors import ConnectionFailed, TransportError
from momo.wire import HttpRequest, HttpResponse
from tests.simulation import cast
from tests.simulation.closing import denied_by_the_rules
from tests.simulation.knobs import HOUR, MINUTE
from tests.simulation.restore import Marks, is_forgotten

if TYPE_CHECKING:
    from tests.simulation.world import World

NEXT = {
    "DRAFT": {"AWAITING_APPROVAL", "READY", "CANCELLED", "EXPIRED"},
    "AWAITING_APPROVAL": {"READY", "CANCELLED", "EXPIRED"},
    "READY": {"UNKNOWN", "CANCELLED", "EXPIRED"},
    "UNKNOWN": {"PENDING", "REVIEW", "SUCCESSFUL", "FAILED", "REJECTED", "UNSENT"},
    "PENDING": {"REVIEW", "SUCCESSFUL", "FAILED"},
    "REVIEW": {"SUCCESSFUL", "FAILED", "UNSENT"},
}
FINAL = frozenset({"SUCCESSFUL", "FAILED", "REJECTED", "UNSENT", "CANCELLED", "EXPIRED"})
NEVER_AT_MTN = FINAL - {"SUCCESSFUL", "FAILED"}
MAY_BE_AT_MTN = frozenset({"UNKNOWN", "PENDING", "REVIEW", "SUCCESSFUL", "FAILED"})
OPERATIONS = {"requesttopay": "request_to_pay", "transfer": "transfer", "deposit": "deposit", "refund": "refund"}
CLEAN = frozenset({400, 401, 403, 429, 200})
DEFINITE = (
    "NOT_ALLOWED", "NOT_ALLOWED_TARGET_ENVIRONMENT", "INVALID_CALLBACK_URL_HOST", "INVALID_CURRENCY",
    "PAYER_NOT_FOUND", "PAYEE_NOT_FOUND", "NOT_ENOUGH_FUNDS", "PAYER_LIMIT_REACHED", "PAYEE_NOT_ALLOWED_TO_RECEIVE",
)  # fmt: skip
OVERLOADED = b'"INTERNAL_PROCESSING_ERROR"'
MOST_CALLS_A_SECOND = 10
REST_BEFORE_REPOST = 30.0
MOST_EQUAL_ERRORS = 2
DECIDED_WITHIN = {"DRAFT": 5 * MINUTE, "AWAITING_APPROVAL": 4 * HOUR}
SAME_AGAIN_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed, step by step or in one line: it is what was authorised."""

    user_id: int
    kind: str
    msisdn: str
    amount: Decimal


@dataclass(slots=True)
class Sent:
    """The last attempt of a reference id as the network saw it."""

    began: float
    answered_clean: bool = False
    equal_errors: int = 0  # 500 INTERNAL_PROCESSING_ERROR in a row, as far as this life of the bot was told
    life: int = 0
    retries: int = 0  # taken before it, of anything


class Judge:
    """Watches one world; remembers the first things that were wrong."""

    def __init__(self, world: "World") -> None:
        self._world, self._conn = world, world.conn
        self.violations: list[str] = []
        self.broken = asyncio.Event()
        self.typed: dict[int, Typed] = {}
        # What else may have been meant: the answer to a pick was lost, and only the card tells whether it counts.
        self.or_typed: dict[int, Typed] = {}
        self.granted: set[tuple[int, int, str]] = set(cast.ROLES)
        self.callbacks_of: Counter[str] = Counter()
        self._pressed: set[tuple[int, str, str]] = set()
        self._since: dict[tuple[int, str], float] = {}  # when a transaction came into a state
        self._references: defaultdict[str, set[str]] = defaultdict(set)
        self._sent: dict[str, Sent] = {}
        self._sent_before: set[str] = set()  # ... the last restore
        self._calls: dict[int, deque[float]] = {}
        self._last_seen = self._last_tried = self._last_audit = self._changes = 0

    def fail(self, predicate: str, what: str) -> None:
        """Write a violation down."""
        self._world.note("VIOLATION", f"{predicate}: {what}")
        self.violations.append(f"{predicate}: {what} (at {self._world.loop.time():.1f} s)")
        self.broken.set()

    def age(self, txn_id: int) -> float:
        """Return how many seconds ago a transaction was born."""
        return self._world.loop.time() - self._since[txn_id, "DRAFT"]

    def demand(self, holds: bool, predicate: str, what: str) -> None:
        """Fail unless something holds."""
        if not holds:
            self.fail(predicate, what)

    # Around a restore

    def marks(self) -> Marks:
        """Return how far everything has come."""
        return Marks(self._last_seen, self._last_tried, self._last_audit, dict(self._since))

    def forget_since(self, marks: Marks) -> None:
        """Forget what happened to rows that a restore has undone; not what was sent."""
        self._conn.execute("DELETE FROM seen WHERE id > ?", (marks.seen,))
        self._conn.execute("DELETE FROM tried WHERE id > ?", (marks.tried,))
        self._last_seen, self._last_tried, self._last_audit = marks.seen, marks.tried, marks.audit
        self._since = dict(marks.since)
        self._sent_before |= self._sent.keys()

    # At MTN

    def called(self, life: int) -> None:
        """I13: one life makes at most ten calls within a second."""
        now, calls = self._world.loop.time(), self._calls.setdefault(life, deque())
        calls.append(now)
        while calls[0] <= now - 1.0:
            calls.popleft()
        self.demand(len(calls) <= MOST_CALLS_A_SECOND, "I13", f"{len(calls)} calls to MTN within a second")

    def posted(self, request: HttpRequest) -> None:
        """R1: the next attempt begins 30 s after one of which nobody knows the outcome, or later."""
        reference_id = request.headers["X-Reference-Id"]
        last, began = self._sent.get(reference_id), self._attempt_began(reference_id)
        retries = self._conn.execute("SELECT count(*) FROM audit WHERE event = 'retry'").fetchone()[0]
        self._world.alarms.leaves(began)
        self.demand(reference_id not in self._sent_before, "I1", "sent again after a restore")
        sent = Sent(began, life=len(self._world.lives), retries=retries)
        if last is not None:
            rested = last.answered_clean or began - last.began >= REST_BEFORE_REPOST
            self.demand(rested, "R1", f"sent again after {began - last.began:.1f} s")
            goes_on = (last.life, last.retries) == (sent.life, sent.retries)
            sent.equal_errors = last.equal_errors if goes_on else 0
            self.demand(sent.equal_errors < MOST_EQUAL_ERRORS, "R1", "sent again after two equal errors, no Retry")
        self._sent[reference_id] = sent

    def _attempt_began(self, reference_id: str) -> float:
        row = self._conn.execute(
            "SELECT max(started_at_ms) FROM attempt a JOIN txn ON txn.id = a.txn_id WHERE reference_id = ?",
            (reference_id,),
        ).fetchone()
        return (row[0] or 0) / 1000

    def answered(self, request: HttpRequest, reply: HttpResponse | TransportError) -> None:
        """Remember whether an attempt was answered with a clean no, and how often with the same error."""
        sent = self._sent[request.headers["X-Reference-Id"]]
        sent.answered_clean = _is_clean(reply)
        same = isinstance(reply, HttpResponse) and OVERLOADED in reply.body
        sent.equal_errors = sent.equal_errors + 1 if same else 0

    def arrived(self, request: HttpRequest) -> None:
        """I1, I2, I3: what arrives at MTN is durable here, is what was typed, and has one reference id."""
        reference_id = request.headers["X-Reference-Id"]
        self._references[request.headers["X-Callback-Url"]].add(reference_id)
        self.demand(len(self._references[request.headers["X-Callback-Url"]]) == 1, "I1", "two ids for one intent")
        journal = self._world.journal
        lines = [line for contents in (*journal.kept, journal.now) if contents for line in contents.lines]
        known = any(line.reference_id == reference_id for line in lines)
        self.demand(known, "I3", f"{reference_id} is at MTN and not in the journal")
        if reference_id in self._sent_before:
            return  # on its way since before a restore: the copy need not know it, the journal must
        row = self._conn.execute(
            "SELECT txn.*, p.msisdn FROM txn JOIN txn_party p ON p.txn_id = txn.id WHERE reference_id = ?",
            (reference_id,),
        ).fetchone()
        if row is None:
            self.fail("I3", f"{reference_id} is at MTN and not in the database")
            return
        tried = self._conn.execute("SELECT count(*) FROM attempt WHERE txn_id = ?", (row["id"],)).fetchone()[0]
        self.demand(row["state"] in MAY_BE_AT_MTN and tried > 0, "I3", f"arrived while {row['state']}")
        self._is_what_was_typed(request, row)

    def _is_what_was_typed(self, request: HttpRequest, row: Mapping[str, Any]) -> None:
        body = json.loads(request.body or b"")
        party = (body.get("payer") or body.get("payee") or {}).get("partyId", row["msisdn"])
        operation = OPERATIONS[request.url.rpartition("/")[2]]
        asked = Typed(row["maker_id"], operation, party, Decimal(body["amount"]))
        typed = self.typed.get(row["src_update_id"])
        perhaps = self.or_typed.get(row["src_update_id"], typed)
        self.demand(asked in (typed, perhaps), "I2", f"MTN is asked for {asked}, typed was {typed}")
        self.demand(asked.amount * 100 == row["amount_minor"], "I2", "amount differs from the row")

    # In the database

    def committed(self) -> None:
        """I5, I6, I10, I12, R1, I8: each commit moves only as it may, by whom it may, for reasons there are."""
        if self._conn.total_changes == self._changes:
            return
        self._changes = self._conn.total_changes
        for row in self._conn.execute("SELECT * FROM seen WHERE id > ?", (self._last_seen,)).fetchall():
            self._last_seen = row["id"]
            self._moved(row["txn_id"], row["f"], row["t"])
        self._world.alarms.check_ended()
        for row in self._conn.execute("SELECT * FROM tried WHERE id > ?", (self._last_tried,)).fetchall():
            self._last_tried = row["id"]
            self._world.alarms.attempted(row["txn_id"])
            in_time = row["send_by_ms"] is not None and row["at_ms"] <= row["send_by_ms"]
            self.demand(in_time and not row["send_closed"], "R1", f"attempt {row['n']} after its window or a Cancel")
            self.demand(not row["held"], "R1", "attempt without a Retry after two equal errors")
        self._audited()

    def _moved(self, txn_id: int, before: str | None, after: str) -> None:
        may = after in NEXT.get(before, ()) if before else after == "DRAFT"
        self.demand(may, "I6", f"{before} to {after}")
        self._since[txn_id, after] = self._world.loop.time()
        txn = self._conn.execute("SELECT * FROM txn WHERE id = ?", (txn_id,)).fetchone()
        if before in ("DRAFT", "AWAITING_APPROVAL") and after in ("AWAITING_APPROVAL", "READY"):
            self._decided(txn, before)
        if after == "DRAFT":
            self._born(txn)
        elif after == "READY":
            self._authorised(txn)
        elif after in FINAL:
            self._ended(txn, after)

    def _born(self, txn: Mapping[str, Any]) -> None:
        self.demand(self.role(txn["maker_id"], txn["desk_id"]) in cast.MOVERS, "I10", "drafted without the right")
        typed = self.typed.get(txn["src_update_id"])
        fits = typed and (typed.user_id, typed.kind) == (txn["maker_id"], txn["kind"])
        self.demand(bool(fits), "I1b", f"a draft that nobody typed: {typed}")

    def _authorised(self, txn: Mapping[str, Any]) -> None:
        code, maker, desk = txn["short_code"], txn["maker_id"], txn["desk_id"]
        self.demand(self.role(maker, desk) in cast.MOVERS, "I10", f"maker {maker} may not move money")
        confirmed = {(maker, "ok", code), (maker, "again", code)} & self._pressed
        self.demand(bool(confirmed), "I10", f"{code} was never confirmed by its maker")
        needed = self._approvals_needed(txn)
        deciders = {user for user, verb, of in self._pressed if (verb, of) == ("yes", code) and user != maker}
        able = [user for user in deciders if self.role(user, desk) in cast.DECIDERS]
        self.demand(len(able) >= needed, "I10", f"{code} is ready, approved by {able}, needed are {needed}")
        self._within_limit(txn)
        if txn["original_id"] is not None:
            self._bounded(txn["original_id"])

    def _approvals_needed(self, txn: Mapping[str, Any]) -> int:
        large = txn["kind"] in ("transfer", "deposit") and txn["amount_minor"] > cast.APPROVAL_LIMIT * 100
        if not large and txn["kind"] != "refund":
            return 0
        two_from = self._world.knobs.two_from
        return 1 if two_from is None or txn["amount_minor"] < two_from * 100 else 2

    def _decided(self, txn: Mapping[str, Any], before: str) -> None:
        """D1: whoever decides does so in time, and once more for what was confirmed minutes ago."""
        waited = self._world.loop.time() - self._since[txn["id"], before]
        most = DECIDED_WITHIN[before] + self._world.lost_seconds()
        self.demand(waited <= most, "D1", f"{txn['short_code']} was decided {waited - most:.0f} s late")
        now = self._world.host_now().timestamp() * 1000
        again = (txn["maker_id"], "again", txn["short_code"]) in self._pressed
        same = (txn["party_hash"], txn["kind"], txn["amount_minor"], now - SAME_AGAIN_MS)
        twin = self._conn.execute(
            "SELECT short_code FROM txn WHERE id <> ? AND party_hash = ? AND kind = ? AND amount_minor = ?"
            " AND confirmed_at_ms >= ? AND state NOT IN ('DRAFT', 'CANCELLED', 'EXPIRED') UNION ALL SELECT short_code"
            " FROM forgotten WHERE short_code <> ? AND party_hash = ? AND kind = ? AND amount_minor = ?"
            " AND sent_at_ms >= ?",
            (txn["id"], *same, txn["short_code"], *same),
        ).fetchone()
        asked = before != "DRAFT" or twin is None or again
        self.demand(asked, "D1", f"{txn['short_code']} is {twin and twin[0]} once more, and nobody was asked")

    def role(self, user_id: int, desk_id: int) -> str | None:
        """Return the highest role that a person holds now, by the table the owners fill."""
        rows = self._conn.execute("SELECT desk_id, role FROM role WHERE user_id = ?", (user_id,)).fetchall()
        held = {row["role"] for row in rows if row["desk_id"] in (desk_id, cast.EVERY_DESK)}
        for row in rows:
            self.demand((user_id, row["desk_id"], row["role"]) in self.granted, "I10", "a role no owner gave")
        if user_id == cast.OWNER:
            return "owner"
        return next((role for role in ("admin", "cashier", "auditor") if role in held), None)

    def _within_limit(self, txn: Mapping[str, Any]) -> None:
        """I13: what one person sends out in a day, or may have sent, is within the limit."""
        most = self._world.knobs.person_limit
        sent = self._conn.execute(
            "SELECT coalesce(sum(amount_minor), 0) FROM txn WHERE maker_id = ? AND kind <> 'request_to_pay' AND"
            " charged_on = ? AND state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW', 'SUCCESSFUL')",
            (txn["maker_id"], txn["charged_on"]),
        ).fetchone()[0]
        self.demand(most is None or sent <= most * 100, "I13", f"{sent} of {most} a day by {txn['maker_id']}")

    def _bounded(self, original_id: int) -> None:
        """I8: what is given back of a payment, or may be, is no more than what was paid."""
        paid, claimed = self._conn.execute(
            "SELECT amount_minor, (SELECT coalesce(sum(amount_minor), 0) FROM txn r WHERE r.original_id = txn.id AND"
            " r.state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW', 'SUCCESSFUL'))"
            " + (SELECT coalesce(sum(amount_minor), 0) FROM forgotten f WHERE original_reference_id = txn.reference_id"
            " AND f.state IN ('FOLLOWED', 'SUCCESSFUL')) FROM txn WHERE id = ?",
            (original_id,),
        ).fetchone()
        self.demand(claimed <= paid, "I8", f"{claimed} of {paid} given back")

    def _ended(self, txn: Mapping[str, Any], state: str) -> None:
        """I5, I12: an end here is the end at MTN, and a lookup said so before."""
        there = self._world.network.sandbox.transactions.get(txn["reference_id"])
        if state in NEVER_AT_MTN:
            if state == "CANCELLED" and is_forgotten(self._conn, txn["reference_id"]):
                return  # a copy held it unsent: what MTN has is followed beside it, and `endings` compares that
            denied = state == "UNSENT" and denied_by_the_rules(self._world, txn)
            self.demand(there is None or denied, "I5", f"{state} here, at MTN it is {there and there.status}")
            return
        self.demand(there is not None and there.status == state, "I5", f"{state} here, {there and there.status} at MTN")
        evidence = self._conn.execute(
            "SELECT count(*) FROM observation WHERE txn_id = ? AND source = 'GET' AND momo_status = ?",
            (txn["id"], state),
        ).fetchone()[0]
        self.demand(evidence > 0, "I12", f"{state} without a lookup that said so")

    def _audited(self) -> None:
        """I12: no change of state has a callback, or nobody, as its actor."""
        rows = self._conn.execute("SELECT id, actor, event FROM audit WHERE id > ?", (self._last_audit,)).fetchall()
        for row in rows:
            self._last_audit = row["id"]
            if row["event"] == "move":
                known = row["actor"] in ("bot", "clock", "role change") or row["actor"].startswith("user:")
                self.demand(known, "I12", f"moved by {row['actor']}")

    # In the chats

    def pressed(self, user_id: int, data: str) -> None:
        """Remember who pressed what."""
        verb, _, rest = data.partition(":")
        self._pressed.add((user_id, verb, rest.partition(":")[0]))

    def acknowledged(self, offset: int) -> None:
        """I15: an update that Telegram may forget is in the inbox."""
        for update in self._world.telegram.api.updates.pending:
            # While a copy is put back, what arrives was said by a bot whose database is no more.
            if update["update_id"] < offset and not self._world.restore.going_on:
                self.taken(update["update_id"])

    def taken(self, update_id: int) -> None:
        """I15: the same of one update."""
        kept = self._conn.execute("SELECT 1 FROM inbox WHERE update_id = ?", (update_id,)).fetchone()
        self.demand(kept is not None, "I15", f"update {update_id} acknowledged and not kept")


def _is_clean(reply: HttpResponse | TransportError) -> bool:
    """Tell whether an answer proves that this attempt did nothing."""
    if isinstance(reply, TransportError):
        return isinstance(reply, ConnectionFailed)
    if reply.status == 500 and reply.body.startswith(b'{"code"'):
        return any(f'"{code}"'.encode() in reply.body for code in DEFINITE)
    return reply.status in CLEAN and reply.body != b"null"
