"""What of a payment can still be given back: paid, less refunded, less on its way."""

from bot.domain.purging import is_removed
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import Kind, State, Transaction
from bot.store import forgotten, transactions
from bot.store.database import Tx
from momo import Money


def left(tx: Tx, original: Transaction) -> Money:
    """Return the rest of a payment that can be refunded."""
    paid = original.amount.minor_units(original.decimals)
    claimed = transactions.refunds_claimed(tx.conn, original.id)
    rest = paid - claimed - forgotten.refunds_claimed(tx.conn, original.reference_id)
    return Money.from_minor(max(rest, 0), original.amount.currency, original.decimals)


def amount(tx: Tx, original: Transaction, wanted: Money | None) -> Money:
    """Return what to refund: what is wanted, or all the rest; refuse what cannot be.

    Raises:
        Refusal: the payment cannot be refunded, nothing is left, or more is wanted than is left.
    """
    if original.kind in (Kind.REFUND, Kind.WITHDRAW):
        raise Refusal(Why.NOT_REFUNDABLE_KIND, txn=original)
    if original.state is not State.SUCCESSFUL:
        raise Refusal(Why.NOT_SUCCESSFUL_YET, txn=original)
    if original.kind is not Kind.REQUEST_TO_PAY:
        raise Refusal(Why.TRANSFER_NOT_REFUNDABLE, txn=original)
    if is_removed(original.msisdn):
        raise Refusal(Why.NUMBER_REMOVED, txn=original)
    rest = left(tx, original)
    if not rest.amount:
        raise Refusal(Why.NOTHING_LEFT, txn=original)
    if wanted is not None and wanted.amount > rest.amount:
        raise Refusal(Why.MORE_THAN_LEFT, txn=original, left=rest)
    return wanted or rest


def demand_left(tx: Tx, refund: Transaction) -> None:
    """Refuse a refund whose amount is no longer left; anything but a refund passes."""
    if refund.original_id is not None:
        original = transactions.get(tx.conn, refund.original_id)
        claims_already = refund.state is State.AWAITING_APPROVAL
        rest = left(tx, original)
        mine = refund.amount.amount if claims_already else 0
        if refund.amount.amount > rest.amount + mine:
            raise Refusal(Why.MORE_THAN_LEFT, txn=original, left=rest)
