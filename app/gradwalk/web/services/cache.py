"""A cache for values that are expensive to compute: concurrent requests for the same key share one computation."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class SingleFlightCache(Generic[Key, Value]):
    """A cache of the latest `most` values. A computation that fails leaves nothing in it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    async def get(self, key: Key, compute: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value of `key`. When it is not cached, compute it, while other callers for this key wait. Raises
        what `compute` raises.
        """
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            if key not in self._values:
                self._values[key] = await compute()
                if len(self._values) > self._most:
                    self._values.popitem(last=False)
            return self._values[key]
