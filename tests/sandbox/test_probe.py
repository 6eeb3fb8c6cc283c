import subprocess
import sys

from app.sandbox import probe
from tests.sandbox.conftest import Served


def test_every_attempt_works_where_nothing_is_confined() -> None:
    # In a process of its own: it forks, and it signals its parent's group with signal 0.
    command = "from app.sandbox import probe; print(sorted(probe.holes()) == sorted(probe.ATTEMPTS))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_no_attempt_works_in_a_confined_program(served: Served) -> None:
    answer = served.run("from app.sandbox import probe\nprint(probe.holes(), len(probe.ATTEMPTS))")
    assert [entry.text for entry in answer.console] == [f"[] {len(probe.ATTEMPTS)}\n"]
