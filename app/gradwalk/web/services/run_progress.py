"""The progress of one run that has not been reported to its client yet."""

import asyncio

from pydantic import BaseModel

from gradwalk.contract.fields import Real
from gradwalk.contract.snapshot import LoopTurn
from gradwalk.sandbox import ProgressListener
from gradwalk.web.bodies import IterationEnded, Queued, Started


class RunProgress(ProgressListener):
    """A listener that keeps the newest event of each kind until `take` fetches it. So a client that does not read costs
    no memory. `news` is set while there is an event to fetch.
    """

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self._queued: Queued | None = None
        self._started: Started | None = None
        self._iteration: IterationEnded | None = None

    def queued(self, position: int) -> None:
        """Keep the position in the queue."""
        self._queued = Queued(position=position)
        self.news.set()

    def started(self, queued_ms: float) -> None:
        """Keep the start of the program; the position in the queue is out of date now."""
        self._queued, self._started = None, Started(queued_ms=round(queued_ms, 3))
        self.news.set()

    def iteration(self, index: int, loss: Real | None, turns: list[LoopTurn]) -> None:
        """Keep the end of an iteration."""
        self._iteration = IterationEnded(index=index, loss=loss, turns=turns)
        self.news.set()

    def take(self) -> list[BaseModel]:
        """Return the kept events in their order, and forget them."""
        waiting: list[BaseModel] = [
            event for event in (self._queued, self._started, self._iteration) if event is not None
        ]
        self._queued = self._started = self._iteration = None
        self.news.clear()
        return waiting
