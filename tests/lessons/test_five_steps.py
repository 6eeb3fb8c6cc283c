"""The lesson on the five steps: what its text says, checked against plain PyTorch."""

import pytest

from tests.lessons.saying import asked_for
from tests.lessons.test_programs import run


def losses(printed: str) -> list[float]:
    return [float(line.split()[2].rstrip(",")) for line in printed.splitlines()]


def test_the_distance_halves_every_time() -> None:
    _, printed = run("five-steps")
    assert losses(printed) == [9, 2.25, 0.5625, 0.1406]


def test_once_around() -> None:
    left, printed = run("five-steps", ("range(4)", "range(1)"))
    assert (left["prediction"].item(), left["loss"].item()) == (2, 9)
    assert (left["w"].grad.item(), left["b"].grad.item()) == (-12, -6)
    assert asked_for("five-steps") == [left["w"].grad.item(), 0.5625]
    assert printed == "0: loss 9.0000, w 1.600, b 0.300\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("lr=0.05", "lr=0.1", [9, 0, 0, 0]),
        ("lr=0.05", "lr=0.25", [9, 20.25, 45.5625, 102.5156]),
        ("    loss.backward()\n", "", [9, 9, 9, 9]),
    ],
)
def test_what_there_is_to_try(old: str, new: str, expected: list[float]) -> None:
    assert losses(run("five-steps", (old, new))[1]) == expected
