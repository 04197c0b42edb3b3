"""The sandbox in memory, behind the client's `Transport`: for your tests, with no port and no waiting.

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
from collections.abc import Awaitable, Callable

from momo.errors import ConnectionFailed, ResponseLost, TransportError
from momo.sandbox import Answer, Callback, Cut, Sandbox
from momo.sandbox.pump import Pump
from momo.wire import HttpRequest, HttpResponse

DeliverCallback = Callable[[HttpRequest], Awaitable[int | None]]
Sleep = Callable[[float], Awaitable[None]]

CLIENT_TIMEOUT = 20.0


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
