"""The objects that the garbage collector leaves alone because someone has frozen them."""

import gc
import sys
from typing import Final

_IMMORTAL: Final = 1000 if sys.version_info[:2] == (3, 12) else 0
"""The number up to which frozen objects are Python's own: 3.12 counts its immortal ones, a few hundred, among them."""


def nothing_is_frozen() -> bool:
    """Return whether nobody has frozen objects, so that the recorder may freeze and thaw them."""
    return gc.get_freeze_count() <= _IMMORTAL
