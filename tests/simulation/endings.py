"""What must hold when the faults are over and the world has come to rest.

I1 and I4 over MTN's whole book, I5 agreement, I7 the money adds up, I9 everybody was told, I11 the trail,
I14 lookups within bounds, L1 liveness, and the goal after an outage (G1).
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.store.audit import first_break
from momo.sandbox.operations import Product
from tests.simulation.invariants import FINAL, NEVER_AT_MTN
from tests.simulation.knobs import HOUR
from tests.simulation.restore import is_forgotten

if TYPE_CHECKING:
    from tests.simulation.world import World

# Ends that the card shows to whoever made them; the others are pushed.
QUIET_ENDS = ("CANCELLED", "EXPIRED")
OPEN = ("READY", "UNKNOWN", "PENDING", "REVIEW")
# The first fifteen lookups grow from 5 s to a minute; then every 5 minutes, 30 minutes, 6 hours; least jitter.
SHORTEST = 0.8
STEPS = ((15, 60.0), (40, 300.0), (90, 1800.0))


def at_rest(world: "World") -> bool:
    """Tell whether nothing is expected to happen any more."""
    waiting = world.conn.execute(
        "SELECT (SELECT count(*) FROM inbox WHERE done = 0)"
        " + (SELECT count(*) FROM outbox WHERE state IN ('NEW', 'SENDING'))"
        " + (SELECT count(*) FROM txn WHERE state IN ('DRAFT', 'AWAITING_APPROVAL', 'READY', 'UNKNOWN'))"
    ).fetchone()[0]
    followed = [*_rows(world, "PENDING", "REVIEW"), *_forgotten(world, "FOLLOWED")]
    return waiting == 0 and not any(_may_still_end(world, row) for row in followed)


def _may_still_end(world: "World", row: Any) -> bool:
    there = world.network.sandbox.transactions.get(row["reference_id"])
    if row["reference_id"] in world.network.forgotten:
        return bool(row["state"] == "PENDING")
    if there is None:
        return bool(row["state"] in ("PENDING", "FOLLOWED"))
    return there.is_final or there.order.fate.ends.value != "never"


def _rows(world: "World", *states: str) -> list[Any]:
    rows = world.conn.execute("SELECT * FROM txn ORDER BY id").fetchall()
    return [row for row in rows if row["state"] in states]


def check_outage_goal(world: "World") -> None:
    """G1: half an hour after the faults each row is final, PENDING at MTN, or UNKNOWN with Retry offered."""
    demand, retries = world.judge.demand, retries_offered(world)
    for row in _rows(world, "READY", "UNKNOWN"):
        code, state = row["short_code"], row["state"]
        old = world.judge.age(row["id"]) > 2 * HOUR
        trying = world.host_now().timestamp() <= row["send_by_ms"] / 1000  # somebody has just pressed Retry
        waits = trying or row["send_closed"] or row["refused_code"] or code in retries or old
        demand(bool(state == "UNKNOWN" and waits), "G1", f"{code} is {state}, and no Retry is offered")
    for row in _rows(world, "PENDING"):
        known = row["reference_id"] in world.network.sandbox.transactions
        demand(known, "G1", f"{row['short_code']} is PENDING and unknown at MTN")


def retries_offered(world: "World") -> set[str]:
    """Return the codes of the transactions for which a message in some chat shows a Retry button."""
    api = world.telegram.api
    shown = (
        button.get("callback_data", "")
        for chat_id in api.people.chats
        for message in api.messages.of_chat(chat_id)
        for button in message.buttons
    )
    return {data.split(":")[1] for data in shown if data.startswith("retry:")}


def check_end(world: "World") -> None:
    """Check everything that must hold at rest."""
    for check in (_at_most_once, _agreement, _money, _everybody_told, _trail, _lookups, _rest):
        check(world)
    world.alarms.check_end()


def _at_most_once(world: "World") -> None:
    """I1, I4: one effect a reference id, each in the database; I8 by MTN's own books."""
    sandbox, given_back = world.network.sandbox, dict[str, Decimal]()
    for reference_id, there in sandbox.transactions.items():
        effects = sandbox.ledger.effects_of(reference_id)
        world.judge.demand(len(effects) <= 1, "I1", f"{len(effects)} effects of {reference_id}")
        row = world.conn.execute("SELECT 1 FROM txn WHERE reference_id = ?", (reference_id,)).fetchone()
        known = row is not None or is_forgotten(world.conn, reference_id)
        world.judge.demand(known, "I4", f"{reference_id} is at MTN and not in the database")
        original = there.order.refunded_reference
        if effects and original is not None:
            given_back[original] = given_back.get(original, Decimal(0)) + effects[0].amount
    for original, amount in given_back.items():
        paid = sandbox.transactions[original].order.amount
        world.judge.demand(amount <= paid, "I8", f"{amount} given back of {paid}")


