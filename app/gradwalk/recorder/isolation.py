"""The isolation of writing a recording down from all that its program has set and left on."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from gradwalk.recorder.transforms import unobserved

_RECURSION_LIMIT = sys.getrecursionlimit()


@contextmanager
def isolated() -> Iterator[None]:
    """Run the block, which writes a recording down, as if the program had never run.

    Its modes and its default device take no part, its warnings do not become errors, numpy does not raise as the
    program has told it to, and calls may be as deep as before.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        with unobserved(), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            yield
    finally:
        sys.setrecursionlimit(limit)
