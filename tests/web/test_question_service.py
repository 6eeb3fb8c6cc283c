"""Questions about stored snapshots: made once, however many ask."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.errors import IterationNotFound, SnapshotNotFound
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions import Question, choose
from gradwalk.store import Store, sqlite_url
from gradwalk.web.bodies import QuestionList
from gradwalk.web.services.question_service import QuestionService
from tests.questions.asking import asked_about, lesson, recorded

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A started store."""
    opened = Store(sqlite_url(tmp_path))
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture
async def saved(store: Store) -> Snapshot:
    """The run of a lesson with twenty iterations, stored."""
    snapshot = recorded(lesson("training-loop"))
    await store.save(snapshot)
    return snapshot


async def test_a_class_with_one_link_is_asked_what_was_made_once(
    store: Store, saved: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(iteration: IndexedIteration, seed: int, *, first: bool) -> list[Question]:
        made.append(seed)
        return choose(iteration, seed, first=first)

    monkeypatch.setattr("gradwalk.web.services.question_service.choose", counted)
    service = QuestionService(store)
    bodies = await asyncio.gather(*(service.questions(saved.id, 7, 0) for _ in range(30)))
    assert len({body.zstd for body in bodies}) == 1
    assert made == [7]
    await service.questions(saved.id, 8, 0)
    await service.questions(saved.id, 7, 1)
    assert made == [7, 8, 7]


async def test_each_iteration_has_its_own(store: Store, saved: Snapshot) -> None:
    service = QuestionService(store)
    for index in (0, 4):
        listed = QuestionList.model_validate_json((await service.questions(saved.id, 3, index)).json())
        assert (listed.iteration, listed.questions) == (index, asked_about(lesson("training-loop"), 3, index))


async def test_of_what_is_not_there(store: Store, saved: Snapshot) -> None:
    service = QuestionService(store)
    with pytest.raises(SnapshotNotFound):
        await service.questions("nothing", 0, 0)
    with pytest.raises(IterationNotFound):
        await service.questions(saved.id, 0, 20)
    # a question that could not be made is none that is kept
    with pytest.raises(IterationNotFound):
        await service.questions(saved.id, 0, 20)
