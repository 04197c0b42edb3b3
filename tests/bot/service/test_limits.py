"""Limits on what leaves: refused at every step, never exceeded by the sum of a day, given back by what did not move."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.limits import Limits, Scope
from bot.domain.policy import Tier
from bot.domain.refusals import Refusal, Why
from bot.domain.settling import PostOutcome
from bot.domain.transactions import Kind, State, Transaction
from bot.service.payments import Confirmed
from bot.store import transactions
from momo import Msisdn
from tests.support.till import ADMIN, CASHIER, NOT_FOUND, OTHER_CASHIER, OWNER, SECOND_ADMIN, Till, euros, says

LIVE = ("READY", "UNKNOWN", "PENDING", "REVIEW", "SUCCESSFUL")
OTHER = Msisdn("46733123998")


def over_limit() -> Any:
    return pytest.raises(Refusal, match=f"^{Why.OVER_LIMIT.value}$")


def limit(till: Till, scope: Scope, most: str, **changes: Any) -> None:
    limits: Limits = {scope: euros(most)}
    till.policy = replace(till.policy, limits=limits, **changes)


def spent(till: Till) -> int:
    """The live minor units charged to any day by the cashier."""
    sql = "SELECT sum(amount_minor) FROM txn WHERE maker_id = ? AND state IN (SELECT value FROM json_each(?))"
    return int(till.ask(sql, CASHIER, json.dumps(LIVE))[0] or 0)


def test_a_payment_of_the_limit_itself_passes_and_a_cent_more_does_not(till: Till) -> None:
    limit(till, Scope.TRANSACTION, "50")
    till.ready(amount="50")
    with over_limit():
        till.draft(amount="50.01")


@pytest.mark.parametrize(
    ("scope", "more"),
    [(Scope.PERSON, {"msisdn": OTHER}), (Scope.DESK, {"maker": OTHER_CASHIER}), (Scope.PAYEE, {"maker": OWNER})],
)
def test_a_days_sum_is_limited_for_a_maker_a_desk_and_a_receiver(
    till: Till, scope: Scope, more: dict[str, Any]
) -> None:
    limit(till, scope, "50")
    till.ready(amount="30")
    with over_limit() as refused:
        till.draft(amount="20.01", **more)
    assert refused.value.facts["left"] == euros("20")
    assert till.ready(amount="20", **more).state is State.READY


def test_somebody_elses_sum_is_another_one(till: Till) -> None:
    limit(till, Scope.PERSON, "50")
    till.ready(amount="50")
    assert till.ready(amount="50", maker=OTHER_CASHIER).state is State.READY


def test_money_that_comes_in_is_not_limited(till: Till) -> None:
    limit(till, Scope.PERSON, "50")
    assert till.ready(Kind.REQUEST_TO_PAY, "500").charged_on is None
    assert till.ready(amount="50").charged_on == "2026-01-05"


def test_what_was_typed_while_there_was_room_is_refused_at_confirm(till: Till) -> None:
    limit(till, Scope.PERSON, "50")
    first, second = till.draft(amount="30"), till.draft(amount="31")
    till.confirm(first)
    with over_limit():
        till.confirm(second)
    assert till.get(second).state is State.DRAFT


def test_what_was_confirmed_while_there_was_room_is_refused_at_approve(till: Till) -> None:
    limit(till, Scope.PERSON, "150")
    waiting = till.draft(amount="110")
    assert till.confirm(waiting) is Confirmed.ASKING_APPROVAL
    till.ready(amount="50", msisdn=OTHER)
    with over_limit():
        till.approve(waiting)
    assert till.get(waiting).state is State.AWAITING_APPROVAL


def test_an_approval_after_midnight_counts_on_the_new_day(till: Till) -> None:
    limit(till, Scope.PERSON, "150")
    till.clock.forward(hours=14)
    waiting = till.draft(amount="110")
    till.confirm(waiting)
    till.ready(amount="50", msisdn=OTHER)
    till.clock.forward(hours=2)
    assert till.approve(waiting).txn.charged_on == "2026-01-06"


def test_the_maker_is_charged_and_not_who_approves(till: Till) -> None:
    limit(till, Scope.PERSON, "150")
    txn = till.draft(amount="150")
    till.confirm(txn)
    till.approve(txn, ADMIN)
    assert till.ready(amount="90", maker=ADMIN).state is State.READY


def test_what_failed_gives_its_room_back_and_what_may_have_moved_does_not(till: Till) -> None:
    limit(till, Scope.PERSON, "50")
    txn = till.pending(amount="50")
    with over_limit():
        till.draft(amount="1")
    till.look(txn, says(txn, "FAILED"))
    assert till.ready(amount="50", msisdn=OTHER).state is State.READY


def test_fifty_small_ones_move_no_more_than_one_large_one(till: Till) -> None:
    limit(till, Scope.PERSON, "100")
    refused = 0
    for n in range(50):
        try:
            till.ready(amount="9", msisdn=Msisdn(f"467331230{n:02d}"))
        except Refusal:
            refused += 1
    assert (spent(till), refused) == (9900, 39)


def test_two_at_the_same_time_cannot_use_the_same_room(till: Till) -> None:
    limit(till, Scope.PERSON, "50")
    drafts = [till.draft(amount="30", msisdn=Msisdn(f"4673312300{n}")) for n in range(5)]
    ready = []
    for draft in reversed(drafts):
        try:
            ready.append(till.confirm(draft))
        except Refusal:
            continue
    assert ready == [Confirmed.SENDING]


@pytest.mark.parametrize("seed", range(30))
def test_in_whatever_order_things_happen_a_days_sum_stays_within_the_limit(till: Till, seed: int) -> None:
    chance = random.Random(seed)
    limit(till, Scope.PERSON, "300", approval_limit=euros("60"))
    mine: list[Transaction] = []
    for _ in range(60):
        _something(till, chance, mine)
        assert spent(till) <= 30000


def _something(till: Till, chance: random.Random, mine: list[Transaction]) -> None:
    txn = till.get(chance.choice(mine)) if mine and chance.random() < 0.7 else None
    try:
        if txn is None:
            msisdn = Msisdn(f"467331230{chance.randrange(100):02d}")
            mine.append(till.draft(amount=str(chance.randint(1, 120)), msisdn=msisdn))
        elif txn.state is State.DRAFT:
            till.confirm(txn, again=txn.repeat_asked)
        elif txn.state is State.AWAITING_APPROVAL:
            chance.choice((till.approve, till.reject))(txn)
        elif txn.state is State.READY:
            till.claim(txn)
        elif txn.state is State.UNKNOWN:
            till.post(txn, PostOutcome.ACCEPTED, http_status=202)
        elif txn.state is State.PENDING:
            till.look(txn, chance.choice((says(txn, "SUCCESSFUL"), says(txn, "FAILED"), NOT_FOUND)))
    except Refusal:
        return


# --- more than one approval


def test_a_large_payment_needs_as_many_people_as_its_tier_says(till: Till) -> None:
    till.policy = replace(till.policy, tiers=(Tier(0, 1), Tier(200, 2), Tier(500, 3)))
    needed = [till.policy.approvals_needed(Kind.TRANSFER, euros(a)) for a in ("100", "199.99", "200", "500")]
    assert needed == [0, 1, 2, 3]
    assert till.policy.approvals_needed(Kind.REFUND, euros("300")) == 2


def test_two_approvals_are_two_peoples(till: Till) -> None:
    till.policy = replace(till.policy, tiers=(Tier(0, 2),))
    txn = till.draft(amount="150")
    till.confirm(txn)
    assert till.approve(txn).missing == 1
    with pytest.raises(Refusal, match=Why.ALREADY.value):
        till.approve(txn)
    assert till.approve(txn, SECOND_ADMIN).txn.state is State.READY


def test_a_rejection_after_an_approval_stops_it(till: Till) -> None:
    till.policy = replace(till.policy, tiers=(Tier(0, 2),))
    txn = till.draft(amount="150")
    till.confirm(txn)
    till.approve(txn)
    till.reject(txn, SECOND_ADMIN)
    with pytest.raises(Refusal, match=Why.ALREADY.value):
        till.approve(txn, OWNER)
    assert till.get(txn).state is State.CANCELLED


@pytest.mark.parametrize(("count", "enough"), [(3, True), (4, False)])
def test_confirm_says_at_once_when_there_are_too_few_people(till: Till, count: int, enough: bool) -> None:
    till.policy = replace(till.policy, tiers=(Tier(0, count),))
    txn = till.draft(amount="150")
    if enough:
        till.confirm(txn)
    else:
        with pytest.raises(Refusal, match=Why.NOBODY_CAN_APPROVE.value):
            till.confirm(txn)
    assert till.get(txn).state is (State.AWAITING_APPROVAL if enough else State.DRAFT)


# --- the second wall


@pytest.mark.parametrize("day", [None, "today"])
def test_the_database_lets_no_money_leave_that_is_charged_to_no_day(till: Till, day: str | None) -> None:
    txn = till.draft()
    with pytest.raises(Exception, match=r"charged|CHECK"):
        till.do(lambda tx: _make_ready(tx, txn, day))


def test_a_charge_never_moves_to_another_day(till: Till) -> None:
    txn = till.ready()
    with pytest.raises(Exception, match="charged to a day when it becomes READY"):
        till.ask("UPDATE txn SET charged_on = '2026-01-06' WHERE id = ?", txn.id)


def _make_ready(tx: Any, txn: Transaction, day: str | None) -> None:
    transactions.move(tx, txn, State.READY, "test", charged_on=day)
