"""What must not happen, noticed: kept as evidence, told to the admins, and all sending stops until they have looked."""

from datetime import datetime
from typing import Any

import structlog

from bot.domain import freezing
from bot.domain.freezing import RIVAL_STAYS, Anomaly, Cause
from bot.domain.policy import Policy
from bot.domain.settling import GetAnswer
from bot.domain.transactions import Transaction
from bot.service import freeze, telling
from bot.store import anomalies, audit, freezes, observations
from bot.store.database import Tx
from bot.store.times import EPOCH

log = structlog.get_logger(__name__)


def note(tx: Tx, policy: Policy, kind: str, *, txn_id: int | None = None, **facts: Any) -> None:
    """Keep an anomaly and stop all sending. *facts* hold no personal data.

    Of one transaction each kind is noted once: what people have looked at does not stop them again. Of none, once
    in a stop.
    """
    frozen = freezes.in_force(tx.conn)
    since = EPOCH if txn_id is not None else frozen.at if frozen else tx.now
    if anomalies.seen(tx.conn, kind, txn_id, since):
        return
    # At error level: should the chat not be ours any more, the log still is.
    log.error("anomaly", kind=str(kind), txn_id=txn_id, **facts)
    anomalies.add(tx, kind, txn_id, facts)
    audit.append(tx, "anomaly", "bot", txn_id=txn_id, kind=kind, **facts)
    if not freeze.stop(tx, policy, Cause.ANOMALY, kind, txn_id=txn_id) and frozen:
        # Once of each kind: a hundred rows that all went wrong the same way are one piece of news.
        for chat_id in telling.every_admin_chat(tx, policy):
            telling.notice(tx, chat_id, "anomaly", dedupe=f"anomaly:{kind}:{frozen.id}:{chat_id}", reason=kind)


def compare(tx: Tx, policy: Policy, txn: Transaction, answer: GetAnswer) -> None:
    """Hold what MTN says of a transaction that is over against how it ended; the row stays as it is."""
    word = answer.result.status.word if answer.result else None
    observations.add(tx, txn.id, "GET", http_status=answer.http_status, code=answer.code, momo_status=word)
    kind = freezing.contradiction(txn, answer)
    if kind is not None:
        note(tx, policy, kind, txn_id=txn.id, ended=txn.state, says=word)


def met_rival(tx: Tx, policy: Policy, since: datetime | None) -> datetime:
    """Take note that another program fetches our updates, met without a break *since*; return since when.

    For a minute it may be ourselves, not quite gone yet.
    """
    if since is not None and tx.now - since >= RIVAL_STAYS:
        note(tx, policy, Anomaly.TOKEN_ELSEWHERE)
    return since or tx.now
