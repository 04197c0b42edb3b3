"""When a payment may be closed as never sent although MTN has it: only after MTN itself has denied it, by the rules.

A reference id that MTN accepted and shows to nobody any more cannot be told from one that never came. The rules are
said again here: two people who may decide, a quarter of an hour after the last attempt; or a day of rest, and then
"not found" five times within no less than an hour. Each "not found" counts as the network gave it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.simulation import cast
from tests.simulation.knobs import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from tests.simulation.world import World

DENIALS, CLOSERS, REST = 5, 2, 15 * MINUTE


def denied_by_the_rules(world: "World", txn: Mapping[str, Any]) -> bool:
    """Tell whether MTN denies this for ever, and whether that was enough for who closed it."""
    if txn["reference_id"] not in world.network.forgotten:
        return False
    denials = world.network.denials[txn["reference_id"]]
    rested = world.host_now().timestamp() - txn["last_sent_at_ms"] / 1000
    if len(denials) < DENIALS:
        return False
    if len(_closers(world, txn)) >= CLOSERS:
        return rested >= REST
    return rested >= DAY and denials[-1] - denials[0] >= HOUR


def _closers(world: "World", txn: Mapping[str, Any]) -> set[int]:
    """Return who said that MTN never had it, and may decide now."""
    rows = world.conn.execute("SELECT actor FROM observation WHERE txn_id = ? AND source = 'HUMAN'", (txn["id"],))
    people = {int(row["actor"]) for row in rows.fetchall()}
    return {user for user in people if world.judge.role(user, txn["desk_id"]) in cast.DECIDERS}
