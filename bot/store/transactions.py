"""The transactions' rows: born once, then changed only by compare-and-set."""

import sqlite3
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.domain.transactions import CLAIMS_REFUND, FINAL, Kind, State, Transaction
from bot.store import audit, seals
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms
from momo import Money, Msisdn

# Spelt as in the partial indexes of the schema, or SQLite would not use them; for the same reason "+txn.id" below:
# rows are not to be walked in their own order.
OPEN = "state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW')"
UNDECIDED = "state IN ('DRAFT', 'AWAITING_APPROVAL')"
UNSENT = "state IN ('DRAFT', 'AWAITING_APPROVAL', 'READY')"
IN_DOUBT = "state IN ('UNKNOWN', 'PENDING', 'REVIEW')"
SELECT = "SELECT txn.*, p.msisdn, p.payee_name, p.note FROM txn JOIN txn_party p ON p.txn_id = txn.id"
TIMES = frozenset(f.name for f in fields(Transaction) if f.name.endswith("_at")) | {"lease_until", "send_by"}
# Every field and its column, but for those put together from several.
COLUMNS = {
    f.name: f"{f.name}_ms" if f.name in TIMES else f.name
    for f in fields(Transaction)
    if f.name not in {"amount", "msisdn"}
}
FLAGS = frozenset({"self_approval", "held", "send_closed", "repeat_asked"})


@dataclass(frozen=True, slots=True)
class NewTransaction:
    """What a transaction is born with; the rest is minted or starts at nothing."""

    kind: Kind
    amount: Money
    decimals: int
    msisdn: Msisdn
    payee_name: str | None
    note: str
    desk_id: int
    maker_id: int
    original_id: int | None
    approvals_needed: int
    self_approval: bool
    src_update_id: int
    expires_at: datetime
    reference_id: str
    party_hash: bytes
    body_sha256: bytes


def insert(tx: Tx, new: NewTransaction) -> Transaction:
    """Write a new DRAFT and return it."""
    cursor = tx.conn.execute(
        "INSERT INTO txn(reference_id, short_code, callback_token, kind, amount_minor, currency, decimals, party_hash,"
        " body_sha256, desk_id, maker_id, original_id, approvals_needed, self_approval, src_update_id,"
        " created_at_ms, expires_at_ms, next_at_ms) VALUES(:reference_id, :short_code, :callback_token, :kind,"
        " :amount_minor, :currency, :decimals, :party_hash, :body_sha256, :desk_id, :maker_id, :original_id,"
        " :approvals_needed, :self_approval, :src_update_id, :now, :expires_at_ms, :now)",
        {
            "reference_id": new.reference_id,
            "short_code": _free_short_code(tx),
            "callback_token": tx.mint.callback_token(),
            "kind": new.kind,
            "amount_minor": new.amount.minor_units(new.decimals),
            "currency": new.amount.currency,
            "decimals": new.decimals,
            "party_hash": new.party_hash,
            "body_sha256": new.body_sha256,
            "desk_id": new.desk_id,
            "maker_id": new.maker_id,
            "original_id": new.original_id,
            "approvals_needed": new.approvals_needed,
            "self_approval": new.self_approval,
            "src_update_id": new.src_update_id,
            "now": to_ms(tx.now),
            "expires_at_ms": to_ms(new.expires_at),
        },
    )
    txn_id = int(cursor.lastrowid or 0)
    tx.rings(Bell.LOOKUPS)
    tx.conn.execute(
        "INSERT INTO txn_party(txn_id, msisdn, payee_name, note) VALUES(?, ?, ?, ?)",
        (txn_id, str(new.msisdn), new.payee_name, new.note),
    )
    return get(tx.conn, txn_id)


def _free_short_code(tx: Tx) -> str:
    """Return a short code nobody has; thirty letters to the sixth leave room for centuries."""
    while True:
        code = tx.mint.short_code()
        if tx.conn.execute("SELECT 1 FROM txn WHERE short_code = ?", (code,)).fetchone() is None:
            return code