def _agreement(world: "World") -> None:
    """I5: every final row is final at MTN in the same way, or was never there."""
    known = world.network.sandbox.transactions
    for row in _rows(world, *sorted(FINAL)):
        there = known.get(row["reference_id"])
        if row["state"] == "UNSENT" and row["reference_id"] in world.network.forgotten:
            continue  # that it might be closed was checked when it was
        if row["state"] == "CANCELLED" and is_forgotten(world.conn, row["reference_id"]):
            continue  # compared below
        agrees = there is None if row["state"] in NEVER_AT_MTN else there is not None and there.status == row["state"]
        world.judge.demand(agrees, "I5", f"{row['short_code']} is {row['state']}, at MTN {there and there.status}")
    for row in world.conn.execute("SELECT * FROM forgotten").fetchall():
        there, state = known.get(row["reference_id"]), row["state"]
        ended = "NEVER_THERE" if there is None else there.status if there.is_final else "FOLLOWED"
        agrees = state == ended or (state == "FOLLOWED" and row["word"] == "MISMATCH")
        world.judge.demand(agrees, "I5", f"{row['short_code']}, forgotten, is {state}, at MTN {ended}")


def _money(world: "World") -> None:
    """I7: what the accounts hold is what the rows say; rows still open account for the rest."""
    sandbox = world.network.sandbox
    for product, sign, kinds in (
        (Product.COLLECTION, 1, ("request_to_pay",)),
        (Product.DISBURSEMENT, -1, ("transfer", "deposit", "refund")),
    ):
        moved = sandbox.ledger.balance(product) - sandbox.settings.opening_balance
        done = sum(row["amount_minor"] for row in _rows(world, "SUCCESSFUL") if row["kind"] in kinds)
        done += sum(row["amount_minor"] for row in _forgotten(world, "SUCCESSFUL") if row["kind"] in kinds)
        # What MTN moved and denies for ever is in no row: exactly that much may be missing in them.
        done += sum(_moved(world, row) for row in _rows(world, "UNSENT") if row["kind"] in kinds)
        still_open = [*_rows(world, *OPEN), *_forgotten(world, "FOLLOWED")]
        perhaps = sum(row["amount_minor"] for row in still_open if row["kind"] in kinds)
        off = abs(moved * 100 * sign - done)
        world.judge.demand(off <= perhaps, "I7", f"{product}: off by {off}, open are {perhaps}")


def _forgotten(world: "World", state: str) -> list[Any]:
    return list(world.conn.execute("SELECT * FROM forgotten WHERE state = ?", (state,)).fetchall())


def _moved(world: "World", row: Any) -> int:
    effects = world.network.sandbox.ledger.effects_of(row["reference_id"])
    return sum(int(effect.amount * 100) for effect in effects if row["reference_id"] in world.network.forgotten)


def _everybody_told(world: "World") -> None:
    """I9: each end was told, with a message of its own where MTN had a say in it, or is a dead letter.

    Nor was one told oftener than lost answers and deaths explain.
    """
    doubts = 1 + world.telegram.delivered_in_doubt + len(world.lives)
    for row in _rows(world, *sorted(FINAL)):
        code, state = row["short_code"], row["state"]
        copies = world.sayings.copies[code, state]
        told = copies > 0 or (state in QUIET_ENDS and state in world.sayings.states[code])
        world.judge.demand(told or _is_dead_letter(world, row["id"]), "I9", f"nobody was told that {code} is {state}")
        world.judge.demand(copies <= doubts, "I9", f"{copies} messages that {code} is {state}")


