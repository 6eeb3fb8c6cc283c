"""Questions about stored snapshots, and answers to them: a few are worked on at a time, and the latest lists are kept,
for a class with one link asks for the same.
"""

import asyncio
from collections import OrderedDict
from typing import Final
from weakref import WeakValueDictionary

from app.api.models import QuestionList
from app.calculus.questions import Verdict, check, choose, iteration_of
from app.calculus.questions.checking import Given
from app.calculus.questions.scene import Scene
from app.errors import IterationNotFound, QuestionNotFound
from app.snapshot import Iteration, SnapshotHead
from app.store import CompressedJson, Store

_AT_ONCE: Final = 2
_KEPT: Final = 256
"""Lists that are kept: each is a few hundred bytes."""
_NOTHING_RECORDED: Final = "There is nothing to ask: no operation of this program was recorded."
_NOTHING_TO_ASK: Final = "There is nothing to ask here: no step of this iteration has an answer that is found by head."

Which = tuple[str, int, int]
"""Snapshot, seed, iteration."""


class Asker:
    """Asks about snapshots and judges answers in a worker thread. Nothing is kept of who was asked what."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._asked: WeakValueDictionary[Which, asyncio.Lock] = WeakValueDictionary()
        self._kept: OrderedDict[Which, CompressedJson] = OrderedDict()

    async def questions(self, snapshot_id: str, seed: int, iteration: int) -> CompressedJson:
        """QuestionList as JSON. Raises SnapshotNotFound, IterationNotFound, StoreUnavailable."""
        head = await self._store.head(snapshot_id)
        which = (snapshot_id, seed, iteration)
        # who asks for the same waits for the first answer
        lock = self._asked.setdefault(which, asyncio.Lock())
        async with lock:
            if which not in self._kept:
                async with self._turns:
                    self._keep(which, await self._ask(head, seed, iteration))
            return self._kept[which]

    async def verdict(self, snapshot_id: str, question: str, answer: Given) -> Verdict:
        """Raises SnapshotNotFound, QuestionNotFound, AnswerNotANumber, AnswerNotAChoice, StoreUnavailable."""
        head = await self._store.head(snapshot_id)
        index = iteration_of(question)
        async with self._turns:
            try:
                scene = await self._scene(await _head_of(head), index)
            except IterationNotFound as error:
                raise QuestionNotFound(
                    "This snapshot has no question with this id: take one from its questions."
                ) from error
            return await asyncio.to_thread(check, scene, question, answer)

    def _keep(self, which: Which, listed: CompressedJson) -> None:
        self._kept[which] = listed
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def _ask(self, stored: CompressedJson, seed: int, iteration: int) -> CompressedJson:
        head = await _head_of(stored)
        if not head.iterations and iteration == 0:
            return _listed(QuestionList(iteration=0, seed=seed, questions=[], note=_NOTHING_RECORDED))
        scene = await self._scene(head, iteration)
        questions = await asyncio.to_thread(choose, scene, seed)
        note = None if questions else _NOTHING_TO_ASK
        return _listed(QuestionList(iteration=iteration, seed=seed, questions=questions, note=note))

    async def _scene(self, head: SnapshotHead, index: int) -> Scene:
        stored = await self._store.iteration(head.id, index)
        body = await asyncio.to_thread(lambda: Iteration.model_validate_json(stored.json()))
        if not 0 <= body.graph < len(head.graphs):
            raise IterationNotFound(f"Iteration {index} of this snapshot has no graph: take another one.")
        first = next((one.index for one in head.iterations if one.graph == body.graph), index)
        return Scene(head.graphs[body.graph], body, first == index)


async def _head_of(stored: CompressedJson) -> SnapshotHead:
    return await asyncio.to_thread(lambda: SnapshotHead.model_validate_json(stored.json()))


def _listed(questions: QuestionList) -> CompressedJson:
    return CompressedJson.of(questions.model_dump_json(by_alias=True).encode())
