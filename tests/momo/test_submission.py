"""submit: on doubt ask, send the same id again, and never say that nothing happened if something may have."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from momo import (
    AuthenticationFailed,
    ConnectionFailed,
    Credentials,
    DuplicateReference,
    Invoice,
    MomoError,
    Money,
    Msisdn,
    Outcome,
    ResponseLost,
    ServerError,
    Transfer,
)
from momo.sandbox import Sandbox
from momo.testing import SandboxTransport
from tests.momo.recorded import (
    ACCEPTED,
    GATEWAY_401,
    PAGE,
    REFERENCE,
    WALLET_401,
    Recorded,
    answer,
    client_of,
)
from tests.momo.sandbox.world import KEYS, Clock, new_id

EURO = Money(Decimal("12.50"), "EUR")
TEXTS = {"external_id": "e-1", "payer_message": "rent", "payee_note": "May"}
ORDER = Transfer(amount=EURO, payee=Msisdn("46733123999"), **TEXTS)
PENDING = answer(200, {"status": "PENDING", "amount": "12.5", "currency": "EUR", "externalId": "e-1"})
UNKNOWN = answer(404, {"code": "RESOURCE_NOT_FOUND"})
DUPLICATE = answer(409, {"code": "RESOURCE_ALREADY_EXIST"})
POORER = answer(500, {"code": "NOT_ENOUGH_FUNDS"})


def careful(transport, **options):
    return client_of(transport, read_retries=0, jitter=lambda: 0.5, **options)


def submitting(*replies, order=ORDER, **options):
    transport = Recorded(*replies)
    return transport, careful(transport).disbursement.submit(REFERENCE, order, **options)


def sent(transport):
    return "".join("w" if request.method == "POST" else "r" for request in transport.requests)


@pytest.mark.parametrize(
    ("replies", "calls", "known"),
    [
        ([ACCEPTED], "w", False),
        ([ResponseLost("x"), PENDING], "wr", True),
        ([answer(503), PENDING], "wr", True),
        ([DUPLICATE, PENDING], "wr", True),
        ([ResponseLost("x"), UNKNOWN, ACCEPTED], "wrw", False),
        ([ResponseLost("x"), UNKNOWN, DUPLICATE, PENDING], "wrwr", True),
        ([ResponseLost("x"), answer(500), answer(500), PENDING], "wrwr", True),
        ([ConnectionFailed("x"), ACCEPTED], "ww", False),
        ([answer(429), ACCEPTED], "ww", False),
    ],
)
async def test_it_goes_on_until_mtn_has_the_order(replies, calls, known):
    transport, submission = submitting(*replies)

    submitted = await submission

    assert sent(transport) == calls
    assert (submitted.reference_id, submitted.sent) == (REFERENCE, calls.count("w"))
    assert (submitted.result is not None) == known


@pytest.mark.parametrize("reply", [PAGE, POORER, answer(400), answer(403)])
async def test_a_refusal_ends_it_at_once(reply):
    transport, submission = submitting(reply)

    with pytest.raises(MomoError) as caught:
        await submission

    assert sent(transport) == "w"
    assert caught.value.outcome is Outcome.NOT_APPLIED


@pytest.mark.parametrize(("replies", "calls"), [([WALLET_401, WALLET_401], "ww"), ([GATEWAY_401], "w")])
async def test_a_token_that_was_taken_back_is_renewed_once_and_a_key_never(replies, calls):
    transport, submission = submitting(*replies)

    with pytest.raises(AuthenticationFailed) as caught:
        await submission

    assert (sent(transport), caught.value.outcome) == (calls, Outcome.NOT_APPLIED)


@pytest.mark.parametrize("second", [POORER, answer(400), PAGE])
async def test_a_refusal_after_a_doubt_says_nothing_of_the_doubtful_attempt(second):
    _, submission = submitting(ResponseLost("x"), UNKNOWN, second)

    with pytest.raises(MomoError) as caught:
        await submission

    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("replies", "kind", "outcome"),
    [
        ([ConnectionFailed("x")], ConnectionFailed, Outcome.NOT_APPLIED),
        ([answer(503)], ServerError, Outcome.UNKNOWN),
        ([ResponseLost("x"), UNKNOWN, ConnectionFailed("x")], ConnectionFailed, Outcome.UNKNOWN),
    ],
)
async def test_when_patience_is_over_the_outcome_is_that_of_all_attempts(replies, kind, outcome):
    transport, submission = submitting(*replies, patience_seconds=30)

    with pytest.raises(kind) as caught:
        await submission

    assert caught.value.outcome is outcome
    assert 4 <= len(transport.requests) <= 20


@pytest.mark.parametrize(
    "theirs",
    [{"amount": "13", "currency": "EUR", "externalId": "e-1"}, {"externalId": "e-2"}],
)
async def test_an_id_that_belongs_to_another_order_is_no_success(theirs):
    _, submission = submitting(DUPLICATE, answer(200, {"status": "SUCCESSFUL", **theirs}))

    with pytest.raises(DuplicateReference, match="belongs to another order"):
        await submission


async def test_what_mtn_leaves_out_is_no_difference():
    _, submission = submitting(ResponseLost("x"), answer(200, {"status": "SUCCESSFUL"}))

    assert (await submission).sent == 1


async def test_an_id_that_was_used_before_is_ours_only_if_mtn_says_something_of_the_order():
    _, submission = submitting(DUPLICATE, answer(200, {"status": "SUCCESSFUL"}))

    with pytest.raises(DuplicateReference, match="not known whether") as caught:
        await submission

    assert caught.value.outcome is Outcome.UNKNOWN


async def test_it_can_submit_anything_that_has_a_status():
    clock = Clock()
    sandbox = Sandbox(clock, seed=1)
    user = Credentials(*sandbox.provision("collection"), KEYS["collection"])
    client = careful(SandboxTransport(sandbox, sleep=clock.sleep), collection=user)
    bill = Invoice(amount=EURO, external_id="i-1", validity_seconds=60, payee=Msisdn("46733123999"))
    sandbox.faults.add("lose_answer", operation="invoice")

    submitted = await client.collection.submit(new_id(), bill)

    assert submitted.result is not None
    assert submitted.result.status.word == "CREATED"


@settings(deadline=None)
@given(st.lists(st.sampled_from(["reset", "lose_answer", "cut_body", "error_after"]), max_size=4), st.integers(0, 20))
def test_whatever_goes_wrong_money_moves_at_most_once(faults, hidden):
    clock = Clock()
    sandbox = Sandbox(clock, seed=1)
    sandbox.settings.update({"not_found_for": float(hidden)})
    user = Credentials(*sandbox.provision("disbursement"), KEYS["disbursement"])
    client = careful(SandboxTransport(sandbox, sleep=clock.sleep), disbursement=user)
    for fault in faults:
        sandbox.faults.add(fault, operation="transfer", count=1)
    reference = new_id()

    async def run():
        try:
            await client.disbursement.submit(reference, ORDER, patience_seconds=90)
        except MomoError as error:
            return error.outcome
        return None

    outcome = asyncio.run(run())

    moved = len(sandbox.ledger.effects_of(reference))
    assert (outcome, moved) in {(None, 1), (Outcome.UNKNOWN, 0), (Outcome.UNKNOWN, 1)}
