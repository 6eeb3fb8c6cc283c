"""Cancelling the work for a request when its client disconnects."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from fastapi import Request

CLIENT_CLOSED_REQUEST: Final = 499
"""The status of a response that nobody reads; nginx uses the same number."""
_POLL_SECONDS: Final = 0.2
"""Seconds between two looks at the connection."""

Result = TypeVar("Result")


async def cancel_on_disconnect(request: Request, work: Coroutine[Any, Any, Result]) -> Result | None:
    """Return the result of `work`, or raise what it raises. When the client disconnects first, cancel the work and
    return null.
    """
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=_POLL_SECONDS)
            if not task.done() and await request.is_disconnected():
                return None
        return task.result()
    finally:
        task.cancel()
