"""Whether MTN takes our keys: the admins are told once when it does not, and again only after it did in between."""

import structlog

from bot.domain.policy import Policy
from bot.domain.transactions import Kind
from bot.service import telling
from bot.service.mtn import PRODUCTS
from bot.store import facts
from bot.store.database import Tx

UNAUTHORISED = 401
# One refusal may be a token that ran out on the way; the next call has a new one.
WORTH_SAYING = 2

log = structlog.get_logger(__name__)


def note(tx: Tx, policy: Policy, kind: Kind, http_status: int | None) -> None:
    """Take what an answer says about the key it was asked with; no answer says nothing."""
    product = PRODUCTS[kind]
    name = f"key_refused:{product.value}"
    refused = int(facts.get(tx.conn, name) or 0)
    if http_status == UNAUTHORISED:
        facts.put(tx.conn, name, str(refused + 1))
        if refused + 1 == WORTH_SAYING:
            _alert(tx, policy, product.value)
    elif http_status is not None and refused:
        facts.put(tx.conn, name, "0")


def _alert(tx: Tx, policy: Policy, product: str) -> None:
    log.error("MTN refuses our key", product=product)
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat_id, "key_refused", product=product, prefix=f"MOMO_{product.upper()}")
