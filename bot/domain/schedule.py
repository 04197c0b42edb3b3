"""When to look again: delays as data, jitter handed in."""

from datetime import datetime, timedelta

FIRST_LOOK = timedelta(seconds=2)
# An attempt may still be on its way for this long: no other one leaves before.
RESEND_AFTER = timedelta(seconds=30)
# Longer than the HTTP timeout of an attempt (20 s): while it runs, nobody else works on the row.
LEASE = timedelta(seconds=25)
REFUSAL_QUIET = timedelta(seconds=90)
REFUSAL_SPREAD = timedelta(seconds=60)
UNSENT_QUIET = timedelta(hours=24)
UNSENT_SPREAD = timedelta(hours=1)
LOST_AT_MTN_AFTER = timedelta(minutes=10)
REVIEW_AFTER = timedelta(days=7)
HINT_QUIET = timedelta(seconds=5)
TICK = timedelta(milliseconds=1)

# (polls made so far, delay): the first fifteen grow from 5 s to a minute.
STEPS = ((40, timedelta(minutes=5)), (90, timedelta(minutes=30)))
GROWING_POLLS, GROWTH, LONGEST_GROWN = 15, 1.6, timedelta(seconds=60)
SLOWEST = timedelta(hours=6)
IN_REVIEW = timedelta(days=1)

# An attempt's own time, token included. With the journal's time before it, shorter than the lease.
ATTEMPT = timedelta(seconds=20)
JOURNAL = timedelta(seconds=4)

# Between two tries to deliver a message that Telegram, otherwise in order, does not take; a day in all.
DELIVERY_STEPS = tuple(timedelta(seconds=s) for s in (1, 5, 30, 60, 60, 60, *(600,) * 144))
# So often a message may fail before the ones behind it in its chat stop waiting for it.
HOLDS_ITS_CHAT = 6
# So many failures in a row mean that Telegram is away: then only one message tries, now and then.
AWAY_AFTER_FAILURES = 3
LONGEST_AWAY_PAUSE = timedelta(seconds=30)
# How long a message that stepped aside waits while Telegram seems to be away.
ASIDE = timedelta(minutes=1)


def poll_delay(polls: int, jitter: float) -> timedelta:
    """Return the wait after *polls* status lookups; *jitter* (0.8 to 1.2) spreads rows that start together."""
    if polls < GROWING_POLLS:
        return min(timedelta(seconds=5) * GROWTH**polls, LONGEST_GROWN) * jitter
    for below, delay in STEPS:
        if polls < below:
            return delay * jitter
    return SLOWEST * jitter


def at_once(hinted_at: datetime, now: datetime) -> dict[str, datetime]:
    """Return what brings the next look before all others, because a person waits for it.

    As if MTN had rung five seconds ago: when it rings now, that is heard too.
    """
    rung = now - HINT_QUIET
    return {"next_at": rung, "hinted_at": max(hinted_at, rung)}


def away_pause(failures: int) -> timedelta:
    """Return how long to leave Telegram alone after this many failures in a row."""
    over = failures - AWAY_AFTER_FAILURES
    return timedelta(0) if over < 0 else min(timedelta(seconds=2) * 2 ** min(over, 8), LONGEST_AWAY_PAUSE)


def delivery_delay(tries: int, jitter: float) -> timedelta | None:
    """Return the wait before trying again to deliver a message, or None when it is given up."""
    return DELIVERY_STEPS[tries] * jitter if tries < len(DELIVERY_STEPS) else None
