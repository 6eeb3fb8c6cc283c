"""Findings of stored snapshots: looked for once, however many ask."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.errors import SnapshotNotFound
from gradwalk.findings import Examination
from gradwalk.store import Store, sqlite_url
from gradwalk.web.bodies import FindingList
from gradwalk.web.services.findings_service import FindingsService
from tests.findings.recording import CASES, examined, record

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
    """A snapshot with one finding, stored."""
    snapshot = record((CASES / "missing-zero-grad" / "shows.py").read_text("utf-8"))
    await store.save(snapshot)
    return snapshot


async def test_they_are_those_of_the_whole_snapshot(store: Store, saved: Snapshot) -> None:
    body = await FindingsService(store).findings(saved.id)
    assert FindingList.model_validate_json(body.json()).findings == examined(saved)
    assert [finding.code for finding in examined(saved)] == ["missing-zero-grad"]


async def test_a_class_that_asks_at_once_makes_one_examination(
    store: Store, saved: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    class Counted(Examination):
        def __init__(self, *arguments: Any) -> None:
            made.append(1)
            super().__init__(*arguments)

    monkeypatch.setattr("gradwalk.web.services.findings_service.Examination", Counted)
    service = FindingsService(store)
    bodies = await asyncio.gather(*(service.findings(saved.id) for _ in range(30)))
    assert len({body.zstd for body in bodies}) == 1
    assert len(made) == 1


async def test_what_is_too_large_is_left_out(store: Store, saved: Snapshot) -> None:
    first = len((await store.iteration(saved.id, 0)).json())
    body = await FindingsService(store, most_bytes=first).findings(saved.id)
    assert FindingList.model_validate_json(body.json()).findings == examined(
        saved.model_copy(update={"iterations": saved.iterations[:1]})
    )
    assert FindingList.model_validate_json((await FindingsService(store, 1).findings(saved.id)).json()).findings == []


async def test_of_a_snapshot_that_is_not_there(store: Store) -> None:
    with pytest.raises(SnapshotNotFound):
        await FindingsService(store).findings("nothing")
