"""SIGTERM with runs in flight: they finish, or say that they did not."""

import threading
from pathlib import Path

import httpx
import pytest

from tests.faults.classroom import classroom
from tests.processes import server, until

SLOW = "import time\ntime.sleep(1.0)\nprint('done')"


def test_everybody_who_has_asked_is_answered(data_dir: Path) -> None:
    """Far more slow programs than can be finished in time: the first ones finish, the others say so."""
    answers: list[httpx.Response] = []

    def ask(client: httpx.Client) -> None:
        answers.append(client.post("/api/v1/runs", json={"source": SLOW}))

    with server(data_dir, GRADWALK_WALL_SECONDS="2") as running, running.client() as client:
        assert client.post("/api/v1/runs", json={"source": "x = 1"}).status_code == 201
        threads = [threading.Thread(target=ask, args=(client,)) for _ in range(30)]
        for thread in threads:
            thread.start()
        assert until(lambda: len(answers) >= 2, 30)
        assert running.terminate() == 0
        for thread in threads:
            thread.join()
    assert len(answers) == 30
    finished = [answer for answer in answers if answer.status_code == 201]
    cut = [answer for answer in answers if answer.status_code == 503]
    assert len(finished) >= 2
    assert cut
    assert len(finished) + len(cut) == 30
    assert {answer.json()["code"] for answer in cut} == {"server_stopping"}
    assert all("send it again" in answer.json()["detail"] and answer.headers["Retry-After"] for answer in cut)
    with server(data_dir) as again, again.client() as client:
        for answer in finished:
            assert client.get(answer.headers["Location"]).json()["console"][0]["text"] == "done\n"


@pytest.mark.slow  # on a push the test above looks into the next server for what the first one answered
def test_nothing_is_lost_when_a_busy_server_stops(tmp_path: Path) -> None:
    with server(tmp_path) as running, classroom(running) as people:
        assert running.terminate() == 0
    assert {refusal["code"] for refusal in people.refused} <= {"server_stopping"}
    with server(tmp_path) as again, again.client() as client:
        people.check(client)
