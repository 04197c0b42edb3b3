"""MomoClient: opens and closes everything, and hands out the typed products."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

from momo import checks
from momo.collection import CollectionClient
from momo.disbursement import DisbursementClient
from momo.errors import ConfigurationError, InvalidValue, NotFound
from momo.exchange import Exchange, Pace
from momo.markets import Market, known_market
from momo.models import Credentials, Product, TransactionResult
from momo.product import ProductClient
from momo.remittance import RemittanceClient
from momo.transport import AiohttpTransport, Transport
from momo.wire import Access

_Client = TypeVar("_Client", bound=ProductClient)
_LOOK_EVERY_SECONDS = 5.0


class MomoClient:
    """A typed client for one MTN account. Safe to use from many tasks of one event loop at once.

        async with MomoClient(url, "sandbox", collection=credentials) as client:
            await client.collection.request_to_pay(...)

    Writes are sent once and never repeated. Reads are repeated when that may help.

    Args:
        base_url: where MTN's API is, without the product.
        target_environment: what X-Target-Environment says, such as "sandbox" or "mtnuganda".
        collection: credentials for Collection; None if it is not used.
        disbursement: credentials for Disbursement; None if it is not used.
        remittance: credentials for Remittance; None if it is not used.
        market: what currency and how many decimals the account takes; orders of others are refused here, as MTN
            would refuse them. None: that of the target environment, if `market_of` knows it.
        transport: carries the requests; made here if None. Closing the client closes it either way.
        clock: seconds that never go back.
        read_retries: how often a failed read is repeated; 0 for never.
        sleep: how to wait between repeats.
        jitter: chance from 0 to 1.

    Raises:
        ConfigurationError: the address or the environment cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        target_environment: str,
        *,
        collection: Credentials | None = None,
        disbursement: Credentials | None = None,
        remittance: Credentials | None = None,
        market: Market | None = None,
        transport: Transport | None = None,
        clock: Callable[[], float] = time.monotonic,
        read_retries: int = 2,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._base_url = checks.base_url(base_url)
        self._target_environment = target_environment
        checks.host_and_target(self._base_url, target_environment)
        self._market = market or known_market(target_environment)
        self._transport = transport if transport is not None else AiohttpTransport()
        self._pace = Pace(read_retries, clock, sleep, jitter)
        self._exchanges: list[Exchange] = []
        self._collection = self._product(CollectionClient, Product.COLLECTION, collection)
        self._disbursement = self._product(DisbursementClient, Product.DISBURSEMENT, disbursement)
        self._remittance = self._product(RemittanceClient, Product.REMITTANCE, remittance)

    @property
    def collection(self) -> CollectionClient:
        """Money coming in.

        Raises:
            ConfigurationError: the client was made without these credentials.
        """
        return _demand(self._collection, Product.COLLECTION)

    @property
    def disbursement(self) -> DisbursementClient:
        """Money going out.

        Raises:
            ConfigurationError: the client was made without these credentials.
        """
        return _demand(self._disbursement, Product.DISBURSEMENT)

    @property
    def remittance(self) -> RemittanceClient:
        """Money from abroad going out.

        Raises:
            ConfigurationError: the client was made without these credentials.
        """
        return _demand(self._remittance, Product.REMITTANCE)

    async def wait_until_final(
        self,
        status: Callable[[str], Awaitable[TransactionResult]],
        reference_id: str,
        *,
        timeout_seconds: float,
    ) -> TransactionResult:
        """Ask for a status every five seconds until it is final, or until the time is over.

            await client.wait_until_final(client.disbursement.transfer_status, reference_id, timeout_seconds=60)

        Returns:
            The last answer, which is not final if the time was too short.

        Raises:
            NotFound: MTN did not know the reference id to the end; at first that is normal.
        """
        give_up_at = self._pace.clock() + timeout_seconds
        while True:
            too_late = self._pace.clock() + _LOOK_EVERY_SECONDS > give_up_at
            try:
                result = await status(reference_id)
                if result.status.final or too_late:
                    return result
            except NotFound:
                if too_late:
                    raise
            await self._pace.sleep(_LOOK_EVERY_SECONDS)

    async def close(self) -> None:
        """Close all connections. May be called twice."""
        for exchange in self._exchanges:
            await exchange.close()
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _product(
        self, make: Callable[[Access, Exchange], _Client], product: Product, credentials: Credentials | None
    ) -> _Client | None:
        if credentials is None:
            return None
        try:
            access = Access(
                self._base_url, product, credentials.subscription_key, self._target_environment, self._market
            )
        except InvalidValue as error:
            raise ConfigurationError(str(error)) from None
        exchange = Exchange(access, credentials, self._transport, self._pace)
        self._exchanges.append(exchange)
        return make(access, exchange)


def _demand(client: _Client | None, product: Product) -> _Client:
    if client is None:
        raise ConfigurationError(f"this MomoClient was made without credentials for {product.value}")
    return client
