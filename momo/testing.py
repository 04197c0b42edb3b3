"""The sandbox for your tests: in memory behind the client's `Transport`, or listening, for any client at all.

`SandboxTransport` needs no port and no waiting. `RunningSandbox` listens on a port of its own, in a thread of its own,
so that blocking code and programs in other languages can use it; pytest's fixture `momo_sandbox` is one.

Example:
    sandbox = Sandbox(seed=1)
    user, key = sandbox.provision("disbursement")
    credentials = Credentials(user, key, "d" * 32)
    async with MomoClient("https://momo.test", "sandbox", disbursement=credentials,
                          transport=SandboxTransport(sandbox)) as client:
        await client.disbursement.transfer(...)
    assert len(sandbox.ledger.effects) == 1
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

from momo.errors import ConnectionFailed, ResponseLost, TransportError
from momo.sandbox import Answer, ApiCredentials, Callback, Cut, Effect, Sandbox, SandboxServer
from momo.sandbox.pump import Pump
from momo.wire import HttpRequest, HttpResponse

DeliverCallback = Callable[[HttpRequest], Awaitable[int | None]]
Sleep = Callable[[float], Awaitable[None]]

CLIENT_TIMEOUT = 20.0
_START_TIMEOUT = 30.0
T = TypeVar("T")


class SandboxTransport:
    """Carries requests to a sandbox in the same process.

    Callbacks go out by themselves, as tasks on the running event loop; a test with a clock of its own can
    also ask for those that are due with `deliver_due`.

    Args:
        sandbox: the platform behind this transport.
        deliver_callback: gets each callback as a request; answers the HTTP status, or None for no answer.
            Without it callbacks are left for the caller to fetch with `sandbox.due()`.
        sleep: waits for a slow answer; a test passes one that moves its clock.
        timeout: seconds after which an answer that takes longer is given up as lost.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        deliver_callback: DeliverCallback | None = None,
        sleep: Sleep = asyncio.sleep,
        timeout: float = CLIENT_TIMEOUT,
    ) -> None:
        self.sandbox = sandbox
        self._deliver = deliver_callback
        self._sleep = sleep
        self._timeout = timeout
        self._pump = Pump(sandbox, self._post)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Return the sandbox's answer, or raise as a real connection would."""
        answer = self.sandbox.handle(request)
        if self._deliver is not None:
            self._pump.wake()
        return await self._carried_out(answer)

    async def close(self) -> None:
        """Stop delivering callbacks."""
        await self._pump.stop()

    async def deliver_due(self) -> None:
        """Deliver the callbacks that are due on the sandbox's clock, and wait until they are answered."""
        await self._pump.deliver_due()

    async def _carried_out(self, answer: Answer) -> HttpResponse:
        silent = answer.cut is Cut.SILENT or answer.delay > self._timeout
        await self._sleep(self._timeout if silent else answer.delay)
        if silent:
            raise ResponseLost("no answer in time")
        if answer.cut is Cut.REFUSED:
            raise ConnectionFailed("connection refused")
        if answer.cut is not None:
            raise ResponseLost(f"connection lost: {answer.cut.value}")
        return answer.response

    async def _post(self, callback: Callback) -> int | None:
        if self._deliver is None:
            return None
        try:
            return await self._deliver(callback.request())
        except TransportError:
            return None  # nobody was there to answer


class RunningSandbox:
    """A sandbox that listens on loopback while a test runs. Its clock stands still until `advance`.

    Example:
        with RunningSandbox() as momo_sandbox:
            momo_sandbox.fault("lose_answer", operation="transfer")
            ...  # any client, sent to momo_sandbox.url
            assert len(momo_sandbox.effects) == 1

    Args:
        sandbox: one of your own making, with the clock it has. All of it belongs to the thread: use `call`.

    Attributes:
        url: where it listens.
    """

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or Sandbox(lambda: 0.0, seed=1)
        self._server = SandboxServer(self._sandbox)
        self._started: Future[str] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self.url = self._started.result(_START_TIMEOUT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def effects(self) -> Sequence[Effect]:
        """Every movement of money so far. Two under one reference id are a double payment."""
        return self.call(lambda sandbox: sandbox.ledger.effects)

    @property
    def statuses(self) -> dict[str, str]:
        """Reference id -> status of every transaction."""
        return self.call(lambda sandbox: {name: one.status for name, one in sandbox.transactions.items()})

    def provision(self, product: str, callback_host: str = "localhost") -> ApiCredentials:
        """Make an API user with a key for "collection", "disbursement" or "remittance"."""
        return self.call(lambda sandbox: sandbox.provision(product, callback_host))

    def environment(self, *products: str) -> dict[str, str]:
        """The environment variables of a merchant with keys of these products, all if none is named."""
        settings = self.call(lambda sandbox: sandbox.settings.as_dict())
        made = {"MOMO_BASE_URL": self.url, "MOMO_TARGET_ENVIRONMENT": str(settings["target_environment"])}
        made["MOMO_CURRENCY"] = str(settings["currency"])
        names = products or ("collection", "disbursement", "remittance")
        keys = self.call(lambda sandbox: {name: sandbox.subscription_key(name) for name in names})
        for product, subscription_key in keys.items():
            user, key = self.provision(product)
            for name, value in (("API_USER", user), ("API_KEY", key), ("SUBSCRIPTION_KEY", subscription_key)):
                made[f"MOMO_{product.upper()}_{name}"] = value
        return made

    def fault(self, name: str, **rule: Any) -> None:
        """Let something go wrong: a name of `momo.sandbox.FAULTS`, and what `FaultPlan.add` takes besides."""
        self.call(lambda sandbox: sandbox.faults.add(name, **rule))

    def switch(self, **changes: object) -> None:
        """Turn switches, such as `reason_as_text=True`; `python -m momo sandbox --explain` lists them."""
        self.call(lambda sandbox: sandbox.settings.update(changes))

    def advance(self, seconds: float) -> None:
        """Let time pass, and wait until the callbacks that fell due were answered."""
        self.call(lambda sandbox: sandbox.timeline.advance(seconds))
        asyncio.run_coroutine_threadsafe(self._server.deliver_due(), self._loop).result()

    def call(self, function: Callable[[Sandbox], T]) -> T:
        """Do something with the sandbox itself, in its thread."""

        async def called() -> T:
            return function(self._sandbox)

        return asyncio.run_coroutine_threadsafe(called(), self._loop).result()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await self._server.start()
        self._started.set_result(self._server.url)
        await self._stop.wait()
        await self._server.stop()
