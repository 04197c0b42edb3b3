"""What /limits says: what may leave at once and in a day, what of it is left, and whose approval it takes."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from bot.chat.formats import clock_time, money
from bot.chat.language import _, later, ngettext
from bot.domain.limits import Scope
from bot.domain.policy import Policy, Tier
from momo import Money, Msisdn

SCOPES = {
    Scope.TRANSACTION: later("One transaction"),
    Scope.PERSON: later("You, a day"),
    Scope.DESK: later("A till, a day"),
    Scope.PAYEE: later("One receiver, a day"),
}


def limits(policy: Policy, left: Mapping[Scope, Money], payee: Msisdn | None, new_day: datetime) -> str:
    """Return the limits and the approvals; *left* has what is left today, in the scopes that are asked about."""
    title = _("<b>What may leave, in payments and refunds</b>")
    return "\n".join([title, *_limits(policy, left, payee, new_day), _approvals(policy)])


def _limits(policy: Policy, left: Mapping[Scope, Money], payee: Msisdn | None, new_day: datetime) -> list[str]:
    if not policy.limits:
        return [_("No limit is set.")]
    lines = [_line(scope, policy, left, payee) for scope in Scope if scope in policy.limits]
    if policy.limits.keys() - {Scope.TRANSACTION}:
        begins = _("A new day begins at {time} ({zone}).")
        lines.append(begins.format(time=clock_time(new_day, policy.zone), zone=policy.zone.key))
    return lines


def _line(scope: Scope, policy: Policy, left: Mapping[Scope, Money], payee: Msisdn | None) -> str:
    named = _("{number}, a day").format(number=payee)
    whose = named if scope is Scope.PAYEE and payee else _(SCOPES[scope])
    if scope not in left:
        return _("{whose}: {limit}").format(whose=whose, limit=money(policy.limits[scope]))
    return _("{whose}: {limit}; {left} is left today").format(
        whose=whose, limit=money(policy.limits[scope]), left=money(left[scope])
    )


def _approvals(policy: Policy) -> str:
    """Return one line: what needs an approval, and how many from which amount on."""
    first, *higher = policy.tiers
    n = first.approvals
    if policy.approval_limit is None:
        needed = ngettext("Refunds need {n} approval.", "Refunds need {n} approvals.", n).format(n=n)
    else:
        needed = ngettext(
            "Refunds and payments over {limit} need {n} approval.",
            "Refunds and payments over {limit} need {n} approvals.",
            n,
        ).format(n=n, limit=money(policy.approval_limit))
    return " ".join([needed, *(_tier(tier, policy.market.currency) for tier in higher)])


def _tier(tier: Tier, currency: str) -> str:
    return ngettext("From {amount} on: {n} approval.", "From {amount} on: {n} approvals.", tier.approvals).format(
        amount=money(Money(Decimal(tier.start), currency)), n=tier.approvals
    )
