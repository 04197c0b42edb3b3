"""MomoClient: opens and closes everything, and hands out the typed products."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

from momo import checks
from momo.collection import CollectionClient
from momo.disbursement import DisbursementClient
from momo.errors import ConfigurationError, InvalidValue
from momo.exchange import Exchange, Pace
from momo.hooks import Hook
from momo.limiter import Limiter
from momo.markets import Market, known_market
from momo.models import Credentials, Product
from momo.product import ProductClient
from momo.remittance import RemittanceClient
from momo.transport import AiohttpTransport, Transport
from momo.watching import HasStatus, last_of, looks
from momo.wire import Access

_Client = TypeVar("_Client", bound=ProductClient)
S = TypeVar("S", bound=HasStatus)


class MomoClient:
    """A typed client for one MTN account. Safe to use from many tasks of one event loop at once.

        async with MomoClient(url, "sandbox", collection=credentials) as client:
            await client.collection.request_to_pay(...)

    Writes are sent once; again, under the same reference id, only where MTN refused the token and so did nothing.
    Reads are repeated when that may help.

    Args:
        base_url: where MTN's API is, without the product.
        target_environment: what X-Target-Environment says, such as "sandbox" or "mtnuganda".
        collection: credentials for Collection; None if it is not used.
        disbursement: credentials for Disbursement; None if it is not used.
        remittance: credentials for Remittance; None if it is not used.
        market: what currency and how many decimals the account takes; orders of others are refused here, as MTN
            would refuse them. None: that of the target environment, if `market_of` knows it.
        transport: carries the requests; made here if None.
        clock: seconds that never go back.
        read_retries: how often a failed read is repeated; 0 for never. All reads together share a budget.
        calls_per_second: the most calls in any second, of all products together; MTN asks for at most ten status
            calls. A Limiter to share it between clients; None for no limit.
        hooks: each is called with a CallReport after every exchange; see log_calls.
        owns_transport: False if closing the client leaves the transport open, because others use it too.
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
        calls_per_second: float | Limiter | None = 10.0,
        hooks: Sequence[Hook] = (),
        owns_transport: bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._base_url = checks.base_url(base_url)
        self._target_environment = target_environment
        checks.host_and_target(self._base_url, target_environment)
        self._market = market or known_market(target_environment)
        self._transport = transport if transport is not None else AiohttpTransport()
        self._owns_transport = owns_transport
        limiter = calls_per_second
        if limiter is not None and not isinstance(limiter, Limiter):
            limiter = Limiter(limiter, clock=clock, sleep=sleep)
        self._pace = Pace(read_retries, clock, sleep, jitter, limiter, tuple(hooks))
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
        status: Callable[[str], Awaitable[S]],
        reference_id: str,
        *,
        timeout_seconds: float,
    ) -> S:
        """Ask for a status until it is final, or until the time is over: often at first, then more seldom.

            await client.wait_until_final(client.disbursement.transfer_status, reference_id, timeout_seconds=60)

        Returns:
            The last answer, which is not final if the time was too short.

        Raises:
            NotFound: MTN did not know the reference id to the end; at first that is normal.
        """
        pace = self._pace
        return await last_of(looks(lambda: status(reference_id), pace.clock, pace.sleep, timeout_seconds))

    async def close(self) -> None:
        """Close all connections. May be called twice."""
        for exchange in self._exchanges:
            await exchange.close()
        if self._owns_transport:
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
