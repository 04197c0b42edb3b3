"""A local MoMo platform that behaves like MTN's sandbox, to develop and test against.

`Sandbox` is the core: requests in, answers out, no I/O, time and chance passed in. `SandboxServer` puts it on
HTTP (`python -m momo sandbox`), `momo.testing.SandboxTransport` behind the client in memory. It shares only
the wire's two dataclasses with the client, so that a mistake in one is not repeated in the other.
"""

from momo.sandbox.access import ApiCredentials
from momo.sandbox.callbacks import Callback
from momo.sandbox.core import Sandbox
from momo.sandbox.faults import FAULTS, Answer, Cut
from momo.sandbox.ledger import Effect
from momo.sandbox.server import SandboxServer
from momo.sandbox.settings import CallbackMode, Settings

__all__ = [
    "FAULTS",
    "Answer",
    "ApiCredentials",
    "Callback",
    "CallbackMode",
    "Cut",
    "Effect",
    "Sandbox",
    "SandboxServer",
    "Settings",
]
