from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.service import digest, trail
from tests.support.till import ADMIN_CHAT, Till, says


@pytest.fixture
def till(till: Till) -> Till:
    till.policy = replace(till.policy, digest_at=time(20), zone=ZoneInfo("Africa/Kampala"))
    return till


def at(till: Till, day: int, hour: int, minute: int = 0) -> None:
    """Set the clock, in UTC: three hours behind Kampala."""
    till.clock.now = datetime(2030, 1, day, hour, minute, tzinfo=UTC)


def told(till: Till) -> int:
    till.do(lambda tx: digest.send_due(tx, till.policy))
    return len(till.noticed("digest"))


def test_the_digest_is_told_once_a_day_at_its_hour(till: Till) -> None:
    at(till, 1, 10)
    till.sent()
    told_at = {(day, hour): at(till, day, hour) or told(till) for day in (1, 2) for hour in (16, 17, 18, 23)}
    assert list(told_at.values()) == [0, 1, 1, 1, 1, 2, 2, 2]


def test_a_bot_that_was_away_tells_it_late_but_not_a_day_late(till: Till) -> None:
    at(till, 1, 10)
    till.sent()
    at(till, 2, 4)
    assert told(till) == 1
    at(till, 4, 6)
    assert told(till) == 1


def test_a_new_bot_tells_nothing_of_the_time_before_it(till: Till) -> None:
    at(till, 1, 18)
    till.sent()
    assert told(till) == 0


def test_without_an_hour_nothing_is_told(till: Till) -> None:
    till.policy = replace(till.policy, digest_at=None)
    assert told(till) == 0


def test_the_digest_holds_the_day_and_the_head_of_the_trail(till: Till) -> None:
    at(till, 1, 10)
    pending = till.pending()
    till.look(pending, says(pending, "SUCCESSFUL"))
    till.sent(amount="3")
    till.do(lambda tx: trail.check(tx, till.policy))
    at(till, 1, 17)
    facts = till.do(lambda tx: digest.compose(tx, tx.now.astimezone(till.policy.zone)))
    assert [(row["kind"], row["state"], row["count"], row["minor"]) for row in facts["ended"]] == [
        ("transfer", "SUCCESSFUL", 1, 1250)
    ]
    assert [(row["state"], row["count"]) for row in facts["waiting"]] == [("UNKNOWN", 1)]
    assert facts["head"] == till.ask("SELECT lower(hex(hash)) FROM audit ORDER BY id DESC LIMIT 1")[0]
    assert facts["broken"] is None
    assert facts["verified_ms"] is not None


def test_the_day_of_a_clock_change_is_told_once(till: Till) -> None:
    till.policy = replace(till.policy, zone=ZoneInfo("Europe/Berlin"), digest_at=time(2, 30))
    till.clock.now = datetime(2030, 10, 25, 10, tzinfo=UTC)
    till.sent()
    counts = []
    for minute in (10, 40, 70, 100):  # 02:30 comes twice in this night
        till.clock.now = datetime(2030, 10, 27, 0, tzinfo=UTC).replace(hour=minute // 60, minute=minute % 60)
        counts.append(told(till))
    assert counts[-1] == counts[1] == counts[0] + 1


def test_it_goes_to_the_admins(till: Till) -> None:
    at(till, 1, 10)
    till.sent()
    at(till, 1, 17)
    told(till)
    assert till.noticed("digest") == [ADMIN_CHAT]
