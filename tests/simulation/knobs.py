"""How bad a world is: every rate and figure of one seed, drawn within the ranges of its profile. Data only."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, fields

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(slots=True)
class Knobs:
    """One seed's world. Rates are per call, times in seconds."""

    # Deaths
    kills: int = 0
    kill_rate: float = 0.0
    stop_rate: float = 0.0  # how often the operator stops the bot politely, per seed
    disk_error: float = 0.0  # per transaction
    disk_errors: int = 0  # at most
    journal_away: tuple[float, float] | None = None  # the journal's disk is full or gone
    leaps: list[tuple[float, float]] = field(default_factory=list)  # when the host's clock leaps, and how far

    restored: tuple[float, float] | None = None  # a backup is taken at one moment, and put back so much later

    # A write on its way to MTN
    refused: float = 0.0  # never connected
    lost: float = 0.0  # never arrives
    late: float = 0.0  # arrives after the client gave up
    answer_lost: float = 0.0
    reset: float = 0.0
    garbled: float = 0.0
    clean_no: float = 0.0  # 401, 429: says nothing about the request
    definite: float = 0.0  # a definite refusal
    error_before: float = 0.0
    error_after: float = 0.0
    ghost: float = 0.0  # a second copy, up to a minute later
    overloaded: float = 0.0  # per payment: answered 500 INTERNAL_PROCESSING_ERROR several times

    # A lookup
    look_lost: float = 0.0
    look_error: float = 0.0
    look_odd: float = 0.0  # unreadable, or a 404 that is not MTN's
    look_stale: float = 0.0
    look_wrong: float = 0.0  # somebody else's amount
    hidden: float = 0.0  # 404 for a while after the 202
    hidden_longest: float = 5.0
    forgotten: float = 0.0  # per payment: accepted, then 404 for ever
    flips: float = 0.0  # per payment: its end is another one, asked again
    token_error: float = 0.0
    name_slow: float = 0.0

    # What MTN does with a payment
    outages: list[tuple[float, float]] = field(default_factory=list)
    # Of what is asked meanwhile: so much is refused a connection, up to so much waits for no answer, up to so much is
    # an error, and the answer to the rest is lost.
    outage_shares: tuple[float, float, float] = (0.4, 0.75, 0.95)
    slowest: float = 1.5  # one way
    settle_soon: float = 120.0
    settle_late: float = 0.0
    settle_latest: float = HOUR
    failing: float = 0.1
    callbacks: tuple[int, ...] = (1,)
    callback_latest: float = 30.0
    early_callback: float = 0.0
    forged_callbacks: int = 0

    # Telegram
    flood: float = 0.0
    telegram_error: float = 0.0
    drop_before: float = 0.0
    drop_after: float = 0.0
    fetch_lost: float = 0.0
    conflict: float = 0.0  # somebody else fetches too
    webhook: bool = False  # updates are brought, not fetched
    redelivered: float = 0.0
    limits: bool = False
    telegram_outage: tuple[float, float] | None = None
    blocks: float = 0.0  # that somebody blocks the bot for a while, per seed
    migrates: float = 0.0  # that the basic group becomes a supergroup, per seed

    # People
    payments: int = 7
    span: float = 10 * MINUTE
    step_by_step: float = 0.15
    careless: float = 0.3  # that a press is repeated, or made by somebody else too
    hasty_cancel: float = 0.08
    sleepy: float = 0.1  # that somebody decides late
    role_changes: float = 0.3
    hasty_role_changes: float = 0.0  # that whoever approved first loses the right before the second one does
    freezes: float = 0.0  # that an admin stops all sending, per seed
    admin_chat: bool = True
    alone: float = 0.0  # that only the owner may decide for a while, per seed
    two_from: int | None = None  # from which amount on two people must approve, in whole units
    person_limit: int | None = None  # that one person may send out in a day, in whole units
    magic_at_once: bool = False

    def line(self) -> str:
        """Return what differs from a quiet world, for a replay line."""
        quiet = Knobs()
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return " ".join(f"{name}={_short(value)}" for name, value in values if value != getattr(quiet, name))


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace(" ", "")


Draw = Callable[[Knobs, random.Random], None]


def calm(knobs: Knobs, r: random.Random) -> None:
    """Nothing fails but the bot itself."""
    knobs.kills, knobs.kill_rate = 3, r.choice((0.001, 0.003, 0.01))
    knobs.payments = 8


