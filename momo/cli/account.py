"""The merchant's account as the environment names it: the same names as the bot's. Sends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from momo.client import MomoClient
from momo.errors import ConfigurationError
from momo.markets import Market, market_of
from momo.models import Credentials, Product
from momo.money import Money

_KEYS = ("API_USER", "API_KEY", "SUBSCRIPTION_KEY")


@dataclass(frozen=True, slots=True)
class Account:
    """Where MTN is, and who we are there.

    Raises:
        ConfigurationError: a file cannot be read, or the currency is not known.
    """

    environment: Mapping[str, str]
    base_url: str
    market: Market

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Read the environment; without any it is the sandbox on this machine."""
        base_url = _value(environment, "MOMO_BASE_URL") or "http://127.0.0.1:9000"
        target = _value(environment, "MOMO_TARGET_ENVIRONMENT") or "sandbox"
        return cls(environment, base_url, market_of(target, _value(environment, "MOMO_CURRENCY") or None))

    @property
    def target_environment(self) -> str:
        """What X-Target-Environment says."""
        return self.market.target_environment

    @property
    def callback_host(self) -> str | None:
        """The host that callbacks go to; None without a PUBLIC_URL."""
        return urlsplit(_value(self.environment, "PUBLIC_URL")).hostname

    def money(self, amount: str) -> Money:
        """An amount of the account's currency."""
        return Money.parse(amount, self.market.currency)

    def subscription_key(self, product: Product) -> str:
        """The subscription key of a product; empty if there is none."""
        return _value(self.environment, f"MOMO_{product.name}_SUBSCRIPTION_KEY")

    def products(self) -> list[Product]:
        """The products of which at least an API user or key is named."""
        names = ("API_USER", "API_KEY")
        return [each for each in Product if any(_value(self.environment, f"MOMO_{each.name}_{name}") for name in names)]

    def credentials(self, product: Product) -> Credentials:
        """The keys of a product.

        Raises:
            ConfigurationError: one is missing; its name is in the message.
        """
        names = [f"MOMO_{product.name}_{key}" for key in _KEYS]
        values = [_value(self.environment, name) for name in names]
        if missing := [name for name, value in zip(names, values, strict=True) if not value]:
            raise ConfigurationError(
                f"{', '.join(missing)} not set: `python -m momo provision` makes them for a sandbox"
            )
        return Credentials(*values)

    def client(self, product: Product) -> MomoClient:
        """A client of one product."""
        credentials = self.credentials(product)
        return MomoClient(
            self.base_url,
            self.target_environment,
            market=self.market,
            collection=credentials if product is Product.COLLECTION else None,
            disbursement=credentials if product is Product.DISBURSEMENT else None,
            remittance=credentials if product is Product.REMITTANCE else None,
        )


def _value(environment: Mapping[str, str], name: str) -> str:
    """A variable, or what stands in the file that NAME_FILE names."""
    if value := environment.get(name, "").strip():
        return value
    if not (path := environment.get(f"{name}_FILE", "").strip()):
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise ConfigurationError(f"the file that {name}_FILE names cannot be read") from None
