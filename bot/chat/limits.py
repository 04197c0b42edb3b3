"""What /limits says: what may leave at once and in a day, what of it is left, and whose approval it takes."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from bot.chat.formats import clock_time, money
from bot.domain.limits import Scope
from bot.domain.policy import Policy
from momo import Money, Msisdn

SCOPES = {
    Scope.TRANSACTION: "One transaction",
    Scope.PERSON: "You, a day",
    Scope.DESK: "A till, a day",
    Scope.PAYEE: "One receiver, a day",
}


def limits(policy: Policy, left: Mapping[Scope, Money], payee: Msisdn | None, new_day: datetime) -> str:
    """Return the limits and the approvals; *left* has what is left today, in the scopes that are asked about."""
    return "\n".join(
        ["<b>What may leave, in payments and refunds</b>", *_limits(policy, left, payee, new_day), _approvals(policy)]
    )


def _limits(policy: Policy, left: Mapping[Scope, Money], payee: Msisdn | None, new_day: datetime) -> list[str]:
    if not policy.limits:
        return ["No limit is set."]
    lines = [_line(scope, policy, left, payee) for scope in Scope if scope in policy.limits]
    if policy.limits.keys() - {Scope.TRANSACTION}:
        lines.append(f"A new day begins at {clock_time(new_day, policy.zone)} ({policy.zone.key}).")
    return lines


def _line(scope: Scope, policy: Policy, left: Mapping[Scope, Money], payee: Msisdn | None) -> str:
    whose = f"{payee}, a day" if scope is Scope.PAYEE and payee else SCOPES[scope]
    rest = f"; {money(left[scope])} is left today" if scope in left else ""
    return f"{whose}: {money(policy.limits[scope])}{rest}"


def _approvals(policy: Policy) -> str:
    """Return one line: what needs an approval, and how many from which amount on."""
    over = f" and payments over {money(policy.approval_limit)}" if policy.approval_limit is not None else ""
    first, *higher = policy.tiers
    counts = [
        f"From {money(Money(Decimal(t.start), policy.market.currency))} on: {_count(t.approvals)}." for t in higher
    ]
    return " ".join([f"Refunds{over} need {_count(first.approvals)}.", *counts])


def _count(approvals: int) -> str:
    return f"{approvals} approval{'' if approvals == 1 else 's'}"
