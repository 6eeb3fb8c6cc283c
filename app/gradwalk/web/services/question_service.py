"""Prediction questions about stored snapshots: lists of questions are cached, and answers are checked."""

import asyncio
from typing import Final

from gradwalk.contract.snapshot import SnapshotHead
from gradwalk.errors import IterationNotFound, QuestionNotFound
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions import Verdict, check, choose, iteration_of
from gradwalk.questions.answer_check import Given
from gradwalk.store import CompressedJson, Store
from gradwalk.web.bodies import QuestionList
from gradwalk.web.services.cache import SingleFlightCache
from gradwalk.web.services.snapshot_parts import read_iteration_of, read_part

_AT_ONCE: Final = 2
_CACHED: Final = 256
"""Lists in the cache: the students of a class ask for the same one, and each is a few hundred bytes."""
_NOTHING_RECORDED: Final = "There is nothing to ask: no operation of this program was recorded."
_NOTHING_TO_ASK: Final = "There is nothing to ask here: no step of this iteration has an answer that is found by head."

ListKey = tuple[str, int, int]
"""The id of a snapshot, a seed, and the index of an iteration."""


class QuestionService:
    """Chooses questions and checks answers in a worker thread. It keeps no record of who was asked what."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._lists: SingleFlightCache[ListKey, CompressedJson] = SingleFlightCache(_CACHED)

    async def questions(self, snapshot_id: str, seed: int, iteration: int) -> CompressedJson:
        """Return a QuestionList as JSON. Raises SnapshotNotFound, IterationNotFound, StoreUnavailable."""
        head = await self._store.head(snapshot_id)
        return await self._lists.get((snapshot_id, seed, iteration), lambda: self._choose(head, seed, iteration))

    async def verdict(self, snapshot_id: str, question: str, answer: Given) -> Verdict:
        """Check the answer to a question. Raises SnapshotNotFound, QuestionNotFound, AnswerNotANumber,
        AnswerNotAChoice, StoreUnavailable.
        """
        head = await self._store.head(snapshot_id)
        index = iteration_of(question)
        async with self._turns:
            try:
                indexed = await self._iteration(await read_part(SnapshotHead, head), index)
            except IterationNotFound as error:
                raise QuestionNotFound(
                    "This snapshot has no question with this id: take one from its questions."
                ) from error
            return await asyncio.to_thread(check, indexed, question, answer)

    async def _choose(self, stored: CompressedJson, seed: int, iteration: int) -> CompressedJson:
        async with self._turns:
            head = await read_part(SnapshotHead, stored)
            if not head.iterations and iteration == 0:
                return _as_json(QuestionList(iteration=0, seed=seed, questions=[], note=_NOTHING_RECORDED))
            indexed = await self._iteration(head, iteration)
            first = next(one.index for one in head.iterations if one.graph == indexed.graph.id) == iteration
            questions = await asyncio.to_thread(choose, indexed, seed, first=first)
        note = None if questions else _NOTHING_TO_ASK
        return _as_json(QuestionList(iteration=iteration, seed=seed, questions=questions, note=note))

    async def _iteration(self, head: SnapshotHead, index: int) -> IndexedIteration:
        graph, body = await read_iteration_of(self._store, head, index)
        return await asyncio.to_thread(IndexedIteration.of, graph, body)


def _as_json(questions: QuestionList) -> CompressedJson:
    return CompressedJson.of(questions.model_dump_json(by_alias=True).encode())
