"""The routes under /_sandbox/: how tests and demos look into the sandbox and steer it. JSON in, JSON out.

    GET    /_sandbox/                           a page to look at: accounts, transactions, callbacks
    GET    /_sandbox/routes                     this list
    GET    /_sandbox/transactions               every transaction, oldest first
    POST   /_sandbox/transactions/{ref}/outcome {"status": "SUCCESSFUL"} or {"status": "FAILED", "reason": CODE}
    GET    /_sandbox/effects                    every movement of money, and the balances
    GET    /_sandbox/requests                   counts by operation, path and reference id, and the last requests
    GET    /_sandbox/callbacks                  callbacks that were tried, and how they were answered
    POST   /_sandbox/callbacks/forge            {"url", "body", "method": "PUT", "delay": 0}
    GET    /_sandbox/faults                     rules in force, and the names of all faults
    POST   /_sandbox/faults                     {"name", "match": {"method", "path", "operation", "reference_id"},
                                                "count": 1 or null, "skip": 0, "probability": 1, "args": {}}
    DELETE /_sandbox/faults                     nothing goes wrong any more
    POST   /_sandbox/clock                      {"advance": seconds}
    GET    /_sandbox/settings                   the switches (`settings.py`)
    POST   /_sandbox/settings                   {name: value, …}
    POST   /_sandbox/provision                  {"product", "callback_host"}: an API user and its key
    POST   /_sandbox/reset                      forget everything but settings and clock

A refusal is 400 or 404 with {"error": sentence}. MTN has no path that begins like these.
"""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from momo.sandbox import page, replies
from momo.sandbox.call import Call
from momo.sandbox.fault_plan import MATCH_NAMES
from momo.sandbox.faults import FAULTS
from momo.sandbox.operations import Product
from momo.sandbox.statuses import status_fields, wire_amount
from momo.sandbox.wallet import FAILED, SUCCESSFUL, Transaction
from momo.wire import HttpResponse

if TYPE_CHECKING:
    from momo.sandbox.core import Sandbox

PREFIX = "/_sandbox/"
_OUTCOME = re.compile(r"transactions/([^/]+)/outcome")


