"""What people say really happened."""

from typing import Any

import pytest

from bot.domain.refusals import Refusal, Why
from bot.service import corrections
from bot.store import corrections as kept
from tests.support.till import ADMIN, ADMIN_CHAT, Till


def correct(till: Till, txn: Any, text: str = "Anna has it, 46733123001") -> None:
    till.do(lambda tx: corrections.add(tx, till.policy, ADMIN, txn, text))


def test_a_correction_is_a_row_of_its_own_and_is_told_to_the_admins(till: Till) -> None:
    txn = till.paid()
    correct(till, txn)
    assert till.get(txn) == txn
    assert [(said.user_id, said.text) for said in kept.of(till.store.conn, txn.id)] == [
        (ADMIN, "Anna has it, 46733123001")
    ]
    assert till.noticed("corrected") == [ADMIN_CHAT]


def test_the_trail_has_a_keyed_hash_of_the_text_only(till: Till) -> None:
    correct(till, till.paid())
    assert till.ask("SELECT actor FROM audit WHERE event = 'correction'") == [f"user:{ADMIN}"]
    assert not [data for data in till.ask("SELECT data FROM audit") if "Anna" in data]


def test_what_is_not_over_is_not_corrected(till: Till) -> None:
    with pytest.raises(Refusal, match=Why.NOT_OVER_YET.value):
        correct(till, till.pending())
