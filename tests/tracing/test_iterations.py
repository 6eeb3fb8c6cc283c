"""Where one iteration ends and the next begins."""

import pytest

from app.snapshot import Program
from app.tracing import Limits
from app.tracing.program import run_program

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
    assert len(backward.contributions) == 1
