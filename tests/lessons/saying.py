"""What a lesson's text says, and the gradients between the leaves that it speaks of, from plain PyTorch."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.lessons.test_programs import run

TEXTS = Path("app/gradwalk/lessons/texts")


def asked_for(slug: str) -> list[float]:
    """The right answers to a lesson's questions for a number, in their order."""
    text = (TEXTS / f"{slug}.md").read_text("utf-8")
    return [float(answer) for answer in re.findall(r"^= (\S+) \|", text, re.M)]


def says(slug: str, *parts: str) -> bool:
    """Whether all these parts stand in a lesson's text; where a line ends does not matter."""
    text = " ".join((TEXTS / f"{slug}.md").read_text("utf-8").split())
    missing = [part for part in parts if part not in text]
    assert missing == []
    return True


def near(value: float | list[float]) -> Any:
    """Equal in the three digits after the point that a text shows."""
    return pytest.approx(value, abs=0.0006)


def run_keeping(slug: str, names: list[str], *replacements: tuple[str, str], backward: str = "loss") -> dict[str, Any]:
    """The variables that a lesson's program leaves, where the results of these names keep their `.grad`. `backward`:
    what its backward pass starts from.
    """
    call = f"{backward}.backward()"
    kept = "".join(f"{name}.retain_grad(); " for name in names)
    return run(slug, (call, kept + call), *replacements)[0]
