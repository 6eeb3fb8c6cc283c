"""What-if runs: an element of a leaf has another value from the leaf's first use on, or the run says why it has not."""

from pathlib import Path

import pytest
import torch

from gradwalk.contract.snapshot import Override, Program, Snapshot, Tensor
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import ProgramRun, run_program
from tests.recorder.test_cases import each_case

NEURON = Path("app/gradwalk/lessons/programs/neuron.py").read_text("utf-8")
MODULE = """
import torch
from torch import nn
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
x = torch.ones(1, 2)
loss = net(x).sum()
loss.backward()
"""
KINDS = """
import torch
whole = torch.tensor([1, 2])
small = torch.tensor([1, 2], dtype=torch.int8)
truth = torch.tensor([True, False])
half = torch.tensor([1.0, 2.0], dtype=torch.float16)
point = torch.tensor(2.0, requires_grad=True)
plane = torch.complex(torch.ones(2), torch.ones(2))
print((whole * 2).tolist(), (small * 2).tolist(), (~truth).tolist(), (half * 2).tolist(), (point * 2).item())
"""


def run(source: str, *changes: tuple[str, list[int], float], limits: Limits | None = None, seed: int = 0) -> ProgramRun:
    overrides = [Override(name=name, index=index, value=value) for name, index, value in changes]
    return run_program(Program(source=source, overrides=overrides, seed=seed), limits or Limits())


def message(run: ProgramRun) -> str:
    assert run.outcome.error is not None
    assert run.outcome.error.type == "OverrideError"
    return run.outcome.error.message


def leaf(snapshot: Snapshot, name: str) -> Tensor:
    """What the leaf held when it was first seen."""
    for iteration in snapshot.iterations:
        for node in snapshot.graphs[iteration.graph].nodes:
            if node.name == name and node.kind != "operation":
                return iteration.values[node.id][0]
    raise AssertionError(name)


def test_a_leaf_has_the_value_at_its_first_use_and_everything_follows_from_it() -> None:
    snapshot = run(NEURON, ("w", [0], -1.5)).snapshot()
    x, w, b, y = torch.tensor([1.1]), torch.tensor([-1.5], requires_grad=True), torch.zeros(1), torch.ones(1)
    loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(x * w + b), y)
    torch.autograd.backward(loss)
    assert snapshot.outcome.status == "completed"
    assert leaf(snapshot, "w").data == [-1.5]
    assert snapshot.iterations[0].loss == pytest.approx(loss.item(), rel=1e-6)
    assert w.grad is not None
    [node] = [node.id for node in snapshot.graphs[0].nodes if node.name == "w"]
    assert snapshot.iterations[0].backward[0].accumulated[node].data == pytest.approx([w.grad.item()], rel=1e-6)


def test_everything_else_stays_the_same() -> None:
    """The same seed gives the same numbers, whatever is set."""
    plain, changed = (run(MODULE, *changes, seed=7).snapshot() for changes in ([], [("net.0.weight", [1, 0], 2.5)]))
    for name in ("x", "net.0.bias", "net.2.weight", "net.2.bias"):
        assert leaf(plain, name).data == leaf(changed, name).data
    before, after = leaf(plain, "net.0.weight").data, leaf(changed, "net.0.weight").data
    assert before is not None
    assert after == [before[0], before[1], 2.5, before[3]]


def test_several_elements_of_several_leaves() -> None:
    source = "import torch\na = torch.zeros(2, 2, 2)\nb = torch.zeros(3)\nprint(a.sum().item(), b.sum().item())\n"
    changes = [("a", [0, 0, 0], 1.0), ("b", [2], 4.0), ("a", [1, 1, 1], 2.0), ("a", [0, 0, 0], 5.0)]
    snapshot = run(source, *changes).snapshot()
    assert snapshot.outcome.status == "completed"
    assert leaf(snapshot, "a").data == [5.0, 0, 0, 0, 0, 0, 0, 2.0]
    assert leaf(snapshot, "b").data == [0, 0, 4.0]