def _is_dead_letter(world: "World", txn_id: int) -> bool:
    cards = [row["id"] for row in world.conn.execute("SELECT id FROM card WHERE txn_id = ?", (txn_id,))]
    dead = world.conn.execute("SELECT dedupe, subject FROM outbox WHERE state = 'DEAD'").fetchall()
    wanted = {f"card:{card}" for card in cards}
    return any(row["subject"] in wanted or str(row["dedupe"]).startswith(f"end:{txn_id}:") for row in dead)


def _trail(world: "World") -> None:
    """I11: the chain holds, and the audit has every move the database saw, in the same order."""
    world.judge.demand(first_break(world.conn) is None, "I11", "the audit chain is broken")
    query = "SELECT txn_id, f, t FROM {} ORDER BY id"
    seen = [tuple(row) for row in world.conn.execute(query.format("seen WHERE f IS NOT NULL"))]
    kept = [tuple(row) for row in world.conn.execute(query.format("audit WHERE event = 'move'"))]
    world.judge.demand(seen == kept, "I11", f"{len(seen)} moves, {len(kept)} in the audit")
    steps = world.conn.execute("SELECT sum(version) FROM txn").fetchone()[0] or 0
    world.judge.demand(steps == len(seen), "I11", f"versions add up to {steps}, moves to {len(seen)}")


def _lookups(world: "World") -> None:
    """I14: no transaction is asked about oftener than its age, its callbacks and its attempts explain."""
    asked = world.network.sandbox.requests.by_reference()
    for row in world.conn.execute("SELECT * FROM txn WHERE attempts > 0").fetchall():
        age = world.judge.age(row["id"])
        looks = asked.get(row["reference_id"], {})
        count = sum(n for operation, n in looks.items() if operation.endswith("_status"))
        knocks = world.judge.callbacks_of[row["callback_token"]]
        # After a restore the schedule goes on where the copy stood: what was asked since is asked again.
        most = _scheduled(age) * (1 + world.restore.done) + knocks + 6 * row["attempts"] + 3 * len(world.lives) + 10
        world.judge.demand(count <= most, "I14", f"{row['short_code']}: {count} lookups, explained are {most}")


def _scheduled(age: float) -> int:
    """Return how many lookups the schedule makes at most in *age* seconds."""
    at, polls = 0.0, 0
    while at < age:
        growing = min(5 * 1.6**polls, 60.0)
        step = growing if polls < 15 else next((delay for below, delay in STEPS if polls < below), 6 * HOUR)
        at += step * SHORTEST
        polls += 1
    return polls


def _rest(world: "World") -> None:
    """L1: nothing waits but what MTN itself has not ended, and what a person must look at."""
    demand, known = world.judge.demand, world.network.sandbox.transactions
    for row in _rows(world, "DRAFT", "AWAITING_APPROVAL", "READY", "UNKNOWN"):
        demand(holds=False, predicate="L1", what=f"{row['short_code']} is still {row['state']}")
    for row in _rows(world, "PENDING"):
        there = known.get(row["reference_id"])
        demand(there is not None and not there.is_final, "L1", f"{row['short_code']} is PENDING, not so at MTN")
    for row in _rows(world, "REVIEW"):
        there = known.get(row["reference_id"])
        lost = row["failure_code"] == "MISMATCH" or row["reference_id"] in world.network.forgotten
        stuck = not lost and there is not None and there.is_final
        demand(not stuck, "L1", f"{row['short_code']} is in REVIEW, at MTN {there and there.status}")
    waiting = world.conn.execute("SELECT count(*) FROM outbox WHERE state IN ('NEW', 'SENDING')").fetchone()[0]
    demand(waiting == 0, "L1", f"{waiting} messages still wait")
    unhandled = world.conn.execute("SELECT count(*), min(error) FROM inbox WHERE done <> 1").fetchone()
    demand(unhandled[0] == 0, "L1", f"{unhandled[0]} updates not handled: {unhandled[1]}")
