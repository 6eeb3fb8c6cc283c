"""Names that point at exactly one node."""

from tests.questions.asking import iteration_of, lesson, recorded

PROGRAM = """import torch
u = torch.tensor(2.0, requires_grad=True)
w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = u * 3 + u * u + (w.exp() * w.exp()).sum() + w[0] * u
loss = loss + u ** 2
loss.backward()
"""


def names(source: str) -> list[str]:
    """The names of all operations."""
    graph = iteration_of(recorded(source)).graph
    return [graph.names[node.id] for node in graph.operations]


def test_an_operation_is_called_as_it_is_written() -> None:
    found = names(PROGRAM)
    assert found[:2] == ["u × 3 in line 4", "u × u in line 4"]
    assert "u ^ 2 in line 5" in found


def test_what_is_alike_is_counted_or_has_its_line() -> None:
    found = names(PROGRAM)
    assert "the first exp(w) in line 4" in found
    assert "the second exp(w) in line 4" in found
    assert [name for name in found if name.startswith("loss")] == ["loss in line 4", "loss in line 5"]


def test_a_layer_tells_apart_what_stands_in_one_line() -> None:
    source = """import torch
from torch import nn
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
net(torch.ones(1, 2))
"""
    assert names(source) == ["linear of net.0 in line 4", "linear of net.1 in line 4"]


def test_a_name_of_python_is_none_for_a_reader() -> None:
    assert not any("__" in name for name in names(lesson("norms")))