def get(conn: sqlite3.Connection, txn_id: int) -> Transaction:
    """Return the transaction of this row id, which must exist."""
    return _read(conn.execute(f"{SELECT} WHERE txn.id = ?", (txn_id,)).fetchone())


def find(conn: sqlite3.Connection, reference: str) -> Transaction | None:
    """Return the transaction named by a reference id or a short code, or None."""
    row = conn.execute(
        f"{SELECT} WHERE reference_id = :lower OR short_code = :upper",
        {"lower": reference.lower(), "upper": reference.upper().lstrip("#")},
    ).fetchone()
    return None if row is None else _read(row)


def move(tx: Tx, txn: Transaction, to: State, actor: str, *, observation_id: int | None = None, **changes: Any) -> bool:
    """Change the state, if it is still the one in *txn*; with its audit row. False: somebody else was first."""
    if not _is_still(tx.conn, txn):
        return False
    # The trail comes first: a trigger refuses a change of state that is not in it.
    audit.append(tx, audit.MOVE, actor, txn_id=txn.id, before=txn.state, after=to, observation_id=observation_id)
    final = {"final_at": tx.now} if to in FINAL else {}
    _update(tx, txn, {"state": to, **changes, **final}, "version = version + 1")
    if to in FINAL:
        seals.seal(tx, txn.id, actor)
    return True


def _is_still(conn: sqlite3.Connection, txn: Transaction) -> bool:
    return conn.execute("SELECT 1 FROM txn WHERE id = ? AND state = ?", (txn.id, txn.state)).fetchone() is not None


def change(tx: Tx, txn: Transaction, **changes: Any) -> bool:
    """Change other columns, if the state is still the one in *txn*."""
    return _update(tx, txn, changes)


def _update(tx: Tx, txn: Transaction, changes: dict[str, Any], *more: str) -> bool:
    # The column names come from our own keyword arguments; every value is a parameter.
    columns = {COLUMNS[name]: _value(value) for name, value in changes.items()}
    assignments = ", ".join([f"{name} = :{name}" for name in columns] + list(more))
    cursor = tx.conn.execute(
        f"UPDATE txn SET {assignments} WHERE id = :txn_id AND state = :state_was",
        {**columns, "txn_id": txn.id, "state_was": txn.state},
    )
    if cursor.rowcount == 1:
        tx.rings(Bell.READY if changes.get("state") is State.READY else Bell.MONEY)
    return cursor.rowcount == 1


def code_of(conn: sqlite3.Connection, txn_id: int) -> str:
    """Return the short code of the transaction of this row id, whatever else of it may be unreadable."""
    return str(conn.execute("SELECT short_code FROM txn WHERE id = ?", (txn_id,)).fetchone()["short_code"])


def stored_body_hash(conn: sqlite3.Connection, txn_id: int) -> bytes:
    """Return the hash of what was confirmed."""
    return bytes(conn.execute("SELECT body_sha256 FROM txn WHERE id = ?", (txn_id,)).fetchone()["body_sha256"])


def party_hash(conn: sqlite3.Connection, txn_id: int) -> bytes:
    """Return the keyed hash of the other party's number."""
    return bytes(conn.execute("SELECT party_hash FROM txn WHERE id = ?", (txn_id,)).fetchone()["party_hash"])


def name_payee(tx: Tx, txn_id: int, name: str) -> None:
    """Keep the name MTN gave for the number; empty when it gave none."""
    tx.conn.execute("UPDATE txn_party SET payee_name = ? WHERE txn_id = ?", (name, txn_id))


def add_attempt(tx: Tx, txn_id: int, n: int) -> None:
    """Write down that the *n*-th attempt is about to be made."""
    tx.conn.execute("INSERT INTO attempt(txn_id, n, started_at_ms) VALUES(?, ?, ?)", (txn_id, n, to_ms(tx.now)))


