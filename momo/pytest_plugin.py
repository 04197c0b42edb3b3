"""pytest's fixture `momo_sandbox`, there for everybody who has installed this library. Only pytest imports it."""

from collections.abc import Iterator

import pytest

from momo.testing import RunningSandbox


@pytest.fixture
def momo_sandbox() -> Iterator[RunningSandbox]:
    """A local MoMo platform of the test's own, listening on `momo_sandbox.url`; its clock waits for `advance`."""
    with RunningSandbox() as running:
        yield running
