"""How a bug is planted: in this process only, for as long as the worlds of a mutant last.

A mutant replaces functions of the real modules by name while its worlds run, and may do without triggers: the
second wall would otherwise catch what the first one lets through.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.transactions import State
from tests.simulation import forgetful
from tests.simulation.world import Doctored

if TYPE_CHECKING:
    from tests.simulation.world import World

Plant = Callable[["Patches"], None]


class Patches:
    """Replaces attributes until the worlds of a mutant are over."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def set(self, owner: Any, name: str, value: Any) -> Any:
        """Put *value* in the place of an attribute; return what was there."""
        before = getattr(owner, name)
        setattr(owner, name, value)
        self._stack.callback(setattr, owner, name, before)
        return before


@dataclass(frozen=True)
class Mutant(Doctored):
    """A planted bug: its name, how it is planted, the triggers that are gone with it, and where it can show.

    ``profiles``: names of profiles, all if empty.
    """

    name: str
    plant: Plant
    without_triggers: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()

    def enter(self, world: "World") -> None:
        """Be told which world begins."""
        forgetful.worlds[:] = [world]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Have the bug in the bot."""
        with ExitStack() as stack:
            self.plant(Patches(stack))
            yield


class Believer(Mutant):
    """Trusts the body of a callback."""

    def door(self, world: "World", token: str, status: str) -> None:
        """Do as the callback says."""
        life = world.life
        if life is not None and not life.dead and status != "PENDING":
            world.spawn(life.store.tx(lambda tx: forgetful.believe(tx, token, State(status))))
