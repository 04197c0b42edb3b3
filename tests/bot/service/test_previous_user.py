"""After a change of the MTN API user: what the one before sent is looked after, and sent again, only as that one."""

import pytest

from bot.domain.transactions import Kind, State, Transaction
from bot.service.mtn import Mtn
from bot.service.throttle import Throttle
from momo import Credentials, MomoClient, Product
from tests.support.till import PUBLIC_URL, Till


def client(till: Till, user: tuple[str, str]) -> MomoClient:
    credentials = Credentials(*user, "d" * 32)
    return MomoClient("https://momo.test", "sandbox", disbursement=credentials, transport=till.transport)


def changed(till: Till, *, keeping: bool) -> Mtn:
    """MTN after the disbursement API user was changed, with or without the one before."""
    before, now = till.users[Product.DISBURSEMENT], till.sandbox.provision("disbursement", "till.example")
    previous = {(Product.DISBURSEMENT, before.api_user): client(till, (before.api_user, before.api_key))}
    throttle = Throttle(1000, till.clock.seconds, till.sleep)
    users = {Product.DISBURSEMENT: now.api_user, Product.COLLECTION: till.users[Product.COLLECTION].api_user}
    return Mtn(client(till, (now.api_user, now.api_key)), throttle, PUBLIC_URL, users, previous if keeping else {})


async def lost(till: Till) -> Transaction:
    """A payment whose only attempt never arrived, 31 seconds ago."""
    txn = till.ready()
    till.sandbox.faults.add("drop_request", operation="transfer")
    await till.new_settlement().transmit(txn.id)
    till.clock.forward(seconds=31)
    return till.get(txn)


async def test_a_row_of_the_previous_user_is_polled_as_that_user(till: Till) -> None:
    txn = till.ready()
    await till.new_settlement().transmit(txn.id)
    till.clock.forward(minutes=1)
    await till.settlement_with(changed(till, keeping=True)).observe(txn.id)
    assert till.get(txn).state is State.SUCCESSFUL


async def test_a_row_of_the_previous_user_is_sent_again_as_that_user(till: Till) -> None:
    txn = await lost(till)
    worker = till.settlement_with(changed(till, keeping=True))
    await worker.observe(txn.id)
    after = till.get(txn)
    assert (after.state, after.attempts, after.api_user) == (State.PENDING, 2, txn.api_user)
    assert till.journal.lines[-1].api_user == txn.api_user
    till.clock.forward(minutes=1)
    await worker.observe(txn.id)
    assert till.get(txn).state is State.SUCCESSFUL  # which MTN tells to that user alone


async def test_without_its_user_a_row_goes_to_a_person(till: Till) -> None:
    txn = await lost(till)
    await till.settlement_with(changed(till, keeping=False)).observe(txn.id)
    assert (till.get(txn).state, till.get(txn).failure_code) == (State.REVIEW, "OTHER_API_USER")


@pytest.mark.parametrize("keeping", [True, False])
async def test_new_payments_go_out_under_the_new_user(till: Till, keeping: bool) -> None:
    mtn, txn = changed(till, keeping=keeping), till.ready()
    await till.settlement_with(mtn).transmit(txn.id)
    assert till.get(txn).api_user == mtn.api_user(Kind.TRANSFER) != till.users[Product.DISBURSEMENT].api_user


def test_a_user_of_one_product_is_none_of_another(till: Till) -> None:
    mtn = changed(till, keeping=True)
    before = till.users[Product.DISBURSEMENT].api_user
    assert mtn.has_user(Kind.TRANSFER, before)
    assert not mtn.has_user(Kind.REQUEST_TO_PAY, before)
