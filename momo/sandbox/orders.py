"""Reads the body of a write and refuses what MTN refuses. Turns JSON into an Order; creates nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from momo.sandbox import bills, replies
from momo.sandbox.access import ApiUser
from momo.sandbox.call import Call
from momo.sandbox.checks import (
    amount_or_400,
    json_object_or_400,
    party_or_400,
    text_or_400,
    uuid4_or_400,
    uuid_or_400,
)
from momo.sandbox.magic import SUCCESS, Fate, fate_of_number
from momo.sandbox.operations import DEPOSIT, REFUND, Write
from momo.sandbox.settings import Settings
from momo.sandbox.wallet import Order, Wallet

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class OrderReader:
    """Reads orders under the rules of *settings*; looks up what a refund names in *wallet*."""

    settings: Settings
    wallet: Wallet

    def read(self, call: Call, user: ApiUser, write: Write) -> Order:
        """The order in *call*.

        Raises:
            RefusalError: with the answer MTN would give.
        """
        reference_id = self._reference_id(call, user)
        callback_url = self._callback_url(call, user)
        body = json_object_or_400(call)
        amount, currency = self._money(body, write)
        parts = {
            "external_id": self._external_id(body),
            "payer_message": self._note(body, "payerMessage"),
            "payee_note": self._note(body, "payeeNote"),
            **self._parts(body, write),
        }
        return Order(
            reference_id=reference_id,
            owner=user.user_id,
            product=write.product,
            operation=write.operation,
            amount=amount,
            currency=currency,
            callback_url=callback_url,
            callback_method=write.callback_method,
            **parts,
        )

    def _parts(self, body: Mapping[str, object], write: Write) -> dict[str, Any]:
        """What differs by operation."""
        if (read := bills.READERS.get(write.operation.name)) is not None:
            parts = read(body)
            self._fail_at_once(parts["fate"])
            return parts
        fate, party, refunded = self._target(body, write)
        return {"fate": fate, "party": party, "refunded_reference": refunded}

    def _reference_id(self, call: Call, user: ApiUser) -> str:
        reference_id = uuid4_or_400(call.reference_id)
        if reference_id == user.user_id and self.settings.refuse_user_id_as_reference:
            raise replies.bad_request()
        return reference_id

    def _callback_url(self, call: Call, user: ApiUser) -> str | None:
        """The URL to call back; its host must be the one the API user was made with."""
        url = call.headers.get("x-callback-url")
        if url is None:
            return None
        scheme, host = _scheme_and_host(url)
        if host != _host_of(user.callback_host):
            raise replies.refused("INVALID_CALLBACK_URL_HOST")
        # MTN's current pages want https; the loopback is for tests.
        if scheme != "https" and not (scheme == "http" and (host in LOOPBACK or self.settings.http_callbacks)):
            raise replies.bad_request()
        return url

    def _money(self, body: Mapping[str, object], write: Write) -> tuple[Decimal, str]:
        number, currency = bills.money_fields(body, write.operation)
        if not isinstance(currency, str):
            raise replies.bad_request()
        if currency != self.settings.currency:
            raise replies.refused("INVALID_CURRENCY")
        amount = amount_or_400(number)
        if amount <= 0 or amount != amount.quantize(Decimal(1).scaleb(-self.settings.decimals)):
            raise replies.bad_request()
        return amount, currency

    def _target(self, body: Mapping[str, object], write: Write) -> tuple[Fate, Mapping[str, str] | None, str | None]:
        """What will happen, to whom, and which payment is refunded (if it is a refund)."""
        if write.operation is REFUND:
            return self._refund_target(body)
        party = self._party(body, write)
        fate = fate_of_number(write.operation.fates, party["partyId"])
        self._fail_at_once(fate)
        return fate, party, None

    def _refund_target(self, body: Mapping[str, object]) -> tuple[Fate, Mapping[str, str] | None, str | None]:
        word = body.get("referenceIdToRefund")
        if not isinstance(word, str):
            raise replies.bad_request()
        if self.settings.refund_words and (fate := REFUND.fates.get(word)) is not None:
            self._fail_at_once(fate)
            return fate, None, None
        reference_id = str(uuid_or_400(word))
        payment = self.wallet.payment(reference_id)
        return SUCCESS, payment.order.party if payment else None, reference_id

    def _fail_at_once(self, fate: Fate) -> None:
        if fate.reason is not None and self.settings.magic_codes_at_once:
            raise replies.refused(fate.reason)

    def _party(self, body: Mapping[str, object], write: Write) -> Mapping[str, str]:
        name = write.operation.party_field
        takes_payer = write.operation is DEPOSIT and write.path.startswith("v1_0/")
        if name not in body and takes_payer and self.settings.v1_deposit_takes_payer:
            name = "payer"
        if name not in body:
            raise replies.bad_request()
        party = body[name] if body[name] is not None else {}
        if not isinstance(party, dict):
            raise replies.bad_request()
        return party_or_400(party.get("partyIdType"), party.get("partyId"))

    def _external_id(self, body: Mapping[str, object]) -> str | None:
        external_id = text_or_400(body, "externalId")
        if external_id and " " in external_id and self.settings.refuse_spaces_in_external_id:
            raise replies.bad_request()
        return external_id

    def _note(self, body: Mapping[str, object], name: str) -> str | None:
        note = text_or_400(body, name)
        if not note and self.settings.refuse_empty_notes:
            raise replies.refused("INTERNAL_PROCESSING_ERROR")
        return note


def _scheme_and_host(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise replies.bad_request() from None
    if not host:
        raise replies.bad_request()
    return parts.scheme, host


def _host_of(name: str) -> str:
    """The host in a providerCallbackHost, which people also write with a port or a scheme."""
    return urlsplit(name if "//" in name else f"//{name}").hostname or ""
