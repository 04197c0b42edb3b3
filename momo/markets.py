"""Where MTN runs the API: currency, decimals and phone numbers of each target environment. Data, and two rules."""

from dataclasses import dataclass, replace

from momo import checks
from momo.errors import ConfigurationError, InvalidValue
from momo.money import Money
from momo.msisdn import Msisdn

# ISO 4217: currencies that do not have two decimals.
_NO_DECIMALS = {
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"),
    *("XAF", "XOF", "XPF"),
}
_THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


@dataclass(frozen=True, slots=True)
class Market:
    """One target environment.

    Attributes:
        target_environment: what X-Target-Environment says.
        country: its English name.
        currency: ISO 4217.
        decimals: how many the currency has (ISO 4217).
        calling_code: without "+"; None where there is none, as in the sandbox.
        national_digits: digits after the calling code; None where they are not fixed.
    """

    target_environment: str
    country: str
    currency: str
    decimals: int
    calling_code: str | None = None
    national_digits: int | None = None

    def demand(self, amount: Money) -> None:
        """Return if the market could take such an amount.

        Raises:
            InvalidValue: it is of another currency, or has more decimals than the currency.
        """
        if amount.currency != self.currency:
            raise InvalidValue("currency", f"{self.currency} in {self.target_environment}", amount.currency)
        amount.minor_units(self.decimals)

    def demand_number(self, msisdn: Msisdn) -> None:
        """Return if such a number could be of this market. MTN itself takes the order, and fails it later.

        Raises:
            InvalidValue: it has another calling code, or more or fewer digits than the country's numbers.
        """
        code, digits, number = self.calling_code, self.national_digits, str(msisdn)
        if code is not None and not number.startswith(code):
            raise InvalidValue("msisdn", f"a number of {self.country}, +{code}", msisdn.masked())
        if code is not None and digits is not None and len(number) != len(code) + digits:
            raise InvalidValue("msisdn", f"{digits} digits after +{code}", msisdn.masked())


def decimals_of(currency: str) -> int:
    """How many decimals a currency has."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def _market(target: str, country: str, currency: str, code: str | None, digits: int | None) -> Market:
    return Market(target, country, currency, decimals_of(currency), code, digits)


# Environments: MTN's list of X-Target-Environment values. Numbering plans: those of the countries.
# Liberia has two currencies; which one an account uses has to be configured.
_MARKETS = {
    market.target_environment: market
    for market in (
        _market("sandbox", "Sandbox", "EUR", None, None),
        _market("mtnbenin", "Benin", "XOF", "229", 10),
        _market("mtncameroon", "Cameroon", "XAF", "237", 9),
        _market("mtncongo", "Congo-Brazzaville", "XAF", "242", 9),
        _market("mtnghana", "Ghana", "GHS", "233", 9),
        _market("mtnguineaconakry", "Guinea", "GNF", "224", 9),
        _market("mtnivorycoast", "Côte d'Ivoire", "XOF", "225", 10),
        _market("mtnliberia", "Liberia", "LRD", "231", 9),
        _market("mtnnigeria", "Nigeria", "NGN", "234", 10),
        _market("mtnrwanda", "Rwanda", "RWF", "250", 9),
        _market("mtnsouthafrica", "South Africa", "ZAR", "27", 9),
        _market("mtnsouthsudan", "South Sudan", "SSP", "211", 9),
        _market("mtnswaziland", "Eswatini", "SZL", "268", 8),
        _market("mtnuganda", "Uganda", "UGX", "256", 9),
        _market("mtnzambia", "Zambia", "ZMW", "260", 9),
    )
}

_TWO_CURRENCIES = {"mtnliberia"}


def market_of(target_environment: str, currency: str | None = None) -> Market:
    """Look a target environment up. MTN may open new ones, so an unknown name is fine if its currency is told.

    Args:
        target_environment: such as "mtnuganda" or "sandbox".
        currency: overrides the usual currency; needed for an unknown environment.

    Raises:
        ConfigurationError: the environment is unknown and no currency is given, or the currency is none.
    """
    known = _MARKETS.get(target_environment)
    if currency is None:
        if known is None:
            raise ConfigurationError(f"target environment {target_environment!r} is unknown: name its currency")
        return known
    _demand_currency(currency)
    if known is None:
        return _market(target_environment, target_environment, currency, None, None)
    return replace(known, currency=currency, decimals=decimals_of(currency))


def known_market(target_environment: str) -> Market | None:
    """The market of a target environment if there is no doubt about its currency."""
    return None if target_environment in _TWO_CURRENCIES else _MARKETS.get(target_environment)


def _demand_currency(currency: str) -> None:
    try:
        checks.currency("currency", currency)
    except InvalidValue as error:
        raise ConfigurationError(str(error)) from None
