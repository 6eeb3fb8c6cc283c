"""Every contribution, gradient and update of every program of tests/cases is explained, and never wrongly."""

from collections import Counter
from pathlib import Path

import pytest

from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.explain.explanation import Explained
from gradwalk.explain.node_explanation import explain_gradient, explain_value
from gradwalk.explain.update_explanation import explain_update
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import canonical
from gradwalk.operations.registry import find
from tests.conftest import Tell
from tests.recorder.oracle import record

CASES = sorted(Path("tests/cases").glob("*.py"))

CHANGED = {
    "hooks_on_leaves", "tensor_hook", "node_hooks", "hook_removed", "module_hooks", "saved_tensors_hooks",
    "numpy_in_and_out",
}  # fmt: skip
"""Programs that change gradients, saved tensors or (through numpy) weights on the way: there the formula disagrees."""


def check(said: Explained, wrong: list[str], name: str) -> None:
    """Every explanation says something, and what it computes is what PyTorch recorded."""
    if not (said.stages.symbols and said.meaning and said.source):
        wrong.append(f"{name}, {said.op}: blank")
    if said.agrees is False:
        wrong.append(f"{name}, {said.op}: {said.computed} is not {said.recorded}")


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.stem))
def test_everything_is_explained(path: Path) -> None:
    wrong: list[str] = []
    for iteration in iterations_of(path):
        for number, backward in enumerate(iteration.body.backward):
            for edge in backward.contributions:
                said = explain(iteration, Subject(edge, number))
                check(said, wrong, f"{edge}, {said.argument}")
            for node, gradients in backward.gradients.items():
                for output in (i for i, gradient in enumerate(gradients) if gradient is not None):
                    check(explain_gradient(iteration, Subject(node, number, output)), wrong, node)
        for node, values in iteration.body.values.items():
            for output in range(len(values)):
                check(explain_value(iteration, Subject(node, output=output)), wrong, node)
        for node, count in Counter(update.node for update in iteration.body.updates).items():
            for number in range(count):
                check(explain_update(iteration, node, number), wrong, node)
    assert path.stem in CHANGED or wrong == []


def iterations_of(path: Path) -> list[IndexedIteration]:
    """Return the first iterations of a program."""
    snapshot = record(path.read_text()).snapshot
    return [
        IndexedIteration.of(snapshot.graphs[body.graph], body, snapshot.tensors) for body in snapshot.iterations[:3]
    ]


def test_most_operations_are_written_by_hand(tell: Tell) -> None:
    """The calls that a gradient flows back through, over all programs: the kind of explanation hangs on the entry."""
    kinds: Counter[bool] = Counter()
    for path in CASES:
        for iteration in iterations_of(path)[:1]:
            for backward in iteration.body.backward:
                for edge in backward.contributions:
                    flow = iteration.graph.flows[edge]
                    entry = find(iteration.call(flow.target))
                    kinds[entry is not None and entry.rule(canonical(flow.edge.argument)) is not None] += 1
    tell(f"{kinds.total()} contributions: {kinds[True] / kinds.total():.1%} written by hand")
    assert kinds[True] > 0.9 * kinds.total()
