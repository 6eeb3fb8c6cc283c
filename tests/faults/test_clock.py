"""A clock that jumps, by decades and both ways: programs run, nothing that was answered goes, and nobody waits."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.classroom import PROGRAM, classroom, is_healthy
from tests.processes import server

JUMPING = Path(__file__).parent / "jumping"
YEARS = 20 * 365 * 24 * 3600


@pytest.mark.parametrize("jump", [YEARS, pytest.param(-YEARS, marks=pytest.mark.slow)], ids=["forward", "back"])
def test_a_clock_that_jumps_and_comes_back(tmp_path: Path, jump: int) -> None:
    turn = tmp_path / "turn"
    turn.write_text("0")
    environment = {"PYTHONPATH": str(JUMPING), "TURNED_CLOCK": str(turn), "GRADWALK_KEEP_DAYS": "1"}
    data = tmp_path / "data"
    with server(data, **environment) as running, running.client() as client:
        with classroom(running) as people:
            for wrong in (jump, 0, jump):
                _write(turn, wrong)
                assert is_healthy(client)
                people.go_on()
            address = people.kept[-1]
            year = datetime.fromisoformat(client.get(address).json()["created_at"]).year
            assert abs(year - datetime.now().year) in (19, 20, 21)  # the clock was really turned
        people.check(client)
    # the next server looks through the store with the wrong clock, and another with the right one
    for wrong in (jump, 0):
        _write(turn, wrong)
        with server(data, **environment) as running, running.client() as client:
            assert is_healthy(client)
            people.check(client)
            assert client.post("/api/v1/runs", json={"source": PROGRAM}).json()["outcome"]["status"] == "completed"


def _write(file: Path, seconds: int) -> None:
    """In one step: the server reads it all the time."""
    new = file.with_name("new")
    new.write_text(str(seconds))
    new.rename(file)
