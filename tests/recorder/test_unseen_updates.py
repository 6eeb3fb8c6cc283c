"""Updates of NumPy arrays and of Python numbers, from which the next leaf is made: only numbers tell of them."""

from itertools import pairwise

import pytest

from gradwalk.contract.snapshot import Iteration, Snapshot
from tests.recorder.oracle import numbers, record

HEAD = "import numpy as np\nimport torch\n"
SHARED = """
a = np.array([1.0, -2.0])
for i in range(4):
    w = torch.from_numpy(a).requires_grad_()
    loss = (w * 3).square().sum()
    loss.backward()
"""

UPDATES = {
    "array_written_in_place": SHARED + "    a -= 0.01 * w.grad.numpy()\n",
    "array_bound_anew": SHARED + "    a = a - 0.01 * w.grad.numpy()\n",
    "gradient_of_a_function": """
def loss_and_gradient(values):
    w = torch.tensor(values, requires_grad=True)
    loss = (w * 3).square().sum()
    loss.backward()
    return loss.item(), w.grad.numpy()
a = np.array([1.0, -2.0], dtype=np.float32)
for i in range(4):
    loss, gradient = loss_and_gradient(a)
    a = a - 0.01 * gradient
""",
    "list_of_numbers": """
values = [1.0, -2.0]
while values[0] > 0.5:
    w = torch.tensor(values, requires_grad=True)
    ((w * 3) ** 2).sum().backward()
    values = [v - 0.01 * g for v, g in zip(values, w.grad.tolist())]
""",
    "autograd_grad": """
a = np.array([1.0, -2.0])
for i in range(4):
    w = torch.as_tensor(a).requires_grad_(True)
    (g,) = torch.autograd.grad((w * 3).square().sum(), w)
    a = a - 0.01 * g.numpy()
""",
    "single_number": """
slope = 2.0
for i in range(4):
    w = torch.tensor(slope, requires_grad=True)
    loss = (w * 3 - 1) ** 2
    loss.backward()
    slope -= 0.01 * w.grad.item()
""",
}

NO_UPDATES = {
    "new_random_numbers": """
for i in range(4):
    w = torch.randn(3, requires_grad=True)
    (w * 3).square().sum().backward()
""",
    "another_number_each_time": """
for slope in (2.0, 1.5, 0.2, -1.0):
    w = torch.tensor(slope, requires_grad=True)
    ((w * 3 - 1) ** 2).backward()
""",
    "the_same_numbers": """
for i in range(4):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    (w * 3).square().sum().backward()
""",
    "integers_in_turn": """
for i in range(4):
    w = torch.tensor([float(i), 1.0], requires_grad=True)
    (w * 3).square().sum().backward()
""",
}


def trained(source: str) -> tuple[Snapshot, list[Iteration]]:
    snapshot = record(HEAD + source).snapshot
    assert snapshot.outcome.error is None
    return snapshot, [iteration for iteration in snapshot.iterations if iteration.backward]


@pytest.mark.parametrize("name", UPDATES)
def test_a_step_that_no_call_shows_is_known_by_its_numbers(name: str) -> None:
    snapshot, turns = trained(UPDATES[name])
    assert len(turns) > 3
    for turn, following in pairwise(turns):
        (update,) = turn.updates
        (leaf,) = (n for n in snapshot.graphs[turn.graph].nodes if n.kind == "parameter")
        assert (update.node, leaf.name) == (leaf.id, "w")
        assert numbers(update.before, snapshot) is not None
        assert update.before.data == turn.values[leaf.id][0].data
        assert update.after.data == following.values[leaf.id][0].data
        gradient = turn.backward[0].gradients[leaf.id][0]
        assert update.gradient is not None
        assert gradient is not None
        assert update.gradient.data == gradient.data
    # what is made of the last gradient is never seen again
    assert turns[-1].updates == []
    assert {turn.graph for turn in turns} == {0}


@pytest.mark.parametrize("name", NO_UPDATES)
def test_a_leaf_that_is_made_anew_without_its_gradient_is_not_updated(name: str) -> None:
    _, turns = trained(NO_UPDATES[name])
    assert [len(turn.updates) for turn in turns] == [0, 0, 0, 0]
