"""Has this money moved? "Yes" only when MTN said so for good, "no" only when it is certain."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.certainty import Moved, Settles, moved, settles
from bot.domain.transactions import AT_MTN, FINAL, Kind, State
from tests.bot.chat.samples import TXN

# As the table of states has it: in these no money can have moved.
CERTAINLY_NOT = set(State) - AT_MTN - {State.SUCCESSFUL}
FLAGS = [
    dict(zip(("contradicted", "frozen", "can_retry", "sends_again"), flags, strict=True))
    for flags in product((False, True), repeat=4)
]


@given(
    state=st.sampled_from(State),
    kind=st.sampled_from(Kind),
    attempts=st.integers(0, 3),
    ambiguous=st.integers(0, 3),
    held=st.booleans(),
    send_closed=st.booleans(),
    failure_code=st.sampled_from([None, "EXPIRED", "RESTORED", "MISMATCH", "APPROVAL_REFUSED"]),
    contradicted=st.booleans(),
)
def test_yes_is_said_of_successful_alone_and_no_where_no_money_can_have_moved(
    contradicted: bool, **changes: object
) -> None:
    txn = replace(TXN, **changes)  # type: ignore[arg-type]
    said = moved(txn, contradicted=contradicted)
    assert (said is Moved.YES) <= (txn.state is State.SUCCESSFUL)
    assert (said is Moved.NO) <= (txn.state in CERTAINLY_NOT)
    if contradicted or txn.failure_code == "RESTORED":
        assert said is Moved.NOT_KNOWN


@pytest.mark.parametrize("state", State)
def test_what_is_not_known_has_something_that_settles_it(state: State) -> None:
    for flags, code, kind in product(FLAGS, (None, "RESTORED"), Kind):
        txn = replace(TXN, state=state, failure_code=code, kind=kind)
        unknown = moved(txn, contradicted=flags["contradicted"]) is Moved.NOT_KNOWN
        if unknown or state not in FINAL:
            assert settles(txn, **flags) is not Settles.NOTHING
        else:
            assert settles(txn, **flags) is Settles.NOTHING


def test_nothing_that_is_stopped_is_promised_to_leave() -> None:
    for state in State:
        assert settles(replace(TXN, state=state), frozen=True, sends_again=True) not in (
            Settles.SENDING,
            Settles.REPEAT,
        )
