"""When to look again: delays as data, jitter handed in."""

from datetime import timedelta

FIRST_LOOK = timedelta(seconds=2)
# An attempt may still be on its way for this long: no other one leaves before.
RESEND_AFTER = timedelta(seconds=30)
# Longer than the HTTP timeout of an attempt (20 s): while it runs, nobody else works on the row.
LEASE = timedelta(seconds=25)
REFUSAL_QUIET = timedelta(seconds=90)
UNSENT_QUIET = timedelta(hours=24)
UNSENT_SPREAD = timedelta(hours=1)
LOST_AT_MTN_AFTER = timedelta(minutes=10)
REVIEW_AFTER = timedelta(days=7)
HINT_QUIET = timedelta(seconds=5)

# (polls made so far, delay): the first fifteen grow from 5 s to a minute.
STEPS = ((40, timedelta(minutes=5)), (90, timedelta(minutes=30)))
GROWING_POLLS, GROWTH, LONGEST_GROWN = 15, 1.6, timedelta(seconds=60)
SLOWEST = timedelta(hours=6)
IN_REVIEW = timedelta(days=1)

# Between two tries to deliver a message; after the last one it is a dead letter.
DELIVERY_STEPS = tuple(timedelta(seconds=s) for s in (1, 5, 30, 300, 1800, 7200, 18000, 36000))


def poll_delay(polls: int, jitter: float) -> timedelta:
    """Return the wait after *polls* status lookups; *jitter* (0.8 to 1.2) spreads rows that start together."""
    if polls < GROWING_POLLS:
        return min(timedelta(seconds=5) * GROWTH**polls, LONGEST_GROWN) * jitter
    for below, delay in STEPS:
        if polls < below:
            return delay * jitter
    return SLOWEST * jitter


def delivery_delay(tries: int, jitter: float) -> timedelta | None:
    """Return the wait before trying again to deliver a message, or None when it is given up."""
    return DELIVERY_STEPS[tries] * jitter if tries < len(DELIVERY_STEPS) else None
