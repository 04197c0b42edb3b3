"""Saying in chat that MTN does not answer, and that it answers again, before anybody asks.

Of each of MTN's two products by itself: one may be away while the other works. What was told is a row, so a restart
tells nobody twice, and a till that needs MTN only later is told then.
"""

from datetime import timedelta

from bot.domain.policy import Policy
from bot.domain.settling import GetAnswer, PostAnswer, PostOutcome
from bot.domain.transactions import Kind
from bot.service import telling
from bot.service.mtn import PRODUCTS
from bot.store import codes, outages, people
from bot.store.database import Tx
from bot.store.times import to_ms

WORTH_SAYING = timedelta(minutes=3)
ASKED_AT_LEAST = 3
TOO_MANY, SERVER_ERRORS = 429, 500


def note(tx: Tx, policy: Policy, kind: Kind, answer: PostAnswer | GetAnswer) -> None:
    """Take what an answer, or none, says about whether MTN works."""
    service = f"mtn:{PRODUCTS[kind].value}"
    if is_answer(answer):
        _over(tx, service)
    elif answer.http_status != TOO_MANY:  # who asks too often hears nothing about MTN's health
        _missed(tx, policy, service)


def is_answer(answer: PostAnswer | GetAnswer) -> bool:
    """Tell whether MTN has answered the question, were it with a no."""
    status = answer.http_status
    if isinstance(answer, PostAnswer):
        clear = answer.outcome in (PostOutcome.ACCEPTED, PostOutcome.REFUSED)
    else:
        clear = answer.result is not None or answer.not_found
    return clear or (status is not None and status != TOO_MANY and 400 <= status < SERVER_ERRORS)


def _missed(tx: Tx, policy: Policy, service: str) -> None:
    outage = outages.missed(tx, service, tx.now)
    if outage.asked < ASKED_AT_LEAST or tx.now - outage.since < WORTH_SAYING:
        return
    told = outage.told or ()
    waiting = [desk.chat_id for desk in people.open_desks(tx.conn) if _open(tx, service, desk.id)]
    new = [chat for chat in dict.fromkeys([*telling.every_admin_chat(tx, policy), *waiting]) if chat not in told]
    for chat_id in new:
        telling.notice(tx, chat_id, "mtn_away", service=service, since_ms=to_ms(outage.since))
    outages.tell(tx, service, [*told, *new])


def _over(tx: Tx, service: str) -> None:
    over = outages.end(tx, service)
    if over is None or over.told is None:
        return
    minutes = (tx.now - over.since) // timedelta(minutes=1)
    for chat_id in over.told:
        desk = people.desk_of_chat(tx.conn, people.moved_to(tx.conn, chat_id), closed_too=True)
        still_open = None if desk is None else _open(tx, service, desk.id)
        telling.notice(tx, chat_id, "mtn_back", service=service, minutes=minutes, open=still_open)


def _open(tx: Tx, service: str, desk_id: int) -> list[str]:
    """Return the short codes of what a till waits for at this product."""
    kinds = [kind for kind, product in PRODUCTS.items() if service == f"mtn:{product.value}"]
    return codes.still_open(tx.conn, desk_id, kinds)