def lossy(knobs: Knobs, r: random.Random) -> None:
    """MTN's answers, and some requests, get lost."""
    for name, most in (
        ("refused", 0.1), ("lost", 0.1), ("late", 0.05), ("answer_lost", 0.15), ("reset", 0.05), ("garbled", 0.05),
        ("clean_no", 0.1), ("definite", 0.08), ("error_before", 0.08), ("error_after", 0.08), ("ghost", 0.1),
        ("look_lost", 0.1), ("look_error", 0.15), ("look_odd", 0.08), ("look_stale", 0.05), ("hidden", 0.2),
        ("token_error", 0.05), ("name_slow", 0.1), ("overloaded", 0.15),
    ):  # fmt: skip
        setattr(knobs, name, r.uniform(0, most))


def outages(knobs: Knobs, r: random.Random) -> None:
    """MTN is away for minutes, up to an hour."""
    at = r.uniform(0, 5 * MINUTE)
    for _ in range(r.randint(1, 3)):
        end = at + r.choice((3 * MINUTE, 12 * MINUTE, 25 * MINUTE, HOUR)) * r.uniform(0.5, 1)
        knobs.outages.append((at, end))
        at = end + r.uniform(1, 10) * MINUTE
    knobs.answer_lost, knobs.ghost, knobs.clean_no = r.uniform(0, 0.1), r.uniform(0, 0.05), r.uniform(0, 0.05)
    knobs.span, knobs.careless = 15 * MINUTE, 0.5


def late_and_double(knobs: Knobs, r: random.Random) -> None:
    """Requests arrive minutes late, and twice; what was refused may arrive again."""
    knobs.late, knobs.ghost = r.uniform(0.05, 0.25), r.uniform(0.1, 0.4)
    knobs.definite, knobs.clean_no = r.uniform(0.05, 0.4), r.uniform(0, 0.2)
    knobs.error_before, knobs.answer_lost = r.uniform(0, 0.2), r.uniform(0, 0.2)
    knobs.slowest, knobs.redelivered = r.uniform(1, 3), r.uniform(0, 0.3)
    knobs.overloaded = r.uniform(0, 0.3)


def flaky_telegram(knobs: Knobs, r: random.Random) -> None:
    """Telegram refuses, errs, and loses answers."""
    knobs.flood, knobs.telegram_error = r.uniform(0, 0.05), r.uniform(0, 0.1)
    knobs.drop_before, knobs.drop_after = r.uniform(0, 0.08), r.uniform(0, 0.08)
    knobs.fetch_lost, knobs.redelivered = r.uniform(0, 0.15), r.uniform(0, 0.2)
    knobs.limits, knobs.blocks, knobs.migrates = r.random() < 0.5, 0.3, 0.4
    if r.random() < 0.25:
        at = r.uniform(0, 8) * MINUTE
        knobs.telegram_outage = (at, at + r.choice((5 * MINUTE, 30 * MINUTE, HOUR)))


def slow_and_stale(knobs: Knobs, r: random.Random) -> None:
    """MTN takes its time: hidden at first, stale after, final in days."""
    knobs.hidden, knobs.hidden_longest = r.uniform(0.2, 0.8), r.choice((5.0, 60.0, 9 * MINUTE))
    knobs.look_stale, knobs.settle_soon = r.uniform(0.02, 0.2), r.choice((5.0, 600.0))
    knobs.settle_late, knobs.settle_latest = r.uniform(0.1, 0.5), 5 * DAY
    knobs.answer_lost, knobs.slowest = r.uniform(0, 0.2), r.uniform(1, 3)
    knobs.callbacks = r.choice(((0,), (0, 1), (1,)))
    knobs.failing, knobs.look_wrong = 0.25, r.uniform(0, 0.02)


def callbacks(knobs: Knobs, r: random.Random) -> None:
    """Callbacks come never, fifty times, before the answer, and from strangers."""
    knobs.callbacks = r.choice(((0, 1, 2, 5), (50,), (0, 50), (2,)))
    knobs.early_callback, knobs.forged_callbacks = r.uniform(0.2, 1), r.choice((20, 100, 300))
    knobs.callback_latest, knobs.settle_soon = r.choice((1.0, 60.0, 600.0)), r.choice((0.5, 5.0, 120.0))
    knobs.answer_lost, knobs.late = r.uniform(0, 0.2), r.uniform(0, 0.1)
    knobs.look_stale, knobs.slowest = r.uniform(0, 0.05), r.uniform(0.2, 3)