@pytest.mark.parametrize(
    ("name", "index", "value", "data"),
    [
        ("whole", [1], -7, [1, -7]),
        ("small", [0], 127, [127, 2]),
        ("truth", [1], 1, [True, True]),
        ("half", [0], 65504, [65504.0, 2.0]),
        ("point", [], 0.1, [0.1]),
    ],
)
def test_every_kind_of_number_can_be_set(name: str, index: list[int], value: float, data: list[object]) -> None:
    snapshot = run(KINDS, (name, index, value)).snapshot()
    assert snapshot.outcome.status == "completed", snapshot.outcome
    assert leaf(snapshot, name).data == data


WRONG: dict[str, tuple[tuple[str, list[int], float], str]] = {
    "no such leaf": (("v", [0], 1.0), "No leaf is called v. The leaves are: whole, small, truth, half, point"),
    "beyond the end": (("whole", [2], 1), "whole has the shape [2]: it has no element at index [2]"),
    "from the end": (("whole", [-1], 1), "no element at index [-1]"),
    "too few": (("whole", [], 1), "no element at index []"),
    "too many": (("point", [0], 1.0), "point has the shape []: it has no element at index [0]. The index is []."),
    "not whole": (("whole", [0], 2.5), "whole holds int64: 2.5 is not a whole number"),
    "too large for an integer": (("whole", [0], 1e30), "whole holds int64: 1e+30 is not between"),
    "too large for a small one": (("small", [0], 128), "small holds int8: 128 is not between -128 and 127"),
    "neither true nor false": (("truth", [0], 0.5), "truth holds bool: 0.5 is neither 0 nor 1"),
    "too large for a half": (("half", [0], 1e30), "half holds float16: 1e+30 is not between -65504 and 65504"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_told_and_nothing_is_lost(name: str) -> None:
    change, told = WRONG[name]
    plain, wrong = run(KINDS), run(KINDS, change)
    assert told in message(wrong)
    assert message(wrong).endswith("The program ran without that.")
    assert wrong.outcome.status == "failed"
    left, expected = wrong.snapshot(), plain.snapshot()
    assert (left.graphs, left.iterations) == (expected.graphs, expected.iterations)


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
def test_what_torch_refuses_to_write_is_told() -> None:
    source = "import torch\ns = torch.sparse_coo_tensor([[0], [0]], [1.0], (2, 2))\ny = s * 2\n"
    assert "s cannot be 5 at index [0, 0]: Cannot assign to a sparse tensor." in message(
        run(source, ("s", [0, 0], 5.0))
    )


def test_what_fits_is_set_beside_what_does_not() -> None:
    ran = run(KINDS, ("whole", [0], 9), ("v", [], 1.0), ("small", [0], 0.5))
    assert "No leaf is called v" in message(ran)
    assert "0.5 is not a whole number" in message(ran)
    assert leaf(ran.snapshot(), "whole").data == [9, 2]


def test_names_of_modules_are_told() -> None:
    assert "net.0.weight, net.0.bias, net.2.weight, net.2.bias" in message(run(MODULE, ("net.weight", [0, 0], 1.0)))


def test_many_wrong_ones_and_long_names_make_no_book() -> None:
    told = message(run(MODULE, *[("n" * 10_000 + str(number), [0], 1.0) for number in range(1000)]))
    assert "995 more could not be set." in told
    assert len(told) < 2000


def test_a_program_cannot_swallow_it() -> None:
    source = "import torch\ntry:\n    w = torch.ones(1)\n    y = w * 2\nexcept BaseException:\n    pass\n"
    assert "no element" in message(run(source, ("w", [3], 1.0)))


def test_an_error_of_the_programs_own_comes_first() -> None:
    source = "import torch\nraise ValueError('mine')\nw = torch.ones(1)\n"
    error = run(source, ("w", [0], 1.0)).outcome.error
    assert error is not None
    assert (error.type, error.message, error.line) == ("ValueError", "mine", 2)
    assert "No leaf is called w" in str(error.hint)


def test_past_the_limit_of_the_recording_it_is_told() -> None:
    source = "import torch\nfor _ in range(20): torch.ones(1) + 1\nw = torch.ones(1)\nw * 2\n"
    told = message(run(source, ("w", [0], 5.0), limits=Limits(steps=10)))
    assert told.startswith("w could not be set: the recording reached 10 steps before its first use.")


def test_a_leaf_that_gets_its_name_late_is_set_at_its_first_use_all_the_same() -> None:
    source = """
import torch
x, w = torch.tensor([1.0]), torch.tensor([2.0], requires_grad=True)
for _ in range(2):
    loss = (x * w).sum()
    loss.backward()
"""
    snapshot = run(source, ("w", [0], 5.0), ("x", [0], 3.0)).snapshot()
    assert [iteration.loss for iteration in snapshot.iterations] == [15.0, 15.0]
    assert (leaf(snapshot, "x").data, leaf(snapshot, "w").data) == ([3.0], [5.0])


def test_a_parameter_that_is_trained_is_set_once() -> None:
    source = "import torch\nw = torch.tensor([1.0], requires_grad=True)\noptimizer = torch.optim.SGD([w], lr=0.5)\n"
    source += "for _ in range(3):\n    optimizer.zero_grad()\n    (w * 2).sum().backward()\n    optimizer.step()\n"
    snapshot = run(source, ("w", [0], 10.0)).snapshot()
    assert [iteration.loss for iteration in snapshot.iterations] == [20.0, 18.0, 16.0]


# torch's own, when forward-mode differentiation is used for the first time
@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")
@each_case
def test_no_override_is_swallowed(source: str) -> None:
    """Of every leaf that a snapshot names, the first element can be set, or it is told that it was not."""
    plain = run(source).snapshot()
    names = [n.name for g in plain.graphs for n in g.nodes if n.kind != "operation" and n.name is not None]
    for name in list(dict.fromkeys(names))[:2]:
        before = leaf(plain, name)
        if not before.data:
            continue
        value = 0.0 if before.data[0] in (1.0, [1.0, 0.0]) else 1.0
        changed = run(source, (name, [0] * len(before.shape), value))
        error = changed.outcome.error
        if error is not None and "could not be set" in f"{error.message} {error.hint}":
            continue
        after = leaf(changed.snapshot(), name).data
        assert after is not None
        assert after[0] in (value, [value, 0.0]), name


REACHED = {
    "net.0.weight": """
net = nn.Sequential(nn.Linear(2, 1)).to("cpu")
net(torch.ones(2)).sum().backward()
""",
    "params['w']": """
params = {"w": torch.ones(1, 2, requires_grad=True)}
def f(w):
    return (w * 2).sum()
f(params["w"]).backward()
""",
    "layers[0].w": """
class Layer:
    def __init__(self):
        self.w = torch.ones(1, 2, requires_grad=True)
    def __call__(self):
        return self.w * 2
layers = [Layer()]
layers[0]().sum().backward()
""",
    "trainer.model.weight": """
class Trainer:
    def __init__(self):
        self.model = nn.Linear(2, 1)
    def step(self):
        self.model(torch.ones(2)).sum().backward()
trainer = Trainer()
trainer.step()
""",
}


@pytest.mark.parametrize("name", REACHED)
def test_a_leaf_is_changed_by_the_path_that_reaches_it(name: str) -> None:
    ran = run(f"import torch\nfrom torch import nn\n{REACHED[name]}", (name, [0, 1], 7.0))
    assert ran.outcome.error is None
    snapshot = ran.snapshot()
    (leaf,) = [node for node in snapshot.graphs[0].nodes if node.name == name]
    data = snapshot.iterations[0].values[leaf.id][0].data
    assert isinstance(data, list)
    assert data[1] == 7.0
