"""One image for all tests of the container."""

import pytest

from tests.container.docker import build


@pytest.fixture(scope="session")
def image() -> str:
    """Its id."""
    return build()
