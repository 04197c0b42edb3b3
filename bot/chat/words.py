"""The words of the till for its own things: states, kinds and roles."""

from bot.chat.language import _, later
from bot.domain.roles import Role
from bot.domain.transactions import Kind, State, Transaction

STATE_WORDS = {
    State.DRAFT: later("waiting for Confirm"),
    State.AWAITING_APPROVAL: later("waiting for approval"),
    State.READY: later("being sent"),
    State.UNKNOWN: later("sent, waiting for MTN"),
    State.PENDING: later("waiting at MTN"),
    State.REVIEW: later("waiting for a person to look at it"),
    State.SUCCESSFUL: later("successful"),
    State.FAILED: later("failed"),
    State.REJECTED: later("failed, MTN refused it"),
    State.UNSENT: later("failed, it never reached MTN"),
    State.CANCELLED: later("cancelled"),
    State.EXPIRED: later("over, not confirmed or approved in time"),
}
KINDS = {
    Kind.TRANSFER: later("transfer"),
    Kind.DEPOSIT: later("deposit"),
    Kind.REFUND: later("refund"),
    Kind.REQUEST_TO_PAY: later("request to pay"),
    Kind.WITHDRAW: later("withdraw"),
}
ROLES = {
    Role.OWNER: later("owner"),
    Role.ADMIN: later("admin"),
    Role.CASHIER: later("cashier"),
    Role.AUDITOR: later("auditor"),
}


def state_word(txn: Transaction) -> str:
    """Return where a transaction stands in two or three words."""
    return _(STATE_WORDS[txn.state])


def kind_word(kind: Kind) -> str:
    """Return what kind of transaction it is."""
    return _(KINDS[kind])


def role_word(role: str) -> str:
    """Return the name of a role."""
    return _(ROLES[Role(role)])
