"""After a restore: MTN is asked about everything the copy had forgotten, when its time has come."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.jobs.worklist import Look, WorkList
from bot.service.forgotten import Follower
from bot.store import forgotten
from bot.store.database import Store
from bot.store.forgotten import Forgotten

AT_ONCE = 10


def forgotten_ones(
    store: Store, follower: Follower, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Forgotten]:
    """Return the loop that follows what was forgotten to its end."""
    return WorkList(
        "forgotten",
        look=lambda: store.tx(lambda tx: Look(forgotten.due(tx, AT_ONCE), forgotten.next_later_at(tx))),
        key=lambda row: row.reference_id,
        work=follower.ask,
        bell=bell,
        clock=clock,
    )
