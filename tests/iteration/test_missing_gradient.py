"""Why no gradient reaches a node: one reason for each, and the same in observations, findings and questions."""

import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import MissingGradient, observe
from tests.findings.recording import CASES, examined, record


def missing_in(snapshot: Snapshot, name: str, index: int = 0) -> MissingGradient | None:
    """Return what is observed of the first node with this name or operation."""
    body = snapshot.iterations[index]
    graph = snapshot.graphs[body.graph]
    node = next(node.id for node in graph.nodes if name in (node.name, node.op))
    observations = observe(IndexedIteration.of(graph, body), snapshot.program.source.splitlines())
    return next((one for one in observations.no_gradient if one.node == node), None)


W = "import torch\nw = torch.tensor(2.0, requires_grad=True)\nv = torch.tensor(3.0, requires_grad=True)\n"

REASONS = {
    "no-backward": (W + "y = w * v\n", "w", "this iteration has no backward pass"),
    "not-required": (W + "x = torch.tensor(1.0)\n(w * x).backward()\n", "x", "it does not require one"),
    "not-asked": (W + "loss = w * v\nloss.backward(inputs=[v])\n", "w", "this pass did not compute one for it"),
    "cut": (W + "y = w * 2\nloss = y.detach() * v\nloss.backward()\n", "w", "detach in line 5 cuts the way back"),
    "numbers-taken-out": (
        W + "y = w * 2\nloss = v * y.item()\nloss.backward()\n", "w", ".item() in line 5 takes the numbers out"
    ),
    "leads-elsewhere": (
        W + "other = w * 2\nloss = v * v\nloss.backward()\n", "w", "nothing leads from it to loss, where backward"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REASONS)
def test_each_reason_has_its_sentence(kind: str) -> None:
    source, name, clause = REASONS[kind]
    found = missing_in(record(source), name)
    assert found is not None
    assert found.reason == kind
    assert found.sentence.startswith(f"No gradient reaches {name}: ")
    assert clause in found.sentence
    assert found.backward_pass == (None if kind == "no-backward" else 0)


def test_a_leaf_that_no_operation_uses() -> None:
    snapshot = record((CASES / "unused-parameter" / "shows.py").read_text("utf-8"))
    finding = next(finding for finding in examined(snapshot) if finding.code == "unused-parameter")
    node = next(node for node in snapshot.graphs[0].nodes if node.id == finding.node)
    found = missing_in(snapshot, node.name or "")
    assert found is not None
    assert (found.reason, found.sentence) == ("unused", f"No gradient reaches {node.name}: no operation uses it.")


def test_a_node_that_a_gradient_reaches_has_no_reason() -> None:
    assert missing_in(record(W + "(w * v).backward()\n"), "w") is None


def test_a_node_that_only_the_second_pass_reaches_is_listed_with_the_first() -> None:
    found = missing_in(record(W + "a, b = v * 3, w * v\na.backward()\nb.backward()\n"), "w")
    assert found is not None
    assert (found.backward_pass, found.reason) == (0, "leads-elsewhere")


def test_a_detached_result_says_what_cut_it() -> None:
    found = missing_in(record(W + "y = w * 2\n(y.detach() * v).backward()\n"), "detach")
    assert found is not None
    assert (found.reason, "detach in line 5 cuts" in found.sentence) == ("cut", True)


@pytest.mark.parametrize("path", sorted((CASES / "gradient-none").glob("shows*.py")), ids=lambda path: str(path.stem))
def test_the_finding_gives_the_same_reason(path: str) -> None:
    snapshot = record(CASES.joinpath(path).read_text("utf-8"))
    finding = next(finding for finding in examined(snapshot) if finding.code == "gradient-none")
    assert finding.iteration is not None
    body = snapshot.iterations[finding.iteration]
    indexed = IndexedIteration.of(snapshot.graphs[body.graph], body)
    observed = observe(indexed, snapshot.program.source.splitlines()).no_gradient
    (one,) = [one for one in observed if one.node == finding.node]
    if not body.backward:
        # this part ran before the forward pass of the loss, in an iteration of its own
        assert one.reason == "no-backward"
        return
    assert finding.why.partition(" is None: ")[2] == one.sentence.partition(": ")[2]


def test_many_nodes_behind_one_cut_take_no_longer_than_the_graph() -> None:
    source = W + "y = w\nfor _ in range(1500):\n    y = y * 1.0\n(y.detach() * v).backward()\n"
    snapshot = record(source)
    body = snapshot.iterations[0]
    observed = observe(IndexedIteration.of(snapshot.graphs[body.graph], body)).no_gradient
    assert len([one for one in observed if one.reason == "cut"]) > 1500
    assert len({one.sentence.partition(": ")[2] for one in observed if one.reason == "cut"}) == 1