def undecided(tx: Tx, limit: int) -> list[Transaction]:
    """Return drafts and approvals whose time is over."""
    rows = tx.conn.execute(
        f"{SELECT} WHERE {UNDECIDED} AND expires_at_ms <= ? LIMIT ?",
        (to_ms(tx.now), limit),
    )
    return [_read(row) for row in rows]


def unsendable(tx: Tx, limit: int) -> list[Transaction]:
    """Return what was authorised and did not leave before its time was over."""
    rows = tx.conn.execute(f"{SELECT} WHERE state = 'READY' AND +send_by_ms < ? LIMIT ?", (to_ms(tx.now), limit))
    return [_read(row) for row in rows]


def awaiting(tx: Tx, expiring_before: datetime) -> list[Transaction]:
    """Return what waits for approval and will expire before a moment."""
    rows = tx.conn.execute(
        f"{SELECT} WHERE {UNDECIDED} AND state = 'AWAITING_APPROVAL' AND expires_at_ms <= ?", (to_ms(expiring_before),)
    )
    return [_read(row) for row in rows]


def unseen_reviews(conn: sqlite3.Connection) -> list[Transaction]:
    """Return what is in REVIEW and has no card among those who may close it."""
    rows = conn.execute(
        f"{SELECT} WHERE state = 'REVIEW' AND NOT EXISTS"
        " (SELECT 1 FROM card WHERE card.txn_id = txn.id AND card.role = 'checker')"
    )
    return [_read(row) for row in rows]


def nameless_drafts(conn: sqlite3.Connection, limit: int) -> list[Transaction]:
    """Return drafts whose payee's name has not been asked or answered yet, oldest first."""
    rows = conn.execute(
        f"{SELECT} WHERE {UNDECIDED} AND state = 'DRAFT' AND p.payee_name IS NULL ORDER BY +txn.id LIMIT ?", (limit,)
    )
    return [_read(row) for row in rows]


def refunds_claimed(conn: sqlite3.Connection, original_id: int) -> int:
    """Return the minor units refunded of a payment, or perhaps, or about to be."""
    marks = ", ".join(f"'{state}'" for state in sorted(CLAIMS_REFUND))
    row = conn.execute(
        f"SELECT coalesce(sum(amount_minor), 0) AS sum FROM txn WHERE original_id = ? AND state IN ({marks})",
        (original_id,),
    ).fetchone()
    return int(row["sum"])


def same_again(tx: Tx, txn: Transaction, since: datetime) -> Transaction | None:
    """Return a recent transaction of the same kind, number and amount that was confirmed, or None."""
    row = tx.conn.execute(
        f"{SELECT} WHERE party_hash = (SELECT party_hash FROM txn WHERE id = :id) AND txn.id <> :id AND kind = :kind"
        " AND amount_minor = :amount AND state NOT IN ('DRAFT', 'CANCELLED', 'EXPIRED')"
        " AND (state IN ('AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW')"
        " OR coalesce(last_sent_at_ms, confirmed_at_ms) >= :since) ORDER BY txn.id DESC LIMIT 1",
        {
            "id": txn.id,
            "kind": txn.kind,
            "amount": txn.amount.minor_units(txn.decimals),
            "since": to_ms(since),
        },
    ).fetchone()
    return None if row is None else _read(row)


def drafts_of(conn: sqlite3.Connection, maker_id: int) -> int:
    """Return how many cards this person has waiting to be confirmed."""
    row = conn.execute(
        f"SELECT count(*) AS n FROM txn WHERE {UNSENT} AND state = 'DRAFT' AND maker_id = ?", (maker_id,)
    ).fetchone()
    return int(row["n"])


def drafts_refunding(conn: sqlite3.Connection, original_id: int, maker_id: int) -> int:
    """Return how many cards this person has waiting that would refund a transaction."""
    row = conn.execute(
        "SELECT count(*) AS n FROM txn WHERE original_id = ? AND maker_id = ? AND state = 'DRAFT'",
        (original_id, maker_id),
    ).fetchone()
    return int(row["n"])


