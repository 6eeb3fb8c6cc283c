"""Work that is done for one request only: it ends when nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from fastapi import Request

NOBODY_WAITS: Final = 499
"""The status of an answer that nobody reads."""
_GLANCE_SECONDS: Final = 0.2
"""Between two glances at whether somebody still waits."""

Found = TypeVar("Found")


async def cancel_on_disconnect(request: Request, work: Coroutine[Any, Any, Found]) -> Found | None:
    """What `work` gives, and raises as it does; null when the connection was closed before: then it is cancelled."""
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=_GLANCE_SECONDS)
            if not task.done() and await request.is_disconnected():
                return None
        return task.result()
    finally:
        task.cancel()
