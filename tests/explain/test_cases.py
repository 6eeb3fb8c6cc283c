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
from tests.conftest import AddUp
from tests.recorder.oracle import record

CASES = sorted(Path("tests/cases").glob("*.py"))

CHANGED = {
    "hooks_on_leaves", "tensor_hook", "node_hooks", "hook_removed", "module_hooks", "saved_tensors_hooks",
    "numpy_in_and_out",
}  # fmt: skip
"""Programs that change gradients, saved tensors or (through numpy) weights on the way: there the formula disagrees."""


WRITTEN_OVER = {
    "data_loader", "diagonal_filled", "embedding_padding", "initialization", "row_added_twice",
}  # fmt: skip
"""Programs in which a tensor was written over between its use and its recording: a value has no numbers there."""


def check(said: Explained, wrong: list[str], name: str) -> None:
    """Every explanation says something, and what it computes is what PyTorch recorded."""
    if not (said.stages.symbols and said.meaning and said.source):
        wrong.append(f"{name}, {said.op}: blank")
    if said.agrees is False:
        wrong.append(f"{name}, {said.op}: {said.computed} is not {said.recorded}")


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.stem))
def test_everything_is_explained(path: Path, add_up: AddUp) -> None:
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    written_over: list[str] = []
    for iteration in iterations_of(path):
        for number, backward in enumerate(iteration.body.backward):
            for edge in backward.contributions:
                said = explain(iteration, Subject(edge, number))
                kinds[said.kind] += 1
                check(said, wrong, f"{edge}, {said.argument}")
            for node, gradients in backward.gradients.items():
                for output in (i for i, gradient in enumerate(gradients) if gradient is not None):
                    check(explain_gradient(iteration, Subject(node, number, output)), wrong, node)
        for node, values in iteration.body.values.items():
            for output in range(len(values)):
                value = explain_value(iteration, Subject(node, output=output))
                check(value, wrong, node)
                if "changed in place" in str(value.note):
                    written_over.append(node)
        for node, count in Counter(update.node for update in iteration.body.updates).items():
            for number in range(count):
                check(explain_update(iteration, node, number), wrong, node)
    for kind, count in kinds.items():
        add_up(f"contributions of the cases, {kind}", count)
    assert path.stem in CHANGED or wrong == []
    assert bool(written_over) == (path.stem in WRITTEN_OVER)


def test_most_are_written_by_hand() -> None:
    kinds: Counter[str] = Counter()
    for path in CASES:
        for iteration in iterations_of(path)[:1]:
            for number, backward in enumerate(iteration.body.backward):
                kinds.update(explain(iteration, Subject(edge, number)).kind for edge in backward.contributions)
    assert kinds.total() > 1000
    assert kinds["hand-written"] > 0.9 * kinds.total()


def iterations_of(path: Path) -> list[IndexedIteration]:
    """Return the first iterations of a program."""
    snapshot = record(path.read_text()).snapshot
    return [
        IndexedIteration.of(snapshot.graphs[body.graph], body, snapshot.tensors) for body in snapshot.iterations[:3]
    ]
