"""Who may do what. Authority is a numeric user id and a role in our own table, never a name or a chat."""

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """The four roles; owners come from the settings alone."""

    OWNER = "owner"
    ADMIN = "admin"
    CASHIER = "cashier"
    AUDITOR = "auditor"


class Right(IntEnum):
    """What a command or a button needs."""

    READ = 1  # status, history; numbers masked for auditors
    MOVE = 2  # pay, request, refund, cancel own
    APPROVE = 3  # approve and reject, cancel others'
    RULE = 4  # roles, desks
    AUDIT = 5  # the trail


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMIN: frozenset({Right.READ, Right.MOVE, Right.APPROVE, Right.AUDIT}),
    Role.CASHIER: frozenset({Right.READ, Right.MOVE}),
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
}


def allows(role: Role | None, right: Right) -> bool:
    """Tell whether *role* has *right*; nobody's role has none."""
    return role is not None and right in RIGHTS[role]
