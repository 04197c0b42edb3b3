"""What Collection has besides submitting and asking: notices to payers, and cancelling invoices and pre-approvals.

Also which pre-approvals somebody has given. Moves no money.
"""

from collections.abc import Iterator, Mapping

from momo.sandbox import replies
from momo.sandbox.access import Access
from momo.sandbox.call import Call
from momo.sandbox.checks import json_object_or_400, text_or_400, uuid4_or_400
from momo.sandbox.operations import INVOICE, PRE_APPROVAL, REQUEST_TO_PAY, Operation, Product
from momo.sandbox.settings import Settings
from momo.sandbox.statuses import moment
from momo.sandbox.timeline import Timeline
from momo.sandbox.wallet import SUCCESSFUL, Transaction, Wallet
from momo.wire import HttpResponse

_HOLDER_TYPES = {"msisdn": "MSISDN", "email": "EMAIL", "id": "ID", "alias": "ALIAS"}
_APPROVED, _CANCELLED, _EXPIRED = "APPROVED", "CANCELLED", "EXPIRED"
Names = Mapping[str, str]


class Collecting:
    """Answers those calls."""

    def __init__(self, access: Access, wallet: Wallet, settings: Settings, timeline: Timeline) -> None:
        self._access = access
        self._wallet = wallet
        self._settings = settings
        self._timeline = timeline
        self._notified: set[str] = set()
        self._cancellings: set[str] = set()
        self._cancelled: set[str] = set()

    def notify(self, call: Call, product: Product, names: Names) -> HttpResponse:
        """POST …/deliverynotification: one message to the payer of a successful request to pay."""
        user = self._access.authorised_user(call, product)
        text = text_or_400(json_object_or_400(call), "notificationMessage")
        if not text or not call.headers.get("notificationmessage"):
            raise replies.bad_request()
        paid = self._found(user.user_id, names["reference_id"], REQUEST_TO_PAY)
        if paid.status != SUCCESSFUL:
            raise replies.RefusalError(replies.empty(409))
        window = self._settings.notification_window
        if window and self._timeline.now() > (paid.finished_at or 0) + window:
            raise replies.RefusalError(replies.empty(410))
        if paid.reference_id in self._notified:
            raise replies.RefusalError(replies.empty(429))
        self._notified.add(paid.reference_id)
        return replies.empty(200)

    def cancel_invoice(self, call: Call, product: Product, names: Names) -> HttpResponse:
        """DELETE /v2_0/invoice/{ref}; the cancelling has a reference id of its own."""
        user = self._access.authorised_user(call, product)
        reference_id = uuid4_or_400(call.reference_id)
        external_id = text_or_400(json_object_or_400(call), "externalId")
        if external_id is None:
            raise replies.bad_request()
        bill = self._found(user.user_id, names["reference_id"], INVOICE)
        if reference_id in self._cancellings:
            raise replies.refused("RESOURCE_ALREADY_EXIST")
        if bill.is_final:  # MTN publishes no code for this
            raise replies.refused("NOT_ALLOWED")
        self._cancellings.add(reference_id)
        self._wallet.force(bill, "TRANSACTION_CANCELED")
        if self._settings.cancel_answers_200:
            return replies.as_json(200, {"externalId": external_id})
        return replies.empty(202)

    def pre_approvals(self, call: Call, product: Product, names: Names) -> HttpResponse:
        """GET /v1_0/preapprovals/{type}/{id}: what somebody has given; an empty list if nothing."""
        user = self._access.authorised_user(call, product)
        kind = _HOLDER_TYPES.get(names["kind"])
        if kind is None:
            raise replies.bad_request()
        party = {"partyIdType": kind, "partyId": names["account"]}
        given = [one for one in self._given(user.user_id) if one.order.party == party]
        return replies.as_json(200, [self._details(one) for one in given])

    def cancel_pre_approval(self, call: Call, product: Product, names: Names) -> HttpResponse:
        """DELETE /v1_0/preapproval/{id}: an approved one only."""
        user = self._access.authorised_user(call, product)
        for one in self._given(user.user_id):
            if one.financial_transaction_id == names["pre_approval_id"]:
                if self._standing(one) != _APPROVED:
                    raise replies.refused("NOT_ALLOWED")
                self._cancelled.add(one.reference_id)
                return replies.empty(200)
        raise replies.RefusalError(replies.empty(404))

    def _found(self, user_id: str, reference_id: str, operation: Operation) -> Transaction:
        found = self._wallet.find(user_id, Product.COLLECTION, uuid4_or_400(reference_id))
        if found is None or found.order.operation is not operation:
            raise replies.refused("RESOURCE_NOT_FOUND")
        return found

    def _given(self, user_id: str) -> Iterator[Transaction]:
        for one in self._wallet:
            order = one.order
            if order.operation is PRE_APPROVAL and order.owner == user_id and one.status == SUCCESSFUL:
                yield one

    def _standing(self, one: Transaction) -> str:
        if one.reference_id in self._cancelled:
            return _CANCELLED
        return _EXPIRED if self._timeline.now() > self._ends_at(one) else _APPROVED

    def _ends_at(self, one: Transaction) -> float:
        return (one.finished_at or 0) + (one.order.valid_for or 0)

    def _details(self, one: Transaction) -> dict[str, object]:
        party = one.order.party or {}
        return {
            "preApprovalId": one.financial_transaction_id,
            "toFri": f"FRI:{one.order.owner}/USER",
            "fromFri": f"FRI:{party.get('partyId')}/{party.get('partyIdType')}",
            "fromCurrency": one.order.currency,
            "createdTime": moment(one.created_at),
            "approvedTime": moment(one.finished_at or 0),
            "expiryTime": moment(self._ends_at(one)),
            "status": self._standing(one),
            "message": one.order.payer_message or "",
        }
