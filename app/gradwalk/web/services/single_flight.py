"""Answers that cost something: each is made once, however many ask for it at the same time, and the latest are kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class SingleFlightCache(Generic[Key, Answer]):
    """At most `most` answers, by what they are answers to. One that could not be made is not kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._kept: OrderedDict[Key, Answer] = OrderedDict()

    async def of(self, key: Key, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to `key`; it is made when it is not kept, and whoever asks meanwhile waits for it. Raises what
        `make` raises.
        """
        lock = self._asked.setdefault(key, asyncio.Lock())
        async with lock:
            if key not in self._kept:
                self._kept[key] = await make()
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return self._kept[key]
