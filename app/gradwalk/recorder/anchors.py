"""Keeping torch from overflowing the stack when it frees a long chain of autograd nodes.

Torch frees a chain in a loop as long as nobody has looked at its nodes from Python. The recorder looks at all of them,
and from then on each is freed inside of freeing the one after it: some 50,000 of them end the process. So a few are
held here. Freeing stops at each, and starts anew when it is let go.
"""

import atexit
import sys
from typing import Any, Final

SPACING: Final = 2039
"""One autograd node in so many is held. A prime: whatever period a program's loop has, its longest chain is hit."""

_OWN_REFERENCES: Final = 3
"""References to a held node that are ours while it is looked at: the list's, the variable's and the argument's."""

_anchored: list[Any] = []
"""The oldest first."""


def anchor(function: Any) -> None:
    """Called with every autograd node whose number is a multiple of SPACING."""
    release()
    _anchored.append(function)


def release() -> None:
    """Lets go of those that nobody else holds, the youngest first: that leaves the next one without a holder."""
    for index in range(len(_anchored) - 1, -1, -1):
        function = _anchored[index]
        if sys.getrefcount(function) <= _OWN_REFERENCES:
            del _anchored[index]
        del function


@atexit.register
def _release_all() -> None:
    release()
    # what the program still holds is freed after this, down to the nodes held here; these then one by one
    _anchored.reverse()
