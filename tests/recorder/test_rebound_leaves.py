"""New leaves under a name of old: where they are updates, and where they are tensors of their own."""

from collections.abc import Iterator

import pytest

from gradwalk.contract.snapshot import Program, Snapshot, Tensor
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

HEADER = "import torch\n"


def run(source: str) -> Snapshot:
    recorded = run_program(Program(source=HEADER + source), Limits())
    assert recorded.outcome.error is None
    return recorded.snapshot()


def numbers(tensor: Tensor | None) -> list[float] | None:
    return None if tensor is None or tensor.data is None else [round(float(x), 4) for x in tensor.data]  # type: ignore[arg-type]


def updates(snapshot: Snapshot) -> Iterator[tuple[int, str | None, list[float] | None, list[float] | None]]:
    """The iteration, name, value before and value after of each update."""
    for at, iteration in enumerate(snapshot.iterations):
        names = {node.id: node.name for node in snapshot.graphs[iteration.graph].nodes}
        for update in iteration.updates:
            yield at, names[update.node], numbers(update.before), numbers(update.after)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            """
x = torch.tensor([1.0, 2.0], requires_grad=True)
(x ** 2).sum().backward()
x = torch.tensor([3.0, 4.0], requires_grad=True)
(x ** 2).sum().backward()
""",
            id="two examples below each other",
        ),
        pytest.param(
            """
for value in (1.0, 2.0):
    x = torch.tensor([value], requires_grad=True)
    (x ** 2).sum().backward()
""",
            id="one example in each turn",
        ),
        pytest.param(
            """
w = torch.tensor([1.0, 2.0], requires_grad=True)
for task in range(2):
    (g,) = torch.autograd.grad((w ** 2).sum(), w)
    fast = (w - 0.1 * g).detach().requires_grad_()
    (fast ** 2).sum().backward()
""",
            id="another variable",
        ),
        pytest.param(
            """
h = torch.zeros(2, requires_grad=True)
w = torch.ones(2, requires_grad=True)
for x in torch.ones(3, 2):
    h = torch.tanh(w * h + x)
    h.sum().backward()
    h = h.detach().requires_grad_()
""",
            id="a hidden state that is cut off",
        ),
        pytest.param(
            """
for batch in torch.ones(2, 3):
    delta = torch.zeros(3, requires_grad=True)
    (delta + batch).square().sum().backward()
    attacked = (batch + 0.1 * delta.grad.sign()).requires_grad_()
    attacked.square().sum().backward()
""",
            id="an attack on each batch",
        ),
    ],
)
def test_a_tensor_of_its_own_is_no_update(source: str) -> None:
    assert list(updates(run(source))) == []


def test_a_restart_begins_with_its_own_value() -> None:
    snapshot = run("""
for start in (3.0, -2.0):
    x = torch.tensor([start], requires_grad=True)
    for step in range(2):
        (x ** 2).sum().backward()
        x = (x - 0.25 * x.grad).detach().requires_grad_()
""")
    assert list(updates(snapshot)) == [
        (0, "x", [3.0], [1.5]),
        (1, "x", [1.5], [0.75]),
        (2, "x", [-2.0], [-1.0]),
        (3, "x", [-1.0], [-0.5]),
    ]


def test_an_update_has_the_gradient_that_the_pass_left() -> None:
    snapshot = run("""
w = torch.tensor([2.0], requires_grad=True)
for step in range(2):
    (w ** 2).sum().backward()
    w = w.detach() - 0.25 * w.grad
    w.requires_grad_()
""")
    assert [numbers(u.gradient) for i in snapshot.iterations for u in i.updates] == [[4.0], [2.0]]
    assert [u.line for i in snapshot.iterations for u in i.updates] == [6, 6]


def test_what_is_clamped_before_it_becomes_a_leaf_is_the_new_value() -> None:
    snapshot = run("""
w = torch.tensor([2.0], requires_grad=True)
for step in range(3):
    (w ** 2).sum().backward()
    with torch.no_grad():
        w = w - 0.5 * w.grad
        w.clamp_(min=0.5)
    w.requires_grad_()
""")
    assert list(updates(snapshot)) == [
        (0, "w", [2.0], [0.5]),
        (1, "w", [0.5], [0.5]),
        (2, "w", [0.5], [0.5]),
    ]


def test_a_clone_of_a_leaf_may_be_updated() -> None:
    snapshot = run("""
x = torch.tensor([2.0], requires_grad=True)
for step in range(2):
    (g,) = torch.autograd.grad((x ** 2).sum(), x)
    x = (x.detach().clone() - 0.25 * g).requires_grad_(True)
""")
    assert list(updates(snapshot)) == [(0, "x", [2.0], [1.0]), (1, "x", [1.0], [0.5])]


def test_an_update_stands_in_its_turn_of_several_loops() -> None:
    snapshot = run("""
w = torch.tensor([2.0], requires_grad=True)
for epoch in range(2):
    for batch in range(2):
        (w ** 2).sum().backward()
        w = (w - 0.25 * w.grad).detach().requires_grad_()
""")
    assert [[turn.number for turn in i.turns] for i in snapshot.iterations] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert [len(i.updates) for i in snapshot.iterations] == [1, 1, 1, 1]
