"""Two real servers on one PostgreSQL: each serves what the other has stored, to the last byte."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from gradwalk.lessons import Lessons
from tests.postgresql import PostgresqlServer, postgresql_server
from tests.processes import ServerProcess, server, until

NEURON = Lessons.built_in().get("neuron").source
SLUGS = [lesson.slug for lesson in Lessons.built_in().all()]


@pytest.fixture(scope="module")
def url(postgresql: PostgresqlServer) -> str:
    return postgresql.create_database().render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def servers(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Both start at once, on an empty database."""
    with ExitStack() as stack, ThreadPoolExecutor(2) as starting:

        def start(folder: Path) -> ServerProcess:
            return stack.enter_context(server(folder, GRADWALK_DATABASE_URL=url))

        first, second = starting.map(start, [tmp_path_factory.mktemp(name) for name in ("first", "second")])
        yield first, second


def test_a_snapshot_of_one_is_the_same_from_the_other(servers: tuple[ServerProcess, ServerProcess]) -> None:
    with servers[0].client() as here, servers[1].client() as there:
        address = here.post("/api/v1/runs", json={"source": NEURON}).raise_for_status().headers["Location"]
        for path in (address, f"{address}/iterations/0", f"{address}/tensors/t0"):
            ours, theirs = here.get(path), there.get(path)
            assert ours.status_code == theirs.status_code == 200
            assert ours.content == theirs.content
            assert ours.headers["ETag"] == theirs.headers["ETag"]
            assert there.get(path, headers={"If-None-Match": ours.headers["ETag"]}).status_code == 304


@pytest.mark.slow
def test_they_share_the_snapshots_of_the_lessons(servers: tuple[ServerProcess, ServerProcess]) -> None:
    with servers[0].client() as here, servers[1].client() as there:
        assert until(lambda: all(lesson_ids(here)) and all(lesson_ids(there)), 60)
        assert lesson_ids(here) == lesson_ids(there)


def lesson_ids(client: httpx.Client) -> list[str | None]:
    return [client.get(f"/api/v1/lessons/{slug}").json()["snapshot"] for slug in SLUGS]


@pytest.mark.slow
def test_what_one_has_stored_outlives_it(
    servers: tuple[ServerProcess, ServerProcess], url: str, tmp_path: Path
) -> None:
    with server(tmp_path, GRADWALK_DATABASE_URL=url) as third, third.client() as client:
        address = client.post("/api/v1/runs", json={"source": "print('kept')"}).headers["Location"]
        third.kill()
    with servers[0].client() as client:
        assert client.get(address).json()["console"][0]["text"] == "kept\n"


@pytest.mark.slow
def test_no_snapshot_is_left_in_the_data_folder(url: str, tmp_path: Path) -> None:
    with server(tmp_path, GRADWALK_DATABASE_URL=url) as running, running.client() as client:
        assert client.get("/api/v1/health").status_code == 200
    assert [path.name for path in tmp_path.iterdir()] == ["session.key"]


@pytest.mark.slow
def test_a_postgresql_that_stops_is_told_and_one_that_comes_back_is_used(tmp_path: Path) -> None:
    with postgresql_server() as own, ExitStack() as stack:
        url = own.create_database().render_as_string(hide_password=False)
        running = stack.enter_context(server(tmp_path, GRADWALK_DATABASE_URL=url))
        client = stack.enter_context(running.client())
        address = client.post("/api/v1/runs", json={"source": "print('kept')"}).headers["Location"]
        own.stop()
        for answer in (client.get("/api/v1/health"), client.post("/api/v1/runs", json={"source": "x = 1"})):
            assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
            assert "PostgreSQL" in answer.json()["detail"]
        own.start()
        assert until(lambda: client.get("/api/v1/health").status_code == 200, 5)
        assert client.get(address).json()["console"][0]["text"] == "kept\n"
        assert client.post("/api/v1/runs", json={"source": "x = 1"}).status_code == 201
