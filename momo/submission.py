"""Submitting an order for people who have no database to do it with: write, and on doubt ask and write again.

What it can do and what not:

* It sends the same order under the same reference id until MTN is known to have it. MTN takes an id once, so money
  moves once.
* It remembers nothing. If the program dies in between, only a caller who kept the reference id, or can work it out
  again (`reference_id_from`), can find out what happened. A new id may pay twice.
* If it raises with outcome UNKNOWN, the order may be carried out: keep the id and ask for its status later, for a day
  if need be. NOT_APPLIED means that no attempt of this call was carried out.
* An id that was used before this call is taken for this order's only if MTN repeats its amount or its mark.
* How long MTN remembers an id is not published. Do not send one again days later.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from momo.errors import ConnectionFailed, DuplicateReference, MomoError, Outcome, RateLimited
from momo.exchange import Pace
from momo.orders import Order

R = TypeVar("R")
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 15.0  # seconds


@dataclass(frozen=True, slots=True)
class Submitted(Generic[R]):
    """An order that MTN has. Whether it succeeds is another question.

    Attributes:
        reference_id: what to ask about.
        sent: how often it was sent; a second time because MTN refused the token does not count.
        result: what MTN said of it, where it had to be asked; None where it accepted the order at once.
    """

    reference_id: str
    sent: int
    result: R | None = None


@dataclass(slots=True)
class Submission(Generic[R]):
    """One order on its way. `send` writes once, `look` asks once."""

    reference_id: str
    order: Order[R]
    send: Callable[[], Awaitable[None]]
    look: Callable[[], Awaitable[R]]
    pace: Pace
    doubted: bool = False
    used_before: bool = False

    async def run(self, patience_seconds: float) -> Submitted[R]:
        """Go on until MTN has the order, has refused it, or patience is over.

        Raises:
            MomoError: its outcome is that of all attempts together.
        """
        give_up_at, sent = self.pace.clock() + patience_seconds, 0
        while True:
            sent += 1
            problem = await self._attempt()
            if problem is None:
                return Submitted(self.reference_id, sent)
            self.used_before |= sent == 1 and isinstance(problem, DuplicateReference)
            if self.doubted and (found := await self._found()) is not None:
                return Submitted(self.reference_id, sent, found)
            wait = min(_FIRST_WAIT * 2 ** (sent - 1), _LONGEST_WAIT) * (0.5 + self.pace.jitter() / 2)
            if self.pace.clock() + wait > give_up_at:
                raise self._told_truly(problem)
            await self.pace.sleep(wait)

    async def _attempt(self) -> MomoError | None:
        """Send once; None if it was accepted, the error if another attempt may help."""
        try:
            await self.send()
        except (ConnectionFailed, RateLimited) as error:
            return error
        except MomoError as error:
            if error.outcome is Outcome.NOT_APPLIED:
                self._told_truly(error)
                raise
            self.doubted = True
            return error
        return None

    async def _found(self) -> R | None:
        """What MTN says of the order; None if it does not know it, or says nothing."""
        try:
            result = await self.look()
        except MomoError:
            return None
        told = _told_of_both(self.order, result)
        if any(ours != theirs for ours, theirs in told):
            raise DuplicateReference(409, "RESOURCE_ALREADY_EXIST", "the reference id belongs to another order")
        if self.used_before and not told:
            raise DuplicateReference(
                409, "RESOURCE_ALREADY_EXIST", "not known whether the reference id is this order's"
            )
        return result

    def _told_truly(self, error: MomoError) -> MomoError:
        """A refusal of the last attempt says nothing of those before it."""
        if self.doubted:
            error.outcome = Outcome.UNKNOWN
        return error


def _told_of_both(order: Order[Any], result: Any) -> list[tuple[object, object]]:
    """Amount and mark as they were sent and as MTN tells them. What it leaves out tells nothing."""
    pairs = (
        (order.money(), getattr(result, "amount", None)),
        (getattr(order, "external_id", None), getattr(result, "external_id", None)),
    )
    return [(ours, theirs) for ours, theirs in pairs if ours is not None and theirs is not None]
