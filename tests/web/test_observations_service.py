"""Observations of stored iterations: computed once, however many ask."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.errors import IterationNotFound, SnapshotNotFound
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import Observations
from gradwalk.narration.narrator import told
from gradwalk.store import Store, sqlite_url
from gradwalk.web.services.observations_service import ObservationsService
from tests.findings.recording import CASES, record

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
    """A stored snapshot whose gradients are not cleared."""
    snapshot = record((CASES / "missing-zero-grad" / "shows.py").read_text("utf-8"))
    await store.save(snapshot)
    return snapshot


def observed(snapshot: Snapshot, index: int) -> Observations:
    """Return what is observed in an iteration."""
    body = snapshot.iterations[index]
    indexed = IndexedIteration.of(snapshot.graphs[body.graph], body)
    return told(indexed, snapshot.program.source.splitlines())


async def test_they_are_those_of_the_iteration(store: Store, saved: Snapshot) -> None:
    service = ObservationsService(store)
    for index in range(len(saved.iterations)):
        answer = await service.observations(saved.id, index)
        assert Observations.model_validate_json(answer.json()) == observed(saved, index)
    assert observed(saved, 1).stale_gradients


async def test_a_class_that_asks_at_once_makes_one_answer(
    store: Store, saved: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(iteration: IndexedIteration, lines: list[str]) -> Observations:
        made.append(iteration.index)
        return told(iteration, lines)

    monkeypatch.setattr("gradwalk.web.services.observations_service.told", counted)
    service = ObservationsService(store)
    await asyncio.gather(*(service.observations(saved.id, 1) for _ in range(30)))
    assert made == [1]


async def test_of_what_is_not_there(store: Store, saved: Snapshot) -> None:
    service = ObservationsService(store)
    with pytest.raises(SnapshotNotFound):
        await service.observations("nothing", 0)
    with pytest.raises(IterationNotFound):
        await service.observations(saved.id, 99)
