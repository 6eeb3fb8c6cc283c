"""The programs of tests/cases/limits, recorded with a tenth of the default limits: large tensors, long trainings, and
settings of the program's own. A limit cuts the recording and never the program, and everything that is there is whole.

Each has a header: `cut` names the limit that is reached (`no` for none), `turns` how many turns its loop has, and
`passes` how many backward passes each turn makes, 1 if it is left out. Each prints the loss of every pass.
"""

import contextlib
import io
from functools import cache
from pathlib import Path

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.sandbox.runner import answer_bytes
from gradwalk.sandbox.soundness import GraphIds, graph_is_sound, iteration_is_sound
from tests.recorder.oracle import unbalanced
from tests.recorder.test_odd_programs import run_plainly, settings_kept

pytestmark = pytest.mark.filterwarnings("ignore")

PROGRAMS = sorted((Path(__file__).parent.parent / "cases" / "limits").glob("*.py"))
DEFAULT = Settings()
LIMITS = Limits(
    steps=DEFAULT.recorded_steps // 10,
    bytes=(DEFAULT.recorded_mib << 20) // 10,
    inline_elements=DEFAULT.inline_elements,
    stored_elements=DEFAULT.stored_elements,
    text_bytes=answer_bytes(DEFAULT) // 10,
)
"""A tenth of the default limits. That of time is another one on each machine and left out."""

REASONS = {"bytes": "MiB of tensor data", "steps": f"reached {LIMITS.steps} steps"}


def headers(source: str) -> dict[str, str]:
    lines = [line.removeprefix("# ") for line in source.splitlines() if line.startswith("# ")]
    return {"passes": "1"} | dict(line.split(": ") for line in lines)


@cache
def recorded(source: str) -> tuple[Snapshot, str]:
    """The snapshot of a program, and what it printed."""
    printed = io.StringIO()
    with settings_kept(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        run = run_program(Program(source=source), LIMITS)
        snapshot = run.snapshot()
    assert run.outcome.error is None, run.outcome.error
    return snapshot, printed.getvalue()


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_is_recorded_is_whole_and_the_program_runs_to_its_end(path: Path) -> None:
    source = path.read_text("utf-8")
    told = headers(source)
    turns, passes = int(told["turns"]), int(told["passes"])
    snapshot, printed = recorded(source)
    assert printed == run_plainly(source)[0]
    assert printed.count("\n") == turns * passes

    iterations, truncated = snapshot.iterations, snapshot.truncated
    if told["cut"] == "no":
        assert truncated is None
        assert len(iterations) == turns
    else:
        assert truncated is not None
        assert REASONS[told["cut"]] in truncated.reason
        assert f"in {len(iterations)} iterations" in truncated.reason
        assert 9 <= len(iterations) < turns
    # the same passes and updates in every turn that is there, and every loss, told once
    assert {len(iteration.backward) for iteration in iterations} == {passes}
    assert len({len(iteration.updates) for iteration in iterations}) == 1
    assert iterations[0].updates
    assert {iteration.graph for iteration in iterations} == {0}
    numbers = [iteration.turns[-1].number for iteration in iterations]
    assert numbers == sorted(set(numbers))
    if told["cut"] != "no":
        assert truncated is not None
        kept = 10 if len(numbers) >= 20 else len(numbers) // 3
        assert numbers[:kept] == list(range(kept))
        # a limit that is reached in the last turn leaves that one out
        end = turns - (truncated.gaps[-1].before == len(iterations))
        assert numbers[-kept:] == list(range(end - kept, end))
    losses = [float(line) for line in printed.splitlines()]
    of_turns = [losses[turn * passes : (turn + 1) * passes] for turn in range(turns)]
    assert [i.loss for i in iterations] == pytest.approx([of_turns[turn][0] for turn in numbers], rel=1e-6)
    assert [i.passes_before for i in iterations] == [turn * passes for turn in numbers]
    rest = [loss for turn in range(turns) if turn not in numbers for loss in of_turns[turn]]
    assert ([] if truncated is None else truncated.losses) == pytest.approx(rest, rel=1e-6)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_is_missing_is_said_at_its_place(path: Path) -> None:
    snapshot, printed = recorded(path.read_text("utf-8"))
    losses = [float(line) for line in printed.splitlines()]
    gaps = [] if snapshot.truncated is None else snapshot.truncated.gaps
    told = 0
    for gap in gaps:
        before, after = snapshot.iterations[gap.before - 1], (*snapshot.iterations, None)[gap.before]
        if after is None:
            assert gap.losses == pytest.approx(losses[before.passes_before + len(before.backward) :], rel=1e-6)
            told += len(gap.losses)
            continue
        assert snapshot.truncated is not None
        first, last = before.turns[-1].number + 2, after.turns[-1].number
        assert f"urns {first} to {last} of the loop in line" in snapshot.truncated.reason
        missing = losses[before.passes_before + len(before.backward) : after.passes_before]
        assert gap.losses == pytest.approx(missing, rel=1e-6)
        told += len(gap.losses)
    assert told == (0 if snapshot.truncated is None else len(snapshot.truncated.losses))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_is_recorded_is_sound_and_adds_up(path: Path) -> None:
    snapshot, _ = recorded(path.read_text("utf-8"))
    ids = [GraphIds.of(graph) for graph in snapshot.graphs]
    assert all(graph_is_sound(graph, at) for at, graph in enumerate(snapshot.graphs))
    assert all(iteration_is_sound(iteration, at, ids) for at, iteration in enumerate(snapshot.iterations))
    assert list(unbalanced(snapshot)) == []
    for iteration in snapshot.iterations:
        for each in iteration.backward:
            reached = {node for node, gradients in each.gradients.items() if any(g is not None for g in gradients)}
            edges = {edge.id: edge for edge in snapshot.graphs[iteration.graph].edges}
            assert {edges[edge].source for edge in each.contributions} <= reached
