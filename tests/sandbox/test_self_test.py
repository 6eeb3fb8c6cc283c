import subprocess
import sys

from gradwalk.sandbox import self_test
from tests.sandbox.conftest import Served


def test_every_attempt_works_where_nothing_is_confined() -> None:
    # In a process of its own: it forks, and it signals its parent's group with signal 0.
    command = "from gradwalk.sandbox import self_test; print(sorted(self_test.holes()) == sorted(self_test.ATTEMPTS))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_no_attempt_works_in_a_confined_program(served: Served) -> None:
    answer = served.run("from gradwalk.sandbox import self_test\nprint(self_test.holes(), len(self_test.ATTEMPTS))")
    assert [entry.text for entry in answer.console] == [f"[] {len(self_test.ATTEMPTS)}\n"]
