"""Fixtures that several folders of tests share: a folder's conftest.py imports what it wants."""

from collections.abc import Iterator

import pytest

from tests.support.till import Till


@pytest.fixture
def till() -> Iterator[Till]:
    """A desk with its people, at nine in the morning."""
    till = Till()
    yield till
    till.store.conn.close()
