"""The hostile programs and what the first lines of each say must hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "hostile"

REFUSED: Final = "refused"
"""What happens to a program that the API does not take."""

_STATUS_OF_KIND: Final = {
    "ok": "completed",
    "error": "failed",
    "time": "timed_out",
    "memory": "out_of_memory",
    "output": "output_exceeded",
    "crash": "crashed",
    "no-result": "crashed",
    "bad-result": "crashed",
    "result-too-big": "crashed",
}

_DIFFERENT: Final = {
    # Bytes that are no UTF-8 are no JSON, and a megabyte is more than a program may have.
    "115_source_not_utf8": {REFUSED},
    "112_source_1mb": {REFUSED},
}


@dataclass(frozen=True)
class Attack:
    """One program. `outcomes`: the statuses that its run may end with. `slow`: whether it may run into a limit."""

    name: str
    source: str
    outcomes: frozenset[str]
    slow: bool


def read(path: Path) -> Attack:
    """The program of a file. Raises ValueError when its first lines do not say what must hold."""
    expect, kinds = (line.decode() for line in path.read_bytes().split(b"\n", 2)[:2])
    if not expect.startswith("# expect: ") or not kinds.startswith("# kinds: "):
        raise ValueError(f"{path.name} must begin with '# expect:' and '# kinds:'")
    named = kinds.removeprefix("# kinds: ").strip().split(",")
    outcomes = _DIFFERENT.get(path.stem) or {_STATUS_OF_KIND[kind] for kind in named}
    if "memory" in named:  # on a busy machine a program may run out of time before it runs out of memory
        outcomes = outcomes | {_STATUS_OF_KIND["time"]}
    source = path.read_bytes().decode("utf-8", "surrogateescape")
    return Attack(path.stem, source, frozenset(outcomes), slow=not {"time", "memory"}.isdisjoint(named))


ATTACKS: Final = [read(path) for path in sorted(FOLDER.glob("*.py"))]

_TOUCHING_WHAT_DIFFERS: Final = {
    *(1, 4, 7, 10, 13, 16, 19, 22, 127, 130, 133, 201, 203, 206, 209, 210, 214, 215),
    *(216, 218, 220, 222, 223, 224, 225, 226, 230, 232),
}
"""Numbers of the programs that try files, sockets, other processes, users and name spaces: what Landlock, name spaces
and a user of its own keep from them where there is more than seccomp.
"""

SAMPLE: Final = [attack for attack in ATTACKS if int(attack.name[:3]) in _TOUCHING_WHAT_DIFFERS]
"""A part of the corpus, for confinements that hold more than seccomp alone."""

_ONE_OF_EACH_LIMIT: Final = {37, 46, 55, 70, 316, 340, 361}
"""Numbers of programs that run into a limit: of memory, of the processor's time, of time while it sleeps, of text, of
the stack; one that steps over the end of its time, and one that prints when its memory is gone.
"""

QUICK: Final = [attack for attack in ATTACKS if not attack.slow or int(attack.name[:3]) in _ONE_OF_EACH_LIMIT]
"""The corpus without most of the programs that go on until a limit ends them."""
