"""The four stages read like a page of a textbook, and bad recordings get a sentence instead of an error."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from gradwalk.contract.snapshot import Snapshot
from gradwalk.errors import ContributionNotFound, EdgeNotFound, ElementOutOfRange, PassNotFound
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain, needed
from gradwalk.explain.explanation import Explanation
from gradwalk.explain.node_explanation import explain_gradient, explain_value
from gradwalk.explain.stages import MOST_TERMS
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import Tensors
from gradwalk.recorder import trace


@pytest.fixture(scope="module")
def neuron() -> Snapshot:
    with trace() as recording:
        x = torch.tensor([1.1])
        w = torch.tensor([2.2], requires_grad=True)
        b = torch.tensor([0.0], requires_grad=True)
        u = w * x
        z = u + b
        a = torch.sigmoid(z)
        loss = F.binary_cross_entropy(a, torch.tensor([1.0]))
        torch.autograd.backward(loss)
    return recording.snapshot()


def first_iteration(snapshot: Snapshot, tensors: Tensors | None = None) -> IndexedIteration:
    """Return the first iteration with the graph of the snapshot."""
    return IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0], tensors or {})


def contribution_to(snapshot: Snapshot, name: str, element: list[int] | None = None) -> Explanation:
    """Explain the first contribution that the leaf or result with this name got."""
    graph = snapshot.graphs[0]
    node = next(node.id for node in graph.nodes if node.name == name)
    edge = next(
        e.id for e in graph.edges if e.source == node and e.id in snapshot.iterations[0].backward[0].contributions
    )
    return explain(first_iteration(snapshot), Subject(edge, element=element))


def test_the_weight_of_the_neuron(neuron: Snapshot) -> None:
    said = contribution_to(neuron, "w")
    assert said.formula == r"u = w \cdot x"
    assert said.stages.symbols == (
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial u} \cdot \frac{\partial u}{\partial w}"
    )
    assert said.stages.local == r"\frac{\partial u}{\partial w} = x"
    assert said.stages.numbers == r"= -0.0817 \cdot 1.1"
    assert said.stages.result == "= -0.0898"
    assert said.agrees
    x = next(node.id for node in neuron.graphs[0].nodes if node.name == "x")
    assert [(read.symbol, read.node) for read in said.terms[0].reads] == [("x", x)]


def test_the_sigmoid_of_the_neuron(neuron: Snapshot) -> None:
    said = contribution_to(neuron, "z")
    assert said.stages.local == r"\frac{\partial a}{\partial z} = a \cdot (1 - a)"
    assert said.stages.numbers == r"= -1.089 \cdot 0.9183 \cdot (1 - 0.9183)"
    assert said.stages.result == "= -0.0817"


def test_the_loss_of_the_neuron(neuron: Snapshot) -> None:
    said = contribution_to(neuron, "a")
    assert said.stages.numbers == r"= 1 \cdot \frac{0.9183 - 1}{0.9183 \cdot (1 - 0.9183)}"
    assert (said.stages.result, said.agrees) == ("= -1.089", True)


def test_a_value_with_its_numbers(neuron: Snapshot) -> None:
    node = next(node.id for node in neuron.graphs[0].nodes if node.name == "u")
    said = explain_value(first_iteration(neuron), Subject(node))
    assert (said.stages.numbers, said.stages.result) == (r"= 2.2 \cdot 1.1", "= 2.42")


def test_what_broadcasting_adds_is_shown() -> None:
    with trace() as recording:
        x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        b = torch.tensor([0.5, 0.5], requires_grad=True)
        z = x * b
        torch.autograd.backward(z.sum())
    said = contribution_to(recording.snapshot(), "b")
    assert said.element == [1]
    assert said.stages.numbers == r"= 1 \cdot 2 + 1 \cdot 4"
    assert said.stages.result == "= 6"
    assert "2 terms are added" in said.meaning


def test_a_long_sum_is_cut_and_says_so() -> None:
    with trace() as recording:
        s = torch.tensor(2.0, requires_grad=True)
        torch.autograd.backward((torch.arange(100.0) * s).sum())
    said = contribution_to(recording.snapshot(), "s")
    assert len(said.terms) == MOST_TERMS
    assert said.rest is not None
    assert said.rest.terms == 100 - MOST_TERMS
    assert sum(float(term.product) for term in said.terms) + float(said.rest.sum) == said.computed == 4950


def test_a_gradient_is_the_sum_of_its_contributions() -> None:
    with trace() as recording:
        w = torch.tensor(3.0, requires_grad=True)
        torch.autograd.backward(w * w + w)
    snapshot = recording.snapshot()
    node = next(node.id for node in snapshot.graphs[0].nodes if node.name == "w")
    said = explain_gradient(first_iteration(snapshot), Subject(node))
    assert (said.computed, said.recorded, said.agrees) == (7.0, 7.0, True)
    assert sorted(float(part.value) for part in said.parts) == [1.0, 3.0, 3.0]
    assert said.accumulated is not None
    assert said.accumulated.after == 7.0


def test_a_tensor_given_three_times_is_explained_by_the_numbers() -> None:
    """Of an attention in several autograd nodes nothing else tells query, key and value apart."""
    with trace() as recording:
        x = torch.linspace(-1, 1, 12, dtype=torch.float64).reshape(1, 3, 4).sin().requires_grad_()
        mask = torch.ones(3, 3, dtype=torch.bool).tril()
        torch.autograd.backward(F.scaled_dot_product_attention(x, x, x, mask).square().sum())
    snapshot = recording.snapshot()
    graph, iteration = snapshot.graphs[0], snapshot.iterations[0]
    indexed = first_iteration(snapshot)
    came_back = [e.id for e in graph.edges if e.id in iteration.backward[0].contributions]
    said = [explain(indexed, Subject(edge)) for edge in came_back[:3]]
    assert sorted(s.argument for s in said) == ["key", "query", "value"]
    assert all(s.agrees for s in said)


def test_the_equation_of_an_einsum_is_written_as_a_sum() -> None:
    with trace() as recording:
        x = torch.ones(2, 2, requires_grad=True)
        torch.autograd.backward(torch.einsum("ij->", x))
    assert contribution_to(recording.snapshot(), "x").formula.endswith(r"\sum_{i,j} x_{ij}")


def test_an_operation_that_is_not_written_by_hand_names_what_pytorch_declares() -> None:
    with trace() as recording:
        x = torch.tensor([0.3], requires_grad=True)
        torch.autograd.backward(torch.special.digamma(x).sum())
    said = contribution_to(recording.snapshot(), "x")
    assert (said.kind, said.computed, said.agrees) == ("declared", None, None)
    assert "polygamma" in said.rule
    assert "polygamma" not in f"{said.formula} {said.meaning} {said.stages}"
    assert said.recorded is not None


class Exp(torch.autograd.Function):
    """Called like one of PyTorch's operations, and wrong."""

    @staticmethod
    def forward(_ctx: Any, x: torch.Tensor) -> torch.Tensor:
        return x.exp()

    @staticmethod
    def backward(_ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        return gradients[0] * 5


@pytest.mark.parametrize("name", ["Exp", "exp", "Sub", "Twice2"])
def test_a_custom_function_is_not_taken_for_an_operation_of_pytorch(name: str) -> None:
    function: Any = type(name, (Exp,), {})
    with trace() as recording:
        w = torch.tensor(2.0, requires_grad=True)
        torch.autograd.backward(function.apply(w))
    said = contribution_to(recording.snapshot(), "w")
    assert (said.op, said.kind, said.recorded, said.measurable) == (name, "unknown", 5, True)
    assert said.source == f"the backward of {name}"
    assert "custom torch.autograd.Function" in said.meaning
    assert "what its own backward does" in said.stages.local
    assert "PyTorch's own formula" not in str(said.note)


def test_numbers_that_are_too_many_are_asked_for() -> None:
    with trace() as recording:
        w = torch.ones(3000, requires_grad=True)
        torch.autograd.backward((w * 3.0).sum())
    snapshot = recording.snapshot()
    without = contribution_to(snapshot, "w", element=[5])
    assert without.computed is None
    assert "too many" in str(without.note)
    wanted = {tensor.id for tensor in needed(first_iteration(snapshot), without.edge)}
    assert wanted <= snapshot.tensors.keys()
    whole = first_iteration(snapshot, snapshot.tensors)
    assert explain(whole, Subject(without.edge, element=[5])).computed == 3.0


@pytest.mark.parametrize(
    ("edge", "number", "element", "error"),
    [
        ("e99", 0, None, EdgeNotFound),
        ("e0", 1, None, PassNotFound),
        ("e0", -1, None, PassNotFound),
        ("e1", 0, None, ContributionNotFound),
        ("e0", 0, [1], ElementOutOfRange),
        ("e0", 0, [0, 0], ElementOutOfRange),
        ("e0", 0, [-2], ElementOutOfRange),
    ],
)
def test_what_is_not_there(neuron: Snapshot, edge: str, number: int, element: list[int] | None, error: type) -> None:
    with pytest.raises(error):
        explain(first_iteration(neuron), Subject(edge, number, element=element))


@pytest.mark.parametrize("shape", [[], [2, 2], [0], [2**40, 2**20], [1] * 70])
def test_a_forged_shape_gets_a_sentence(neuron: Snapshot, shape: list[int]) -> None:
    iteration = neuron.iterations[0].model_copy(deep=True)
    for tensors in iteration.values.values():
        for tensor in tensors:
            vars(tensor)["shape"] = shape
    for edge in iteration.backward[0].contributions:
        said = explain(IndexedIteration.of(neuron.graphs[0], iteration), Subject(edge))
        assert said.meaning
        assert said.computed is not None or said.note
