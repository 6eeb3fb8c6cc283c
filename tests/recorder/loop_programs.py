"""The training programs of tests/cases/loops, and what the comments at their top say about them.

A header is a comment `# key: value`. Numbers of which several are right are written `1 or 2`.

| key | value |
|---|---|
| turns | how many iterations have a backward pass or an update: the turns of the program's training loop |
| graphs | how many different graphs these turns have |
| passes | how many backward passes each turn has; 1 when it is left out, 0 where gradients are written by hand |
| names | the names that every turn shows: leaves, and data that the turn itself prepares |
| updates | the leaves that every turn updates |
| by hand | variables whose new value the program makes itself, out of autograd's sight |
| evaluations | how many iterations have neither a pass nor an update, such as a validation; 0 when it is left out |
| loops | every loop around a turn, outermost first, and in how many of its turns something is trained |
| leaf | the value of a leaf in the first turn, row-major: `model.weight [0.5, 0.5]` |
| edges | how many edges lead into each node of an operation: `linear 3` |

An iteration is one turn of the innermost loop statement around a backward pass and the update that uses its gradients;
of nested loops that both have such a pair, the outermost. Where nothing is updated it is the innermost loop around the
pass, unless all passes go through one graph that was made before the loop, or a later pass goes through all turns.
Programs without a loop begin an iteration with the first differentiable operation after a pass.
"""

import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "cases" / "loops"
PATHS = sorted(FOLDER.glob("*.py"))


@dataclass
class LoopProgram:
    """A program and what its headers say."""

    source: str
    turns: frozenset[int] = frozenset()
    graphs: frozenset[int] = frozenset()
    passes: frozenset[int] = frozenset({1})
    evaluations: frozenset[int] = frozenset({0})
    names: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    loops: dict[str, int] = field(default_factory=dict)
    leaf: dict[str, list[float]] = field(default_factory=dict)
    edges: dict[str, int] = field(default_factory=dict)

    def read(self, key: str, value: str) -> None:
        """Take over one header. Raises ValueError where it is not as described above."""
        if key in ("turns", "graphs", "passes", "evaluations"):
            setattr(self, key, frozenset(int(number) for number in value.split(" or ")))
        elif key in ("names", "updates", "by hand"):
            setattr(self, key.replace(" ", "_"), value.split())
        elif key == "loops":
            self.loops = {name: int(count) for name, count in (loop.split("=") for loop in value.split())}
        elif key == "leaf":
            name, numbers = value.split(" ", 1)
            self.leaf[name] = json.loads(numbers)
        elif key == "edges":
            operation, count = value.split()
            self.edges[operation] = int(count)
        else:
            raise ValueError(f"unknown header {key!r}")

    def check(self) -> None:
        """Raise ValueError where a header is missing, or two of them contradict one another."""
        if not self.turns or not self.graphs:
            raise ValueError("turns and graphs must be said")
        if self.loops and self.turns != {math.prod(self.loops.values())}:
            raise ValueError(f"the loops {self.loops} do not make {set(self.turns)} turns")


@cache
def loop_program(path: Path) -> LoopProgram:
    """The program of a file, its headers read. Raises ValueError, with the file's name, where one of them is wrong."""
    source = path.read_text("utf-8")
    program = LoopProgram(source)
    try:
        for line in source.splitlines():
            if not line.startswith("# "):
                break
            key, _, value = line.removeprefix("# ").partition(":")
            program.read(key, value.strip())
        program.check()
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return program