def bad_host(knobs: Knobs, r: random.Random) -> None:
    """The disk fails, and the clock is set forward and back."""
    knobs.disk_errors, knobs.disk_error = r.randint(1, 4), r.choice((0.0005, 0.002, 0.01))
    if r.random() < 0.3:
        at = r.uniform(0, knobs.span)
        knobs.journal_away = (at, at + r.uniform(0.1, 5) * MINUTE)
    times = sorted(r.uniform(0, knobs.span * 1.2) for _ in range(r.randint(0, 3)))
    knobs.leaps = [(at, r.choice((-HOUR, -HOUR, HOUR, DAY))) for at in times]
    knobs.answer_lost, knobs.look_error = r.uniform(0, 0.2), r.uniform(0, 0.1)
    knobs.webhook = r.random() < 0.5


def broken_promises(knobs: Knobs, r: random.Random) -> None:
    """MTN forgets what it accepted, changes ends, tells of others; somebody else reads the bot's updates."""
    knobs.forgotten, knobs.flips = r.uniform(0, 0.2), r.uniform(0, 0.3)
    knobs.look_wrong, knobs.conflict = r.uniform(0, 0.02), r.choice((0.0, 0.0, 0.02))
    knobs.answer_lost, knobs.hidden = r.uniform(0, 0.1), r.uniform(0, 0.2)
    knobs.callbacks = r.choice(((1,), (0, 2), (5,)))


def swarm(knobs: Knobs, r: random.Random) -> None:
    """A random choice of all the troubles above at once."""
    for trouble in (lossy, outages, late_and_double, flaky_telegram, slow_and_stale, callbacks, broken_promises):
        if r.random() < 0.4:
            trouble(knobs, r)
    knobs.payments = 10


def restored(knobs: Knobs, r: random.Random) -> None:
    """An older copy of the database is put back; the journal is not."""
    knobs.restored = (r.uniform(1, 7) * MINUTE, r.uniform(0.2, 7) * MINUTE)
    knobs.answer_lost, knobs.late, knobs.hidden = r.uniform(0, 0.2), r.uniform(0, 0.1), r.uniform(0, 0.2)
    knobs.settle_soon, knobs.failing = r.choice((3.0, 20.0, 120.0)), r.uniform(0, 0.15)
    knobs.payments, knobs.span, knobs.sleepy = 12, 18 * MINUTE, 0.05


def many_hands(knobs: Knobs, r: random.Random) -> None:
    """Two must approve what is large; admins come and go, and now and then only the owner is left."""
    knobs.two_from, knobs.alone = r.choice((5, 15, 100)), 0.3
    knobs.role_changes, knobs.hasty_role_changes = 0.6, 0.7
    knobs.settle_soon, knobs.failing, knobs.payments = r.choice((3.0, 20.0)), 0.05, 12
    knobs.person_limit = None


PROFILES: tuple[Draw, ...] = (
    calm, lossy, outages, late_and_double, flaky_telegram, slow_and_stale, callbacks, swarm, bad_host, broken_promises,
    restored, many_hands,
)  # fmt: skip


def profile_of(seed: int, profile: int | None = None) -> int:
    """Return the number of a seed's profile: the seed modulo how many there are, if none is given."""
    return seed % len(PROFILES) if profile is None else profile


def numbers(names: tuple[str, ...]) -> list[int]:
    """Return the numbers of the profiles with these names; of all, if none is named."""
    return [number for number, profile in enumerate(PROFILES) if not names or profile.__name__ in names]


def draw(seed: int, profile: int | None = None) -> Knobs:
    """Return the knobs of a seed."""
    chosen = PROFILES[profile_of(seed, profile)]
    r = random.Random(f"{seed} knobs")
    knobs = Knobs(
        kills=r.choice((0, 1, 2, 3, 3)),
        kill_rate=r.choice((0.0005, 0.002, 0.005)),
        stop_rate=0.3,
        payments=r.randint(6, 10),
        admin_chat=r.random() < 0.7,
        magic_at_once=r.random() < 0.3,
        failing=r.uniform(0.05, 0.3),
        freezes=0.25,
        person_limit=r.choice((None, None, 40, 150)),
    )
    chosen(knobs, r)
    return knobs