class Control:
    """Answers the control routes of one sandbox."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], object]] = {
            ("GET", "routes"): lambda _: {"routes": (__doc__ or "").splitlines()},
            ("GET", "transactions"): self._transactions,
            ("GET", "effects"): self._effects,
            ("GET", "requests"): self._requests,
            ("GET", "callbacks"): self._callbacks,
            ("POST", "callbacks/forge"): self._forge,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "clock"): self._advance,
            ("GET", "settings"): lambda _: sandbox.settings.as_dict(),
            ("POST", "settings"): self._change_settings,
            ("POST", "provision"): self._provision,
            ("POST", "reset"): self._reset,
        }

    def answer(self, call: Call) -> HttpResponse:
        """The answer to a call under /_sandbox/."""
        path = call.path.removeprefix(PREFIX)
        if (call.method, path) == ("GET", ""):
            return page.shown(self._sandbox)
        try:
            body = _json_object(call.body)
            if call.method == "POST" and (match := _OUTCOME.fullmatch(path)):
                return replies.as_json(200, self._force(match[1], body))
            if (route := self._routes.get((call.method, path))) is None:
                return replies.as_json(404, {"error": f"no control route {call.method} {call.path}"})
            return replies.as_json(200, route(body))
        except KeyError as missing:
            return replies.as_json(400, {"error": f"missing: {missing}"})
        except (ValueError, TypeError) as problem:
            return replies.as_json(400, {"error": str(problem)})

    def _transactions(self, _: dict[str, Any]) -> object:
        return {"transactions": [self._shown(transaction) for transaction in self._sandbox.wallet]}

    def _shown(self, transaction: Transaction) -> dict[str, object]:
        order = transaction.order
        return {
            "referenceId": transaction.reference_id,
            "operation": order.operation.name,
            "product": order.product,
            "apiUser": order.owner,
            "createdAt": transaction.created_at,
            "finishedAt": transaction.finished_at,
            "callbackUrl": order.callback_url,
            "referenceIdToRefund": order.refunded_reference,
            **status_fields(transaction, self._sandbox.settings),
        }

    def _force(self, reference_id: str, body: dict[str, Any]) -> object:
        transaction = self._sandbox.transactions.get(reference_id.lower())
        if transaction is None:
            raise ValueError(f"no transaction {reference_id}")
        if (status := body["status"]) not in {SUCCESSFUL, FAILED}:
            raise ValueError(f"status is {SUCCESSFUL} or {FAILED}, not {status!r}")
        reason = str(body.get("reason", "INTERNAL_PROCESSING_ERROR")) if status == FAILED else None
        self._sandbox.wallet.force(transaction, reason)
        return self._shown(transaction)

    def _effects(self, _: dict[str, Any]) -> object:
        ledger = self._sandbox.ledger
        return {
            "effects": [
                {
                    "referenceId": effect.reference_id,
                    "operation": effect.operation,
                    "amount": wire_amount(effect.amount),
                    "change": wire_amount(effect.change),
                    "currency": effect.currency,
                    "party": effect.party,
                    "account": effect.account,
                    "at": effect.at,
                }
                for effect in ledger.effects
            ],
            "balances": {product.value: wire_amount(ledger.balance(product)) for product in Product},
        }

    def _requests(self, _: dict[str, Any]) -> object:
        journal = self._sandbox.requests
        return {
            "byOperation": journal.by_operation(),
            "byPath": journal.by_path(),
            "byReferenceId": journal.by_reference(),
            "last": [
                {
                    "at": entry.at,
                    "method": entry.method,
                    "path": entry.path,
                    "operation": entry.operation,
                    "referenceId": entry.reference_id,
                    "bodySha256": entry.body_sha256,
                    "status": entry.status,
                    "cut": entry.cut.value if entry.cut else None,
                    "fault": entry.fault,
                }
                for entry in journal.entries
            ],
        }

    def _callbacks(self, _: dict[str, Any]) -> object:
        return {
            "callbacks": [
                {
                    "referenceId": delivery.callback.reference_id,
                    "method": delivery.callback.method,
                    "url": delivery.callback.url,
                    "body": delivery.callback.body.decode(),
                    "attempt": delivery.callback.attempt,
                    "status": delivery.status,
                }
                for delivery in self._sandbox.callbacks.deliveries
            ]
        }

    def _forge(self, body: dict[str, Any]) -> object:
        delay = float(body.get("delay", 0))
        callback = self._sandbox.callbacks.forge(str(body["url"]), body["body"], str(body.get("method", "PUT")), delay)
        return {"url": callback.url, "at": callback.at}

    def _faults(self, _: dict[str, Any]) -> object:
        rules = [
            {
                "name": rule.name,
                "match": {name: getattr(rule.match, name) for name in sorted(MATCH_NAMES)},
                "count": rule.count,
                "skip": rule.skip,
                "probability": rule.probability,
            }
            for rule in self._sandbox.faults.rules
        ]
        return {"rules": rules, "names": {name: fault.__doc__ for name, fault in FAULTS.items()}}

    def _add_fault(self, body: dict[str, Any]) -> object:
        self._sandbox.faults.add_rule(body)
        return self._faults({})

    def _clear_faults(self, _: dict[str, Any]) -> object:
        self._sandbox.faults.clear()
        return {"rules": []}

    def _advance(self, body: dict[str, Any]) -> object:
        self._sandbox.timeline.advance(float(body["advance"]))
        self._sandbox.timeline.catch_up()
        return {"now": self._sandbox.timeline.now()}

    def _change_settings(self, body: dict[str, Any]) -> object:
        self._sandbox.settings.update(body)
        return self._sandbox.settings.as_dict()

    def _provision(self, body: dict[str, Any]) -> object:
        host = str(body.get("callback_host", "localhost"))
        user, key = self._sandbox.provision(str(body["product"]), host)
        return {"apiUser": user, "apiKey": key}

    def _reset(self, _: dict[str, Any]) -> object:
        self._sandbox.reset()
        return {}


def _json_object(body: bytes) -> dict[str, Any]:
    data = json.loads(body) if body else {}
    if not isinstance(data, dict):
        raise TypeError("the body is not a JSON object")
    return data
