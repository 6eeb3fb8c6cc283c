"""What a limit cuts out of the middle of a training: the turns that are there are those of the whole recording."""

import gc
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from gradwalk.contract.snapshot import Iteration, Program, Snapshot
from gradwalk.recorder import Limits, trace
from gradwalk.recorder.program_run import run_program
from gradwalk.recorder.recording_parts import LAST_TURNS
from gradwalk.recorder.records import NodeRecord
from tests.recorder.loop_programs import PATHS
from tests.recorder.oracle import unbalanced
from tests.tiers import rest_at_night

pytestmark = pytest.mark.filterwarnings("ignore")

COUNTED = re.compile(r"(for (?:step|epoch|_|i|t|turn|iteration|episode|n|batch|outer|round|update) in range\()(\d)\)")
MORE = 14
TURNS = 9
"""The least number of turns that can be cut in the middle."""

NAMED_OTHERWISE = {
    "actor_critic": "the part begins where the data have another name",
    "data_iterator_function": "the data are called as the loop calls them, where the recorder has not seen them made",
    "losses_summed_with_their_graphs": "what was summed up before the part is one operation",
}
ON_PUSH = [
    path
    for path in PATHS
    if path.stem in ("gan_label_filled", "lbfgs_with_closure", "loader_epochs", "phases_train_and_val")
]


def lengthened(path: Path) -> str:
    """The program with more turns of its first loop that counts to a small number."""
    return COUNTED.sub(lambda found: f"{found[1]}{int(found[2]) + MORE})", path.read_text("utf-8"), count=1)


def recorded(source: str, limits: Limits) -> Snapshot:
    run = run_program(Program(source=source), limits)
    assert run.outcome.error is None, run.outcome.error
    return run.snapshot()


def place(iteration: Iteration) -> tuple[Any, ...]:
    return iteration.kind, tuple((turn.line, turn.number) for turn in iteration.turns)


def told(snapshot: Snapshot, iteration: Iteration) -> dict[str, Any]:
    """What an iteration tells, whatever the ids of its nodes are."""
    named = {
        node.id: f"{node.name} {node.op} {node.line if node.op else ''}"
        for node in snapshot.graphs[iteration.graph].nodes
    }
    return {
        "loss": iteration.loss,
        "passes before": iteration.passes_before,
        "values": sorted((named[n], str([t.data for t in values])) for n, values in iteration.values.items()),
        "gradients": [
            sorted((named[n], str([t and t.data for t in gradients])) for n, gradients in each.gradients.items())
            for each in iteration.backward
        ],
        "accumulated": [
            sorted((named[n], str(t.data)) for n, t in each.accumulated.items()) for each in iteration.backward
        ],
        "updates": sorted(
            (named[u.node], u.optimizer or "", str(u.before.data), str(u.after.data)) for u in iteration.updates
        ),
    }


@pytest.mark.parametrize("path", rest_at_night(PATHS, ON_PUSH), ids=lambda path: path.stem)
def test_first_and_last_turns_are_those_of_the_whole_recording(path: Path) -> None:
    source = lengthened(path)
    whole = recorded(source, Limits())
    steps = sum(len(iteration.steps) for iteration in whole.iterations)
    cut = recorded(source, Limits(steps=int(0.75 * steps)))
    assert cut.truncated is not None
    assert list(unbalanced(cut)) == []
    expected: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for iteration in whole.iterations:
        expected.setdefault(place(iteration), []).append(told(whole, iteration))
    for iteration in cut.iterations:
        mine = told(cut, iteration)
        if path.stem in NAMED_OTHERWISE:
            mine["values"] = next(iter(expected[place(iteration)]))["values"]
        assert mine in expected[place(iteration)], iteration.index
    if sum(1 for one in whole.iterations if one.turns and one.backward) >= TURNS:
        assert place(cut.iterations[-1]) == place(whole.iterations[-1])
    assert len(cut.graphs) == len(whole.graphs) or path.stem in NAMED_OTHERWISE


def test_the_middle_of_a_long_training_takes_no_memory() -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.Adam(net.parameters())
    alive = []
    with trace(Limits(bytes=300_000)) as recording:
        for turn in range(120):
            loss = net(torch.randn(8, 4)).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if turn in (50, 119):
                gc.collect()
                alive.append(sum(type(one) is NodeRecord for one in gc.get_objects()))
    assert alive[1] < 1.5 * alive[0]
    kept = [iteration.turns[-1].number for iteration in recording.iterations]
    assert kept[-LAST_TURNS:] == list(range(120 - LAST_TURNS, 120))
    assert kept[0] == 0


def test_a_program_that_ends_in_a_gap_has_what_was_recorded() -> None:
    w = torch.ones(3, requires_grad=True)
    with trace(Limits(steps=200)) as recording:
        for turn in range(40):
            loss = (w * turn).square().mean()
            loss.backward()  # type: ignore[no-untyped-call]
            with torch.no_grad():
                w -= 0.01 * w.grad if w.grad is not None else 0
            w.grad = None
            if turn == 25:
                break
    snapshot = recording.snapshot()
    assert snapshot.truncated is not None
    assert len(snapshot.iterations) + len(snapshot.truncated.losses) == 26


def test_an_error_in_the_last_turn_is_marked_there() -> None:
    source = """
import torch
w = torch.ones(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for turn in range(40):
    loss = (w * turn).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if turn == 30:
        w @ torch.ones(2)
"""
    run = run_program(Program(source=source), Limits(steps=150))
    snapshot = run.snapshot()
    assert run.outcome.error is not None
    last = snapshot.iterations[-1]
    assert last.turns[-1].number == 30
    (failed,) = [node.id for node in snapshot.graphs[last.graph].nodes if node.failed]
    assert run.outcome.error.node == failed
