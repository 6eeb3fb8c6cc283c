"""Anchors: references that keep torch from overflowing the stack when it frees a long chain of autograd nodes.

Torch frees a chain in a loop as long as Python has never looked at its nodes. The recorder looks at all of them, and
from then on each node is freed inside the freeing of the one after it: some 50,000 nested calls end the process. So
every few thousand nodes one is referenced here. Freeing stops at each of these anchors and starts again when the anchor
is released.
"""

import atexit
import sys
from typing import Any, Final

SPACING: Final = 2039
"""One autograd node in this many is an anchor. The number is prime, so that it meets the longest chain whatever period
a program's loop has.
"""

ANCHORED: Final = SPACING - 1
"""What the number of an anchor leaves, divided by SPACING. It is not 0: a short program should have no anchor."""

_OWN_REFERENCES: Final = 3
"""The references to an anchor that this module itself holds while it counts them: the list's, the variable's and the
argument's.
"""

_anchored: list[Any] = []
"""The anchors, the oldest first."""


def anchor(function: Any) -> None:
    """Keep a reference to an autograd node. The caller passes every node whose number, divided by SPACING, leaves
    ANCHORED.
    """
    release()
    _anchored.append(function)


def release() -> None:
    """Release the unused anchors, the youngest first, because that leaves the next one without a reference."""
    for index in range(len(_anchored) - 1, -1, -1):
        function = _anchored[index]
        if sys.getrefcount(function) <= _OWN_REFERENCES:
            del _anchored[index]
        del function


@atexit.register
def _release_all() -> None:
    release()
    # what the program still references is freed after this, down to the anchors, and these then one by one
    _anchored.reverse()
