"""The limits on what leaves the merchant: refused in words at every step, reserved when a transaction becomes READY.

A sum holds what moved, what perhaps moved and what is about to; what ended without moving money gives its room back.
"""

from typing import Any

from bot.domain import limits
from bot.domain.limits import Scope
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import Transaction
from bot.store import spending, transactions
from bot.store.database import Tx
from bot.store.spending import Payer
from momo import Money


def left(tx: Tx, policy: Policy, payer: Payer) -> dict[Scope, Money]:
    """Return what of each limit is left today."""
    spent = spending.on(tx.conn, limits.day_of(tx.now, policy.zone), payer)
    sums = {Scope.PERSON: spent.person, Scope.DESK: spent.desk, Scope.PAYEE: spent.payee}
    market = policy.market
    return limits.rooms(
        policy.limits, {scope: Money.from_minor(sum_, market.currency, market.decimals) for scope, sum_ in sums.items()}
    )


def demand_room(tx: Tx, policy: Policy, txn: Transaction) -> None:
    """Refuse what is more than a limit leaves today; money that comes in passes.

    Raises:
        Refusal: OVER_LIMIT, with the transaction, the limit's scope and amount, what is left, and the next day's start.
    """
    if not (txn.pays_out and policy.limits):
        return
    room = left(tx, policy, Payer(txn.maker_id, txn.desk_id, transactions.party_hash(tx.conn, txn.id)))
    scope = limits.tightest(room, txn.amount)
    if scope is not None:
        again_at = limits.next_day(tx.now, policy.zone).astimezone(policy.zone)
        limit = policy.limits[scope]
        raise Refusal(Why.OVER_LIMIT, scope=scope, limit=limit, left=room[scope], again_at=again_at, txn=txn)


def charge(tx: Tx, policy: Policy, txn: Transaction) -> dict[str, Any]:
    """Return what charges a transaction to today as it becomes READY.

    The caller has demanded room in this same database transaction: nobody can come between.
    """
    return {"charged_on": limits.day_of(tx.now, policy.zone).isoformat()} if txn.pays_out else {}
