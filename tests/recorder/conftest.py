"""What all tests of the recorder share."""

import gc
from collections.abc import Iterator

import pytest

# asserts in helpers explain themselves as those in tests do
pytest.register_assert_rewrite("tests.recorder.checks")


@pytest.fixture(autouse=True, scope="module")
def forget_runs() -> Iterator[None]:
    """Hundreds of kept snapshots make every later garbage collection slow."""
    # imported here, for its asserts are rewritten only after the line above
    from tests.recorder import oracle, watched

    yield
    for cached in (oracle.record, oracle.run_plainly, watched.watch_plainly):
        cached.cache_clear()
    gc.collect()
