"""The words of /why: an answer for every state, and a line for everything that can have happened."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bot.chat import timelines
from bot.chat.language import speak
from bot.domain.certainty import moved, settles
from bot.domain.transactions import AT_MTN, State
from bot.service.timeline import Account, Fact
from bot.store.audit import Entry
from bot.store.observations import Observation
from tests.bot.chat.samples import KAMPALA, NOW, TXN, big_words

LATER = NOW + timedelta(seconds=61)


def answered(state: State, *, contradicted: bool = False, **changes: Any) -> str:
    txn = replace(TXN, state=state, **changes)
    next_look = LATER if state in AT_MTN else None
    account = Account(moved(txn, contradicted=contradicted), settles(txn, contradicted=contradicted), next_look)
    return timelines.answer(txn, account, KAMPALA)


def told(*facts: Fact, most: int = 40) -> list[str]:
    return timelines.lines(
        replace(TXN, state=State.SUCCESSFUL, financial_transaction_id="77"), list(facts), KAMPALA, most
    )


def entry(event: str, before: str | None = None, after: str | None = None, **data: Any) -> Fact:
    return Fact(NOW, entry=Entry(1, NOW, "ABC234", "Grace", event, before, after, data, None, None, None))


def seen(source: str, http_status: int | None = None, code: str | None = None, status: str | None = None) -> Fact:
    return Fact(NOW, seen=Observation(NOW, source, http_status, code, status))


@pytest.mark.parametrize("state", State)
def test_every_state_has_an_answer_and_only_success_is_a_yes(state: State) -> None:
    for contradicted, code in product((False, True), (None, "RESTORED")):
        text = answered(state, contradicted=contradicted, failure_code=code)
        said = text.removeprefix("<b>Has this money moved?</b> ").split()[0].strip(".:,")
        certain = not contradicted and code is None
        assert (said == "Yes") == (state is State.SUCCESSFUL and certain)
        assert (said == "No") == (state not in AT_MTN | {State.SUCCESSFUL} and certain)
        assert big_words(text) == []


def test_what_is_open_says_when_mtn_is_asked_again() -> None:
    for state in State:
        assert ("MTN is asked again at 12:01:01." in answered(state)) == (state in AT_MTN)


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (entry("draft", None, "DRAFT"), "asked for by Grace"),
        (entry("move", "DRAFT", "READY"), "confirmed by Grace"),
        (entry("move", "AWAITING_APPROVAL", "READY"), "cleared to be sent"),
        (entry("move", "READY", "UNKNOWN"), "sent"),
        (entry("attempt", n=2), "sent again, attempt 2"),
        (entry("anomaly", kind="known_after_all"), "something was seen that does not fit: known after all"),
        (entry("something new"), "something new"),
        (seen("POST", 202), "MTN took the request"),
        (seen("POST", 409), "MTN has the request already"),
        (seen("POST", None, "ResponseLost"), "no answer of MTN to the request (ResponseLost)"),
        (seen("POST", 500, "PAYEE_NOT_FOUND"), "MTN to the request: "),
        (seen("GET", 200, None, "PENDING"), "MTN: PENDING"),
        (seen("GET", 200, None, "SUCCESSFUL"), "MTN: SUCCESSFUL, id 77"),
        (seen("GET", 404, "RESOURCE_NOT_FOUND"), "MTN: does not know it"),
        (seen("GET", 503), "MTN: no clear answer (HTTP 503)"),
        (Fact(NOW), "callback from MTN: it was asked at once"),
        (replace(seen("GET", 404), times=3, last_at=LATER), "MTN: does not know it (3 times until 12:01)"),
    ],
)
def test_everything_that_can_have_happened_has_a_line(fact: Fact, line: str) -> None:
    assert told(fact)[0].startswith(f"05 Jan 12:00:00 {line}")


@pytest.mark.parametrize("state", State)
def test_every_move_that_mtn_does_not_tell_has_a_line_and_every_answer_is_french(state: State) -> None:
    assert (state in timelines.MOVES) == (state not in (State.DRAFT, State.SUCCESSFUL, State.FAILED))
    with speak("fr"):
        assert answered(state).startswith("<b>Cet argent est-il passé ?</b> ")


@pytest.mark.parametrize("state", [State.REVIEW, State.PENDING, State.FAILED])
def test_what_mtn_said_of_a_success_that_does_not_count_is_not_said_in_glad_words(state: State) -> None:
    [line] = timelines.lines(replace(TXN, state=state), [seen("GET", 200, None, "SUCCESSFUL")], KAMPALA, 5)
    assert line.endswith(" MTN: says that it has moved, which does not fit")


def test_the_day_is_said_once_and_what_is_left_out_is_counted() -> None:
    facts = [Fact(NOW + timedelta(hours=hours)) for hours in (0, 1, 16, 17)]
    lines = told(*facts, most=3)
    assert lines[0] == "1 earlier step"
    assert [line.split(" callback")[0] for line in lines[1:]] == ["05 Jan 13:00:00", "06 Jan 04:00:00", "05:00:00"]


def test_names_and_codes_are_shown_as_text() -> None:
    nasty = replace(entry("approve").entry, actor="<b>")  # type: ignore[type-var]
    assert "&lt;b&gt;" in told(Fact(NOW, entry=nasty))[0]  # type: ignore[arg-type]
    assert "&lt;NEW&gt;" in told(seen("GET", 200, None, "<NEW>"))[0]
