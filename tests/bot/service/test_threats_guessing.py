"""What somebody can find out who tries every name and every code: nothing."""

import random

import pytest

from bot.domain.mint import SHORT_CODE_ALPHABET
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.domain.transactions import State
from bot.service import history, seats
from bot.store import people
from tests.support.till import ADMIN, OWNER, STRANGER, Till

FOREIGN_CHAT = -7


def test_guessed_codes_of_another_till_are_answered_alike(till: Till) -> None:
    rng, real = random.Random(3), [till.draft(amount=str(n)).short_code for n in range(1, 5)]
    other = till.do(lambda tx: people.open_desk(tx, FOREIGN_CHAT, "Other", OWNER))
    till.grant(STRANGER, Role.CASHIER, other.id)
    seat = till.do(lambda tx: seats.seat(tx, till.policy, STRANGER, FOREIGN_CHAT, private=False))
    guessed = real + ["".join(rng.choices(SHORT_CODE_ALPHABET, k=len(real[0]))) for _ in range(10_000)]

    def answer(code: str) -> tuple[Why, dict[str, object]]:
        with pytest.raises(Refusal) as refused:
            till.do(lambda tx: history.find(tx, seat, code))
        return refused.value.why, {name: value for name, value in refused.value.facts.items() if value != code}

    first = answer(guessed[0])
    assert first[0] is Why.UNKNOWN_REFERENCE
    assert all(answer(code) == first for code in guessed)


def test_a_borrowed_name_gives_no_right(till: Till) -> None:
    txn = till.draft(amount="600")
    till.confirm(txn)
    name = till.do(lambda tx: people.name_of(tx.conn, ADMIN))
    till.do(lambda tx: people.meet(tx, STRANGER, name, "en", private=True))
    with pytest.raises(Refusal):
        till.approve(txn, STRANGER)
    assert till.get(txn).state is State.AWAITING_APPROVAL
