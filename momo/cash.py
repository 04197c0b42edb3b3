"""Cash transfers of Remittance: a transfer with what the law wants to know about its sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from momo import answers, checks, wire
from momo.money import Money
from momo.msisdn import Msisdn
from momo.orders import Holder, Movement, party_fields, plain_or_none, positive
from momo.results import CashTransferResult
from momo.wire import HttpResponse, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTransfer(Movement[CashTransferResult]):
    """Send money from abroad, with what the law wants to know about its sender. All of that may be left out.

    Attributes:
        originating_country: where the money comes from.
        original_amount: what the sender paid in their own currency.
        identification_type: PASS, DRLC, IDCD and the like, as MTN lists them.
        email, msisdn, gender and so on: of the sender.
    """

    operation: ClassVar[Operation] = wire.CASH_TRANSFER
    payee: Holder
    originating_country: str | None = None
    original_amount: Money | None = None
    identification_type: str | None = None
    identification_number: str | None = field(default=None, repr=False)
    identity: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    surname: str | None = field(default=None, repr=False)
    language_code: str | None = None
    email: str | None = field(default=None, repr=False)
    msisdn: Msisdn | None = None
    gender: str | None = None

    def subject(self) -> Mapping[str, Any]:
        """The payee and the sender."""
        return {"payee": party_fields("payee", self.payee), **self._original(), **self._sender()}

    def _original(self) -> dict[str, str]:
        if self.original_amount is None:
            return {}
        original = positive("original_amount", self.original_amount)
        return {"originalAmount": original.wire(), "originalCurrency": original.currency}

    def _sender(self) -> dict[str, str]:
        told = {
            # Source: schema CashTransfer, which spells the first of them so.
            "orginatingCountry": plain_or_none("originating_country", self.originating_country),
            "payerIdentificationType": plain_or_none("identification_type", self.identification_type),
            "payerIdentificationNumber": plain_or_none("identification_number", self.identification_number),
            "payerIdentity": plain_or_none("identity", self.identity),
            "payerFirstName": plain_or_none("first_name", self.first_name),
            "payerSurName": plain_or_none("surname", self.surname),
            "payerLanguageCode": plain_or_none("language_code", self.language_code),
            "payerEmail": None if self.email is None else checks.email("email", self.email),
            "payerMsisdn": None if self.msisdn is None else str(checks.instance("msisdn", self.msisdn, Msisdn)),
            "payerGender": plain_or_none("gender", self.gender),
        }
        return {name: value for name, value in told.items() if value is not None}

    @staticmethod
    def read(response: HttpResponse) -> CashTransferResult:
        """Read where it stands."""
        return answers.read_cash_transfer(response)
