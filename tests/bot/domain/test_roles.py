import pytest

from bot.domain.roles import RIGHTS, Right, Role, allows


@pytest.mark.parametrize("right", Right)
def test_nobody_has_no_right(right: Right) -> None:
    assert not allows(None, right)


def test_every_role_may_read() -> None:
    assert all(allows(role, Right.READ) for role in Role)


def test_an_auditor_moves_nothing() -> None:
    assert RIGHTS[Role.AUDITOR] == {Right.READ, Right.AUDIT}


def test_a_cashier_does_not_approve() -> None:
    assert not allows(Role.CASHIER, Right.APPROVE)


def test_only_an_owner_rules() -> None:
    assert {role for role in Role if allows(role, Right.RULE)} == {Role.OWNER}


def test_each_role_has_all_the_rights_of_the_one_below() -> None:
    assert RIGHTS[Role.CASHIER] < RIGHTS[Role.ADMIN] < RIGHTS[Role.OWNER]
    assert RIGHTS[Role.AUDITOR] < RIGHTS[Role.ADMIN]
