"""A transaction as a plain object, for rules that need no database."""

from datetime import timedelta
from typing import Any

from bot.domain.transactions import SEND_WITHIN, Kind, State, Transaction
from momo import Msisdn
from tests.support.clock import START
from tests.support.till import euros


def transaction(state: State = State.UNKNOWN, **changes: Any) -> Transaction:
    """A payment of 12.50 sent once at START, of which nobody knows whether MTN has it."""
    values: dict[str, Any] = {
        "id": 1,
        "reference_id": "8f3c2d1e-0000-4000-8000-000000000001",
        "short_code": "ABC234",
        "callback_token": "t" * 43,
        "kind": Kind.TRANSFER,
        "amount": euros("12.50"),
        "decimals": 2,
        "msisdn": Msisdn("46733123999"),
        "payee_name": "",
        "note": "Order 7",
        "desk_id": 1,
        "maker_id": 1,
        "original_id": None,
        "approvals_needed": 0,
        "self_approval": False,
        "state": state,
        "version": 2,
        "created_at": START,
        "expires_at": START + timedelta(minutes=5),
        "next_at": START,
        "lease_until": START,
        "hinted_at": START,
        "attempts": 1,
        "ambiguous": 1,
        "send_by": START + SEND_WITHIN,
        "last_sent_at": START,
    }
    return Transaction(**values | changes)
