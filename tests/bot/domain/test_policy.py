from dataclasses import replace

import pytest

from bot.domain.transactions import Kind
from momo import market_of
from tests.support.till import ADMIN, OWNER, POLICY, euros


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.DEPOSIT])
def test_a_payment_over_the_limit_needs_another_person(kind: Kind) -> None:
    assert POLICY.approvals_needed(kind, euros("100.01")) == 1


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.DEPOSIT])
def test_a_payment_of_just_the_limit_needs_nobody(kind: Kind) -> None:
    assert POLICY.approvals_needed(kind, euros("100.00")) == 0


def test_every_refund_needs_another_person() -> None:
    assert POLICY.approvals_needed(Kind.REFUND, euros("0.01")) == 1


def test_asking_a_customer_for_money_needs_nobody() -> None:
    assert POLICY.approvals_needed(Kind.REQUEST_TO_PAY, euros("9999")) == 0


def test_without_a_limit_only_refunds_need_another_person() -> None:
    unlimited = replace(POLICY, approval_limit=None)
    assert unlimited.approvals_needed(Kind.TRANSFER, euros("1000000")) == 0
    assert unlimited.approvals_needed(Kind.REFUND, euros("1")) == 1


def test_real_money_is_everywhere_but_in_the_sandbox() -> None:
    assert POLICY.is_sandbox
    assert not replace(POLICY, market=market_of("mtnuganda")).is_sandbox


# --- approving one's own


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("maker", [OWNER, ADMIN])
@pytest.mark.parametrize("allowed", [True, False])
def test_only_a_refund_only_by_an_owner_and_only_where_the_settings_allow_it_is_approved_by_its_maker(
    kind: Kind, maker: int, allowed: bool
) -> None:
    policy = replace(POLICY, single_person_refunds=allowed)
    assert policy.may_approve_own(kind, maker) == (kind is Kind.REFUND and maker == OWNER and allowed)
