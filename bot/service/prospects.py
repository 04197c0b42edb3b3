"""What confirming a transaction would mean for the till: its fee, what is left of the day's limits, the balance after.

None of it is a promise: the fee is the operator's own table, the balance the last one MTN told, and others pay too.
"""

from dataclasses import dataclass

from bot.domain.fees import fee_of
from bot.domain.limits import Scope
from bot.domain.policy import Policy
from bot.domain.transactions import State, Transaction
from bot.service import limits
from bot.store import balances, transactions
from bot.store.balances import Known
from bot.store.database import Tx
from bot.store.spending import Payer
from momo import Money, Product

UNDECIDED = frozenset({State.DRAFT, State.AWAITING_APPROVAL})


@dataclass(frozen=True, slots=True)
class Prospects:
    """Each is None where there is nothing to tell.

    ``left``: the least that is left of any limit on the day, after this. ``after``: what the account would hold, None
    also where ``balance`` is less than the amount.
    """

    fee: Money | None = None
    left: Money | None = None
    balance: Known | None = None
    after: Money | None = None


def of(tx: Tx, policy: Policy, txn: Transaction) -> Prospects | None:
    """Return what a transaction would mean; None where nobody decides on it any more."""
    if txn.state not in UNDECIDED:
        return None
    balance = _balance(tx, txn)
    return Prospects(
        fee=fee_of(policy.fees, txn.kind, txn.amount, txn.decimals),
        left=_left(tx, policy, txn),
        balance=balance,
        after=None if balance is None else _after(txn, balance.available),
    )


def _left(tx: Tx, policy: Policy, txn: Transaction) -> Money | None:
    if not txn.pays_out:
        return None
    payer = Payer(txn.maker_id, txn.desk_id, transactions.party_hash(tx.conn, txn.id))
    rooms = [room.amount for scope, room in limits.left(tx, policy, payer).items() if scope is not Scope.TRANSACTION]
    return Money(max(min(rooms) - txn.amount.amount, min(rooms) * 0), txn.amount.currency) if rooms else None


def _balance(tx: Tx, txn: Transaction) -> Known | None:
    account = (Product.DISBURSEMENT if txn.pays_out else Product.COLLECTION).value
    known = balances.known(tx.conn, txn.amount.currency)
    return next((balance for balance in known if balance.product == account), None)


def _after(txn: Transaction, available: Money) -> Money | None:
    if not txn.pays_out:
        return Money(available.amount + txn.amount.amount, available.currency)
    if available.amount < txn.amount.amount:
        return None
    return Money(available.amount - txn.amount.amount, available.currency)
