"""Gradwalk: walk step by step through what PyTorch really does.

The public names of the package. Everything else is private and may change. Each name is loaded when it is first used,
for `trace` needs torch, which takes seconds to import and which the server's process must never import.
"""

import importlib
from typing import TYPE_CHECKING, Any, Final

from gradwalk.version import __version__

if TYPE_CHECKING:
    from gradwalk.client import Client
    from gradwalk.contract.snapshot import Snapshot
    from gradwalk.recorder import trace

__all__ = ["Client", "Snapshot", "__version__", "trace"]

_HOMES: Final = {
    "Client": "gradwalk.client",
    "Snapshot": "gradwalk.contract.snapshot",
    "trace": "gradwalk.recorder",
}


def __getattr__(name: str) -> Any:
    """Return a public name from its home. Raises AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gradwalk' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
