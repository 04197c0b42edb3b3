"""Following what a restored copy had forgotten: MTN is asked about each until it is over, and the admins are told.

Nothing here is ever submitted: there is no transaction, only the reference id that the journal kept.
"""

from typing import Any

from bot.domain import schedule
from bot.domain.mint import Entropy
from bot.domain.policy import Policy
from bot.domain.settling import GetAnswer
from bot.service import telling
from bot.service.mtn import Mtn
from bot.service.settlement import JITTER
from bot.store import audit, forgotten
from bot.store.database import Store, Tx
from bot.store.forgotten import FOLLOWED, NEVER_THERE, Forgotten
from bot.store.times import to_ms
from momo import TransactionResult

NOT_FOUND_NEEDED = 5
MISMATCH, OTHER_API_USER = "MISMATCH", "OTHER_API_USER"


class Follower:
    """Asks MTN about what was forgotten."""

    def __init__(self, store: Store, mtn: Mtn, entropy: Entropy, policy: Policy) -> None:
        self._store = store
        self._mtn = mtn
        self._entropy = entropy
        self._policy = policy

    async def ask(self, row: Forgotten) -> None:
        """Ask once, if we still have the API user it was sent under."""
        if not self._mtn.has_user(row.kind, row.api_user):
            await self._store.tx(lambda tx: put_off(tx, self._policy, row))
            return
        answer = await self._mtn.look_up(row.kind, row.reference_id, row.api_user)
        jitter = self._entropy.uniform(*JITTER)
        await self._store.tx(lambda tx: record(tx, self._policy, row.reference_id, answer, jitter))


def put_off(tx: Tx, policy: Policy, row: Forgotten) -> None:
    """Leave it for a day: under another API user MTN would not know it."""
    forgotten.change(tx, row, next_at=tx.now + schedule.IN_REVIEW)
    _tell(tx, policy, row, OTHER_API_USER)


def record(tx: Tx, policy: Policy, reference_id: str, answer: GetAnswer, jitter: float) -> None:
    """Keep what MTN said; once it is over, or does not fit, tell the admins."""
    row = forgotten.find(tx.conn, reference_id)
    if row is None or row.state != FOLLOWED:
        return
    changes: dict[str, Any] = {
        "polls": row.polls + 1,
        "next_at": tx.now + max(schedule.poll_delay(row.polls, jitter), answer.retry_after),
    }
    if answer.result is not None:
        changes |= {"not_found": 0, "first_not_found_at": None, **_found(tx, row, answer.result)}
    elif answer.not_found:
        changes |= _not_found(tx, row)
    forgotten.change(tx, row, **changes)
    news = changes.get("state", changes.get("word"))
    if news in (MISMATCH, NEVER_THERE) or "state" in changes:
        audit.append(tx, "forgotten found", "bot", reference_id=reference_id, word=news)
        _tell(tx, policy, row, str(news))


def _found(tx: Tx, row: Forgotten, result: TransactionResult) -> dict[str, Any]:
    other_amount = result.amount is not None and result.amount != row.amount
    if other_amount or (result.external_id and result.external_id != row.reference_id):
        return {"word": MISMATCH}
    word = result.status.word
    if not result.status.final:
        return {"word": word}
    financial_id = result.financial_transaction_id
    return {"word": word, "state": word, "final_at": tx.now, "financial_transaction_id": financial_id}


def _not_found(tx: Tx, row: Forgotten) -> dict[str, Any]:
    seen, first = row.not_found + 1, row.first_not_found_at or tx.now
    changes: dict[str, Any] = {"not_found": seen, "first_not_found_at": first}
    if seen >= NOT_FOUND_NEEDED and tx.now - first >= schedule.UNSENT_QUIET:
        changes |= {"state": NEVER_THERE, "final_at": tx.now}
    return changes


def _tell(tx: Tx, policy: Policy, row: Forgotten, news: str) -> None:
    """Tell the admins something about it, once."""
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(
            tx,
            chat_id,
            "forgotten",
            dedupe=f"forgotten:{row.reference_id}:{news}:{chat_id}",
            news=news,
            kind=row.kind,
            amount=str(row.amount.amount),
            currency=row.amount.currency,
            sent_at_ms=to_ms(row.sent_at),
            short_code=row.short_code,
        )
