import json

from bot.service import trail
from tests.support.till import ADMIN_CHAT, Till


def rewritten(till: Till) -> None:
    """Do what somebody could who can write the file, triggers or not."""
    till.store.conn.execute("DROP TRIGGER audit_fixed")
    till.store.conn.execute("UPDATE audit SET actor = 'user:7' WHERE id = 2")


def test_a_sound_trail_says_nothing(till: Till) -> None:
    till.sent()
    till.do(lambda tx: trail.check(tx, till.policy))
    assert till.told("notice") == []


def test_the_admins_are_told_once_where_the_trail_was_changed(till: Till) -> None:
    till.sent()
    rewritten(till)
    for _ in range(2):
        till.do(lambda tx: trail.check(tx, till.policy))
    told = till.ask("SELECT chat_id FROM outbox WHERE kind = 'notice'")
    assert (told, [json.loads(payload)["row"] for payload in till.told("notice")]) == ([ADMIN_CHAT], [2])
