"""That the bot was started, with which rules, and stopped: written into the trail."""

from bot.domain.policy import Policy
from bot.store import audit
from bot.store.database import Tx


def started(tx: Tx, policy: Policy) -> None:
    """Write down that the bot starts, and the rules about people and money that the settings make from now on."""
    audit.append(
        tx,
        "bot started",
        "bot",
        owners=sorted(policy.owners),
        admin_chat=policy.admin_chat_id,
        approval_limit=None if policy.approval_limit is None else policy.approval_limit.wire(),
        new_admin_delay_seconds=policy.new_admin_delay.total_seconds(),
        single_person_refunds=policy.single_person_refunds,
        limits={scope.value: most.wire() for scope, most in policy.limits.items()},
        tiers=[list(tier) for tier in policy.tiers],
    )


def stopped(tx: Tx) -> None:
    """Write down that the bot was stopped, not killed."""
    audit.append(tx, "bot stopped", "bot")
