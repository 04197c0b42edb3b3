"""What each error of the client means: for an attempt to submit, and for a lookup."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.settling import PostOutcome
from bot.domain.transactions import Kind
from bot.service.mtn import get_answer, post_answer
from bot.service.throttle import Turn
from momo import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConfigurationError,
    ConnectionFailed,
    DuplicateReference,
    InvalidValue,
    MalformedResponse,
    MomoError,
    NotFound,
    Outcome,
    PermissionDenied,
    Product,
    RateLimited,
    Refused,
    ResponseLost,
    ServerError,
)
from tests.support.clock import LoopClock, on_virtual_time
from tests.support.till import Till, euros

NOT_TAKEN, REFUSED, DOUBT, ACCEPTED = (
    PostOutcome.NOT_TAKEN,
    PostOutcome.REFUSED,
    PostOutcome.DOUBT,
    PostOutcome.ACCEPTED,
)


def not_applied(error: MomoError) -> MomoError:
    """The error as it is when the token could not be fetched: the write never left."""
    error.outcome = Outcome.NOT_APPLIED
    return error


ERRORS: list[tuple[MomoError, PostOutcome, str]] = [
    (BadRequest(400), REFUSED, "BadRequest"),
    (PermissionDenied(403), REFUSED, "PermissionDenied"),
    (Refused(200, "FIREWALL"), REFUSED, "FIREWALL"),
    (Refused(500, "NOT_ENOUGH_FUNDS"), REFUSED, "NOT_ENOUGH_FUNDS"),
    (InvalidValue("amount", "positive"), REFUSED, "InvalidValue"),
    (DuplicateReference(409, "RESOURCE_ALREADY_EXIST"), ACCEPTED, "RESOURCE_ALREADY_EXIST"),
    (AuthenticationFailed(401), NOT_TAKEN, "AuthenticationFailed"),
    (AuthenticationFailed(401, gateway=True), NOT_TAKEN, "AuthenticationFailed"),
    (RateLimited(429), NOT_TAKEN, "RateLimited"),
    (ConnectionFailed("refused"), NOT_TAKEN, "ConnectionFailed"),
    (ConfigurationError("no credentials"), NOT_TAKEN, "ConfigurationError"),
    (not_applied(ResponseLost("token")), NOT_TAKEN, "ResponseLost"),
    (not_applied(ServerError(503)), NOT_TAKEN, "ServerError"),
    (not_applied(MalformedResponse("token", 200)), NOT_TAKEN, "MalformedResponse"),
    (ResponseLost("reset"), DOUBT, "ResponseLost"),
    (MalformedResponse("html", 502), DOUBT, "MalformedResponse"),
    (MalformedResponse("an unexpected success", 200), DOUBT, "MalformedResponse"),
    (ServerError(500, "INTERNAL_PROCESSING_ERROR"), DOUBT, "INTERNAL_PROCESSING_ERROR"),
    (ServerError(500, "SOMETHING_NEW"), DOUBT, "SOMETHING_NEW"),
    (ServerError(503, "SERVICE_UNAVAILABLE"), DOUBT, "SERVICE_UNAVAILABLE"),
    (NotFound(404, "RESOURCE_NOT_FOUND"), DOUBT, "RESOURCE_NOT_FOUND"),
    (ApiError(418), DOUBT, "ApiError"),
]


def subclasses(error: type[MomoError]) -> set[type[MomoError]]:
    return {error}.union(*(subclasses(kind) for kind in error.__subclasses__()))


def test_every_error_of_the_client_is_in_the_table() -> None:
    bases = {"MomoError", "TransportError"}
    assert {type(error).__name__ for error, _, _ in ERRORS} | bases == {kind.__name__ for kind in subclasses(MomoError)}


@pytest.mark.parametrize(("error", "outcome", "code"), ERRORS, ids=[f"{e!r}-{o.name}" for e, o, _ in ERRORS])
def test_what_an_error_says_about_an_attempt(error: MomoError, outcome: PostOutcome, code: str) -> None:
    answer = post_answer(error)
    assert (answer.outcome, answer.code) == (outcome, code)
    assert answer.http_status == getattr(error, "status", None)


@pytest.mark.parametrize("error", [error for error, _, _ in ERRORS], ids=repr)
def test_only_mtns_own_not_found_is_a_not_found(error: MomoError) -> None:
    answer = get_answer(error)
    assert answer.not_found == isinstance(error, NotFound)
    assert answer.result is None


def test_mtns_wish_to_wait_is_heard_within_reason() -> None:
    wishes = [post_answer(RateLimited(429, retry_after=seconds)).retry_after for seconds in (None, 30.0, 86400.0)]
    assert wishes == [timedelta(0), timedelta(seconds=30), timedelta(minutes=10)]
    assert get_answer(RateLimited(429, retry_after=7.0)).retry_after == timedelta(seconds=7)


# --- against the sandbox


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.REQUEST_TO_PAY])
async def test_what_is_sent_is_what_is_looked_up(till: Till, kind: Kind) -> None:
    txn = till.sent(kind)
    assert (await till.mtn.submit(txn, None)).outcome is ACCEPTED
    till.clock.forward(seconds=30)
    result = (await till.mtn.look(txn)).result
    assert result is not None
    assert (result.status.word, result.amount, result.external_id) == ("SUCCESSFUL", txn.amount, txn.reference_id)


async def test_a_refund_names_the_payment_it_gives_back(till: Till) -> None:
    paid = till.sent(Kind.REQUEST_TO_PAY, "50")
    await till.mtn.submit(paid, None)
    txn = till.draft(Kind.REFUND, "20", original=paid)
    assert (await till.mtn.submit(txn, paid.reference_id)).outcome is ACCEPTED
    assert till.sandbox.transactions[txn.reference_id].order.refunded_reference == paid.reference_id


async def test_a_deposit_is_sent_and_looked_up(till: Till) -> None:
    txn = till.sent(Kind.DEPOSIT)
    assert (await till.mtn.submit(txn, None)).outcome is ACCEPTED
    assert (await till.mtn.look(txn)).result is not None


async def test_the_callback_comes_to_a_path_only_mtn_was_told(till: Till) -> None:
    txn = till.sent()
    await till.mtn.submit(txn, None)
    url = till.sandbox.transactions[txn.reference_id].order.callback_url
    assert url == f"https://till.example/momo/callbacks/{txn.callback_token}"


async def test_a_balance_is_that_of_the_product(till: Till) -> None:
    assert await till.mtn.balance(Product.COLLECTION, None) == euros("1000000")


async def test_a_name_that_does_not_come_in_time_is_none(till: Till) -> None:
    till.sandbox.faults.add("status_503", operation="basic_user_info")
    assert await till.mtn.name_of(till.draft()) == ""


# --- MTN says that we call too often


@pytest.mark.parametrize(("wish", "pause"), [({"retry_after": 30}, 30), ({}, 2)], ids=str)
@pytest.mark.parametrize("operation", ["transfer", "transfer_status", "balance", "basic_user_info"])
async def test_when_mtn_says_that_we_call_too_often_every_call_waits(
    till: Till, operation: str, wish: dict[str, object], pause: int
) -> None:
    till.sandbox.faults.add("status_429", operation=operation, args=wish)
    txn, began = till.sent(), till.clock.seconds()
    await till.mtn.submit(txn, None)
    match operation:
        case "transfer_status":
            await till.mtn.look(txn)
        case "balance":
            with pytest.raises(RateLimited):
                await till.mtn.balance(Product.COLLECTION, None)
        case "basic_user_info":
            await till.mtn.name_of(txn)
    await till.mtn.turn(Turn.WRITE)
    assert pause <= till.clock.seconds() - began <= pause + 1


# --- the token


@pytest.mark.parametrize("fault", ["status_400", "status_401", "status_403", "status_500", "status_503", "lose_answer"])
async def test_a_token_mtn_does_not_give_is_no_refusal_of_the_payment(till: Till, fault: str) -> None:
    till.sandbox.faults.add(fault, operation="token")
    answer = await till.mtn.submit(till.sent(), None)
    assert answer.outcome is NOT_TAKEN
    assert till.sandbox.requests.count("transfer") == 0


@on_virtual_time
async def test_calls_that_waited_for_a_token_do_not_leave_together() -> None:
    till = Till(LoopClock(), per_second=5, sleep=asyncio.sleep)
    till.sandbox.faults.add("slow", operation="token", args={"seconds": 8})
    txn = till.sent()
    await asyncio.gather(*(till.mtn.look(txn) for _ in range(30)))
    left = [call.at for call in till.sandbox.requests.entries]
    assert len(left) == 31
    assert all(later - earlier >= 1 for earlier, later in zip(left, left[10:], strict=False))


@on_virtual_time
async def test_a_payment_that_could_not_leave_in_time_after_its_token_came_has_not_left() -> None:
    till = Till(LoopClock(), sleep=asyncio.sleep)
    till.sandbox.faults.add("slow", path="/disbursement/token/", args={"seconds": 3})
    till.sandbox.faults.add("status_429", operation="balance", args={"retry_after": 60})
    asking = asyncio.create_task(till.mtn.balance(Product.COLLECTION, None))
    answer = await till.mtn.submit(till.sent(), None)
    with pytest.raises(RateLimited):
        await asking
    assert (answer.outcome, answer.code) == (NOT_TAKEN, "Timeout")
    assert till.sandbox.requests.count("transfer") == 0
