"""The gradient of a whole tensor in one line: what the line says is what autograd computes."""

from collections.abc import Callable

import pytest
import torch

from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.iteration.indexed_iteration import IndexedIteration
from tests.operations.samples import leaves
from tests.operations.test_entries import recorded

Line = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""A function of the input, the result and the gradient that arrived."""


def normed(x: torch.Tensor, _y: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
    sigma = (x.var(1, correction=0, keepdim=True) + 1e-5).sqrt()
    unit = (x - x.mean(1, keepdim=True)) / sigma
    return (g - g.mean(1, keepdim=True) - unit * (g * unit).mean(1, keepdim=True)) / sigma


LINES: dict[str, tuple[str, Line]] = {
    "F.softmax(x, dim=1)": (r"\odot (g - \sum_{k} g_{k}", lambda _, y, g: y * (g - (g * y).sum(1, keepdim=True))),
    "F.softmin(x, dim=1)": (r"= -", lambda _, y, g: -y * (g - (g * y).sum(1, keepdim=True))),
    "F.log_softmax(x, dim=1)": (
        r"g - e^{\text{result}} \odot \sum_{k} g_{k}", lambda _, y, g: g - y.exp() * g.sum(1, keepdim=True)
    ),
    "F.layer_norm(x, (3,))": (r"\underbrace{g}_{\text{own}} - \underbrace{\operatorname{mean}(g)}", normed),
    "F.cross_entropy(x, t)": (
        r"\frac{p - y}{n}", lambda x, _, g: g * (x.softmax(1) - torch.eye(3)[torch.tensor([0, 2])]) / 2
    ),
    "F.binary_cross_entropy_with_logits(x, q.detach(), reduction='none')": (
        "(p - y)", lambda x, _, g: g * (x.sigmoid() - leaves()["q"].detach())
    ),
}  # fmt: skip


@pytest.mark.parametrize("expression", LINES)
def test_the_line_says_what_autograd_computes(expression: str) -> None:
    latex, line = LINES[expression]
    snapshot = recorded(expression)
    iteration = IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])
    backward = iteration.body.backward[0]
    node = iteration.graph.operations[-1]
    edge = next(flow.edge for flow in iteration.graph.into[node.id] if flow.edge.id in backward.contributions)
    assert latex in explain(iteration, Subject(edge.id)).whole
    [gradient] = backward.gradients[node.id]
    arrays = [
        iteration.array(one)
        for one in (iteration.body.values[edge.source][0], iteration.body.values[node.id][0], gradient)
    ]
    found = line(*(torch.tensor(array) for array in arrays))
    expected = torch.tensor(iteration.array(backward.contributions[edge.id]))
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12, check_dtype=False)