def unsent(conn: sqlite3.Connection, *, maker_id: int | None = None, desk_id: int | None = None) -> list[Transaction]:
    """Return the transactions not tried yet, of one maker or all, in one desk or in all."""
    rows = conn.execute(
        f"{SELECT} WHERE {UNSENT} AND (:maker IS NULL OR maker_id = :maker) AND (:desk IS NULL OR desk_id = :desk)",
        {"maker": maker_id, "desk": desk_id},
    )
    return [_read(row) for row in rows]


def close_sending(tx: Tx, desk_id: int | None = None) -> None:
    """Make no further attempt for what may be on its way, from one desk or from all; it is still looked after."""
    tx.conn.execute(
        "UPDATE txn SET send_closed = 1 WHERE state = 'UNKNOWN' AND (:desk IS NULL OR desk_id = :desk)",
        {"desk": desk_id},
    )


def makers_of_unsent(conn: sqlite3.Connection) -> list[int]:
    """Return everybody who has a transaction that was not tried yet."""
    # With a bound the index of the few is searched; without one, all rows are read.
    rows = conn.execute(f"SELECT DISTINCT maker_id FROM txn WHERE {UNSENT} AND maker_id > 0")
    return [row["maker_id"] for row in rows]


def of_token(conn: sqlite3.Connection, callback_token: str) -> Transaction | None:
    """Return the transaction of a callback's token, or None."""
    row = conn.execute(f"{SELECT} WHERE callback_token = ?", (callback_token,)).fetchone()
    return None if row is None else _read(row)


def ring(tx: Tx, callback_token: str, quiet_ms: int) -> bool:
    """Bring the next look forward for the transaction of this token; at most once per *quiet_ms*."""
    cursor = tx.conn.execute(
        "UPDATE txn SET next_at_ms = :now, lease_until_ms = 0, hinted_at_ms = :now WHERE callback_token = :token"
        f" AND {IN_DOUBT} AND hinted_at_ms <= :now - :quiet",
        {"now": to_ms(tx.now), "token": callback_token, "quiet": quiet_ms},
    )
    if cursor.rowcount == 1:
        tx.rings(Bell.MONEY)
    return cursor.rowcount == 1


def bring_forward(tx: Tx) -> None:
    """Let nothing wait for a moment later than now: those moments were of a clock that was wrong."""
    tx.conn.execute(
        "UPDATE txn SET next_at_ms = min(next_at_ms, :now), lease_until_ms = min(lease_until_ms, :now),"
        " hinted_at_ms = min(hinted_at_ms, :now), expires_at_ms = min(expires_at_ms, :now),"
        " send_by_ms = min(send_by_ms, :now), last_sent_at_ms = min(last_sent_at_ms, :now) WHERE state IN"
        " ('DRAFT', 'AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW')",
        {"now": to_ms(tx.now)},
    )


def forget_not_found(tx: Tx) -> None:
    """Count MTN's "not found" anew for everything it may still come to know."""
    tx.conn.execute(f"UPDATE txn SET not_found = 0, first_not_found_at_ms = NULL WHERE {OPEN} AND not_found > 0")


def break_leases(tx: Tx) -> None:
    """Give back every lease: the process that held them is dead, as our lock on the file proves."""
    tx.conn.execute(
        "UPDATE txn SET lease_until_ms = 0, next_at_ms = min(next_at_ms, :now)"
        f" WHERE {IN_DOUBT} AND state = 'UNKNOWN' AND lease_until_ms > :now",
        {"now": to_ms(tx.now)},
    )


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_ms(value)
    return value


def _read(row: sqlite3.Row) -> Transaction:
    found = dict(zip(row.keys(), row, strict=True))  # a Row looks through all its names for each
    values = {name: found[column] for name, column in COLUMNS.items()}
    for name in TIMES:
        values[name] = None if values[name] is None else from_ms(values[name])
    for name in FLAGS:
        values[name] = bool(values[name])
    return Transaction(
        **values
        | {
            "kind": Kind(row["kind"]),
            "state": State(row["state"]),
            "amount": Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
            "msisdn": Msisdn(row["msisdn"]),
        }
    )
