"""Where one iteration ends and the next begins."""

import pytest

from gradwalk.contract.snapshot import LoopTurn, Program, Snapshot
from gradwalk.recorder import Limits
from gradwalk.recorder.iteration_writer import write_turn
from gradwalk.recorder.program_run import run_program
from gradwalk.recorder.trace_options import TraceOptions
from gradwalk.recorder.turns import Turn

HEAD = """import torch
from torch import nn
net = nn.Linear(2, 3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x, y, total = torch.randn(4, 2), torch.tensor([0, 1, 2, 0]), 0.0
for step in range(3):
"""
TRAIN = """
    logits = net(x)
    loss = nn.functional.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
ONE = [0, 0, 0]

LOOPS: dict[str, tuple[str, list[int]]] = {
    "training": (TRAIN, ONE),
    "accuracy_afterwards": (TRAIN + "    accuracy = (logits.argmax(1) == y).float().mean()", ONE),
    "hits_before_and_accuracy_afterwards": (
        TRAIN.replace("    optimizer.zero", "    hits = logits.argmax(1) == y\n    optimizer.zero")
        + "    accuracy = hits.float().mean()",
        ONE,
    ),
    "loss_summed_up": (TRAIN + "    total += loss.item()", ONE),
    "batch_prepared": ("    x = torch.randn(4, 2) / 2" + TRAIN, ONE),
    "gradients_looked_at": (TRAIN + "    norm = sum(p.grad.norm() ** 2 for p in net.parameters()) ** 0.5", ONE),
    # a validation has iterations of its own, which share one graph
    "validation": (TRAIN + "    with torch.no_grad(): (net(x).argmax(1) == y).sum()", [0, 1, 0, 1, 0, 1]),
    "validation_in_inference_mode": (TRAIN + "    with torch.inference_mode(): net(x).sum()", [0, 1, 0, 1, 0, 1]),
    "micro_batches": (
        TRAIN.replace("    optimizer.step()", "    if step == 2: optimizer.step()").replace(
            "    optimizer.zero_grad()", "    if step == 0: optimizer.zero_grad()"
        ),
        ONE,
    ),
    "two_losses": (TRAIN.replace("loss.backward()", "loss.backward(retain_graph=True); logits.sum().backward()"), ONE),
    # its graph shows a failed operation
    "a_pass_that_fails": (
        TRAIN.replace(
            "    loss.backward()", "    try: (loss if step != 1 else logits).backward()\n    except RuntimeError: pass"
        ),
        [0, 1, 0],
    ),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_cut_where_its_steps_begin(name: str) -> None:
    body, graphs = LOOPS[name]
    run = run_program(Program(source=HEAD + body), Limits())
    assert run.outcome.error is None, run.outcome.error
    snapshot = run.snapshot()
    assert [iteration.graph for iteration in snapshot.iterations] == graphs
    for iteration in snapshot.iterations:
        assert iteration.backward or iteration.loss is None


def test_a_pass_over_a_graph_of_an_earlier_iteration_reaches_its_leaves() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
u = torch.ones(2, requires_grad=True)
later = (u * 3).sum()
(w * 2).sum().backward()
(w * 2).sum().backward()
later.backward()
"""
    snapshot = run_program(Program(source=source), Limits()).snapshot()
    last = snapshot.iterations[-1]
    (backward,) = last.backward
    names = {node.id: node.name for node in snapshot.graphs[last.graph].nodes}
    assert {names[node]: tensor.data for node, tensor in backward.accumulated.items()} == {"u": [3, 3]}
    assert len(backward.contributions) == 2


Told = list[tuple[int, object, list[LoopTurn]]]


def heard(source: str, limits: Limits | None = None) -> tuple[Told, Snapshot]:
    """What an observer hears of the iterations, and the snapshot."""
    told: Told = []

    def hear(index: int, loss: object, turns: list[Turn]) -> None:
        told.append((index, loss, [write_turn(turn) for turn in turns]))

    run = run_program(Program(source=source), limits or Limits(), TraceOptions(observer=hear))
    return told, run.snapshot()


@pytest.mark.parametrize("name", LOOPS)
def test_an_observer_hears_of_every_iteration_with_a_pass(name: str) -> None:
    told, snapshot = heard(HEAD + LOOPS[name][0])
    passed = [iteration for iteration in snapshot.iterations if iteration.backward]
    assert told == [(index, iteration.loss, iteration.turns) for index, iteration in enumerate(passed)]


def test_an_observer_hears_of_an_iteration_while_the_program_runs() -> None:
    source = HEAD + TRAIN + "    if step == 2: raise ValueError(step)"
    told: list[int] = []

    def hear(index: int, _loss: object, _turns: list[Turn]) -> None:
        told.append(index)
        if index == 1:
            raise KeyboardInterrupt

    run = run_program(Program(source=source), Limits(), TraceOptions(observer=hear))
    assert run.outcome.error is not None
    assert run.outcome.error.type == "KeyboardInterrupt"
    assert told[:2] == [0, 1]


@pytest.mark.parametrize("steps", [1, 20, 40, 57, 58, 59, 60, 1000])
def test_an_observer_hears_of_what_is_past_the_limit_too(steps: int) -> None:
    """Each backward pass is an iteration's there, wherever the recording stopped."""
    source = HEAD.replace("range(3)", "range(12)") + TRAIN
    whole, _ = heard(source)
    told, snapshot = heard(source, Limits(steps=steps))
    assert (snapshot.truncated is None) == (steps == 1000)
    assert [index for index, _, _ in told] == list(range(12))
    assert told == whole


def test_nothing_recorded_is_nothing_heard() -> None:
    assert heard("x = 1")[0] == []
    assert heard("import torch\nx = torch.ones(1)\ny = x * 2")[0] == []


EPOCHS = """
for epoch in range(2):
    with torch.no_grad():
        before = nn.functional.cross_entropy(net(x), y)
    for batch in range(2):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        after = nn.functional.cross_entropy(net(x), y)
"""


def test_a_validation_tells_the_epoch_that_it_is_in() -> None:
    run = run_program(Program(source=HEAD.replace("for step in range(3):\n", "") + EPOCHS), Limits())
    told = [(i.kind, [turn.number for turn in i.turns]) for i in run.snapshot().iterations]
    epochs = [[("training", [epoch, batch]) for batch in range(2)] for epoch in range(2)]
    after, before, at_last = (("evaluation", [epoch]) for epoch in (0, 1, 1))
    assert told == [*epochs[0], after, before, *epochs[1], at_last]
