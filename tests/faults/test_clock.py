"""A clock that jumps, by decades and both ways: programs run, nothing that was answered goes, and nobody waits."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.classroom import PROGRAM, Classroom, classroom, is_healthy
from tests.processes import ServerProcess, server

JUMPING = Path(__file__).parent / "jumping"
YEARS = 20 * 365 * 24 * 3600


class Clock:
    """The clock of servers, which can be turned while they run. `settings`: the environment of these servers."""

    def __init__(self, folder: Path) -> None:
        self._turn = folder / "turn"
        self.turn(0)
        self.settings = {"PYTHONPATH": str(JUMPING), "TURNED_CLOCK": str(self._turn), "GRADWALK_KEEP_DAYS": "1"}

    def turn(self, seconds: int) -> None:
        """Turn the clock by so much, in one step: the server reads it all the time."""
        new = self._turn.with_name("new")
        new.write_text(str(seconds))
        new.rename(self._turn)


def study(running: ServerProcess, clock: Clock, jump: int) -> Classroom:
    """Run programs while the clock jumps and comes back; return the students, who have lost nothing."""
    with running.client() as client:
        with classroom(running) as people:
            for wrong in (jump, 0, jump):
                clock.turn(wrong)
                assert is_healthy(client)
                people.go_on()
            address = people.kept[-1]
            year = datetime.fromisoformat(client.get(address).json()["created_at"]).year
            assert abs(year - datetime.now().year) in (19, 20, 21)  # the clock was really turned
        people.check(client)
    return people


def test_a_clock_that_jumps_and_comes_back(tmp_path: Path, data_dir: Path) -> None:
    clock = Clock(tmp_path)
    with server(data_dir, **clock.settings) as running:
        assert study(running, clock, YEARS).kept


@pytest.mark.slow
@pytest.mark.parametrize("jump", [YEARS, -YEARS], ids=["forward", "back"])
def test_the_next_servers_have_lost_nothing_either(tmp_path: Path, jump: int) -> None:
    """The next one looks through the store with the wrong clock, and another with the right one."""
    clock = Clock(tmp_path)
    with server(tmp_path / "data", **clock.settings) as running:
        people = study(running, clock, jump)
    for wrong in (jump, 0):
        clock.turn(wrong)
        with server(tmp_path / "data", **clock.settings) as running, running.client() as client:
            assert is_healthy(client)
            people.check(client)
            assert client.post("/api/v1/runs", json={"source": PROGRAM}).json()["outcome"]["status"] == "completed"
