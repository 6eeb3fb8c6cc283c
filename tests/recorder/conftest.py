"""What all tests of the recorder share."""

import gc
from collections.abc import Iterator

import pytest

# asserts in helpers explain themselves as those in tests do
pytest.register_assert_rewrite("tests.recorder.checks")

MANY = 100
"""Kept runs that are worth a collection, which takes a second where thousands of tests were collected."""


@pytest.fixture(autouse=True, scope="module")
def forget_runs() -> Iterator[None]:
    """Hundreds of kept snapshots make every later garbage collection slow."""
    # imported here, for its asserts are rewritten only after the line above
    from tests.recorder import oracle, watched

    yield
    caches = [oracle.record, oracle.run_plainly, watched.watch_plainly]
    if sum(cached.cache_info().currsize for cached in caches) >= MANY:
        for cached in caches:
            cached.cache_clear()
        gc.collect()


@pytest.fixture(scope="module")
def nameless_samples() -> Iterator[None]:
    """PyTorch looks through the source of all callers for the name of its own test, with each sample: most of the time
    went there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("torch.testing._internal.common_utils.extract_test_fn", lambda: None)
        yield
