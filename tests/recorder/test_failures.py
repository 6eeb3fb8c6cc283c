"""Programs that raise, at every place where a program can: what ran is kept, the operation that raised is marked, the
line is the user's own, and the exception is the one that the program would have raised without the recorder.
"""

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import pytest
import torch

from gradwalk.contract.snapshot import Phase, Program, Snapshot
from gradwalk.recorder import Limits, trace
from gradwalk.recorder.program_run import run_program
from tests.recorder.oracle import registered, unbalanced


@dataclass(frozen=True)
class Failure:
    """A program whose line with the word HERE raises `error`.

    `operation`: the name of the node marked failed, null when no torch operation raised; `kept`: the operations that
    ran before it, which the recording still has.
    """

    source: str
    error: str
    phase: Phase | None
    operation: str | None
    kept: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        return next(i for i, line in enumerate(self.source.splitlines(), start=1) if "HERE" in line)


FAILURES = {
    "forward_in_a_function": Failure(
        """import torch
w = torch.ones(3, 2, requires_grad=True)
def layer(x):
    h = x.exp()
    return h @ w  # HERE
layer(torch.ones(1, 3) * 2)
layer(torch.ones(1, 2) * 2)
""",
        "RuntimeError",
        "forward",
        "matmul",
        ("mul", "exp", "matmul", "mul", "exp"),
    ),
    "forward_in_a_sequential": Failure(
        """import torch
from torch import nn
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(5, 1))
x = torch.ones(2, 3)
y = model(x)  # HERE
""",
        "RuntimeError",
        "forward",
        "linear",
        ("linear", "tanh"),
    ),
    "forward_of_a_list": Failure(
        "import torch\nw = torch.ones(2, 2, requires_grad=True)\na = w * 2\nb = torch.cat([a, torch.ones(3)])  # HERE",
        "RuntimeError",
        "forward",
        "cat",
        ("mul",),
    ),
    "forward_indexing": Failure(
        "import torch\nx = torch.ones(3, requires_grad=True)\ny = x.cumsum(0)\nz = y[5]  # HERE\n",
        "IndexError",
        "forward",
        "__getitem__",
        ("cumsum",),
    ),
    "forward_set_item": Failure(
        "import torch\nx = torch.ones(3, requires_grad=True)\ny = x * 2\ny[:2] = torch.ones(5)  # HERE\n",
        "RuntimeError",
        "forward",
        "__setitem__",
        ("mul",),
    ),
    "forward_in_place_on_a_leaf": Failure(
        "import torch\nw = torch.ones(3, requires_grad=True)\ny = w * 2\nw += 1  # HERE\n",
        "RuntimeError",
        "forward",
        "add_",
        ("mul",),
    ),
    "forward_deep_in_a_library": Failure(
        """import torch
from torch import nn
attention = nn.MultiheadAttention(4, 2)
x = torch.ones(3, 1, 4)
h = x * 2
out, _ = attention(h, h, torch.ones(2, 1, 4))  # HERE
""",
        "AssertionError",
        "forward",
        None,
        ("mul",),
    ),
    "forward_target_out_of_range": Failure(
        """import torch
import torch.nn.functional as F
logits = torch.ones(2, 3, requires_grad=True) * 2
loss = F.cross_entropy(logits, torch.tensor([0, 7]))  # HERE
""",
        "IndexError",
        "forward",
        "cross_entropy",
        ("mul",),
    ),
    "forward_custom_function": Failure(
        """import torch
class Broken(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        raise ValueError("no forward")  # HERE
x = torch.ones(2, requires_grad=True)
y = Broken.apply(x * 2)
""",
        "ValueError",
        None,
        None,
        ("mul",),
    ),
    "between_operations": Failure(
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\n{}['missing']  # HERE\n",
        "KeyError",
        None,
        None,
        ("mul",),
    ),
    "forward_module_hook": Failure(
        """import torch
from torch import nn
model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
def hook(module, args, output):
    raise ValueError("in a module hook")  # HERE
model[1].register_forward_hook(hook)
model(torch.ones(1, 2))
""",
        "ValueError",
        None,
        None,
        ("linear", "tanh"),
    ),
    "backward_of_a_vector": Failure(
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\ny.backward()  # HERE\n",
        "RuntimeError",
        "backward",
        None,
        ("mul",),
    ),
    "backward_twice": Failure(
        """import torch
x = torch.ones(2, requires_grad=True)
h = x.exp()
y = h.sum()
y.backward()
y.backward()  # HERE
""",
        "RuntimeError",
        "backward",
        "exp",
        ("exp", "sum"),
    ),
    "backward_after_in_place": Failure(
        """import torch
x = torch.ones(2, requires_grad=True)
h = (x * 2).sigmoid()
y = (h * 3).sum()
h.mul_(2)
y.backward()  # HERE
""",
        "RuntimeError",
        "backward",
        "sigmoid",
        ("mul", "sigmoid", "mul", "sum", "mul_"),
    ),
    "backward_of_a_custom_function": Failure(
        """import torch
class Broken(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, gradient):
        raise ValueError("no backward")  # HERE
x = torch.ones(2, requires_grad=True)
y = Broken.apply(x.exp())
z = y.sum()
z.backward()
""",
        "ValueError",
        "backward",
        "Broken",
        ("exp", "sum"),
    ),
    "backward_tensor_hook": Failure(
        """import torch
def hook(gradient):
    raise ValueError("in a hook")  # HERE
x = torch.ones(2, requires_grad=True)
h = x.exp()
h.register_hook(hook)
y = (h * 2).sum()
y.backward()
""",
        "ValueError",
        "backward",
        "exp",
        ("exp", "mul", "sum"),
    ),
    "backward_leaf_hook": Failure(
        """import torch
def hook(gradient):
    raise ValueError("in a hook")  # HERE
w = torch.ones(2, requires_grad=True)
w.register_hook(hook)
y = (w * 2).sum()
y.backward()
""",
        "ValueError",
        "backward",
        None,
        ("mul", "sum"),
    ),
    "backward_unused_input": Failure(
        """import torch
x = torch.ones(2, requires_grad=True)
z = torch.ones(2, requires_grad=True)
y = (x * 2).sum()
torch.autograd.grad(y, z)  # HERE
""",
        "RuntimeError",
        "backward",
        None,
        ("mul", "sum"),
    ),
    "optimizer_step": Failure(
        """import torch
from torch import nn
embedding = nn.Embedding(4, 2, sparse=True)
optimizer = torch.optim.Adam(embedding.parameters())
loss = embedding(torch.tensor([1])).sum()
loss.backward()
optimizer.step()  # HERE
""",
        "RuntimeError",
        "update",
        None,
        ("embedding", "sum"),
    ),
    "optimizer_closure": Failure(
        """import torch
w = torch.ones(2, requires_grad=True)
optimizer = torch.optim.LBFGS([w])
def closure():
    loss = (w**2).sum()
    return loss @ w  # HERE
optimizer.step(closure)
""",
        "RuntimeError",
        "forward",
        "matmul",
        ("pow", "sum"),
    ),
    "optimizer_of_the_user": Failure(
        """import torch
class Half(torch.optim.Optimizer):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p -= 0.5 * p.grad
                raise ValueError("half way")  # HERE
w = torch.ones(2, requires_grad=True)
optimizer = Half([w], {})
(w * 3).sum().backward()
optimizer.step()
""",
        "ValueError",
        "update",
        None,
        ("mul", "sum"),
    ),
    "update_by_hand": Failure(
        """import torch
w = torch.ones(2, requires_grad=True)
(w * 3).sum().backward()
with torch.no_grad():
    w -= torch.ones(3)  # HERE
""",
        "RuntimeError",
        None,
        None,
        ("mul", "sum"),
    ),
}

each_failure = pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)


def run(failure: Failure) -> Snapshot:
    return run_program(Program(source=failure.source), Limits()).snapshot()


@each_failure
def test_the_error_is_told_with_the_users_own_line(failure: Failure) -> None:
    error = run(failure).outcome.error
    assert error is not None
    assert (error.type, error.line) == (failure.error, failure.line)


@each_failure
def test_what_ran_is_kept(failure: Failure) -> None:
    snapshot = run(failure)
    ran = [n.op for graph in snapshot.graphs for n in graph.nodes if n.kind == "operation" and n.outputs > 0]
    assert [op for op in ran if op in failure.kept] == list(failure.kept)
    assert list(unbalanced(snapshot)) == []
    for iteration in snapshot.iterations:
        assert [step.index for step in iteration.steps] == list(range(len(iteration.steps)))


@each_failure
def test_the_operation_that_raised_is_marked(failure: Failure) -> None:
    snapshot = run(failure)
    error = snapshot.outcome.error
    assert error is not None
    marked = [n for n in snapshot.graphs[-1].nodes if n.failed]
    if failure.operation is None:
        assert error.node is None or error.node in [n.id for n in marked]
        return
    assert [(n.op, n.id) for n in marked] == [(failure.operation, error.node)]
    assert error.phase == failure.phase


@each_failure
def test_the_phase_is_told_where_torch_raised(failure: Failure) -> None:
    error = run(failure).outcome.error
    assert error is not None
    assert failure.phase is None or error.phase == failure.phase


@each_failure
def test_the_exception_is_the_programs_own(failure: Failure) -> None:
    """Type, message, causes and the frames of the program and below, as without the recorder."""
    plain = raised(failure.source)
    with trace():
        recorded = raised(failure.source)
    assert type(recorded) is type(plain)
    assert str(recorded) == str(plain)
    assert type(recorded.__cause__) is type(plain.__cause__)
    assert type(recorded.__context__) is type(plain.__context__)
    assert getattr(recorded, "__notes__", None) == getattr(plain, "__notes__", None)
    ours, theirs = frames(recorded.__traceback__), frames(plain.__traceback__)
    assert [f for f in ours if f[0] == FILE] == [f for f in theirs if f[0] == FILE]
    assert ours[-1] == theirs[-1]
    # a call that is recorded goes through its own function twice: theirs in ours, in order
    rest = iter(ours)
    assert all(frame in rest for frame in theirs)


FILE = "failing.py"
UNAVOIDABLE = ("/gradwalk/recorder/", "/torch/overrides.py", "/torch/nn/modules/module.py")
"""Frames that recording cannot hide: its own, torch's way to it, and a module's call, which runs global hooks."""


def raised(source: str) -> BaseException:
    torch.manual_seed(0)
    try:
        exec(compile(source, FILE, "exec"), {"__name__": "__main__"})
    except BaseException as error:
        return error
    raise AssertionError("the program did not raise")


def frames(start: TracebackType | None) -> list[tuple[str, str, int | None]]:
    found = [(f.filename, f.name, f.lineno) for f in traceback.extract_tb(start)]
    return [f for f in found if f[0] != __file__ and not any(part in f[0] for part in UNAVOIDABLE)]


@each_failure
def test_nothing_of_the_recorder_stays_behind(failure: Failure) -> None:
    before = registered()
    run(failure)
    assert registered() == before


def test_the_exception_object_passes_through_untouched() -> None:
    """From a hook in the middle of backward, from a module's forward and from a closure of an optimizer."""
    error = ValueError("mine")

    def fail(*_: object) -> None:
        raise error

    w = torch.ones(2, requires_grad=True)
    h: Any = w * 2
    h.register_hook(fail)
    model = torch.nn.Linear(2, 1)
    model.register_forward_hook(fail)
    optimizer: Any = torch.optim.SGD([w], lr=0.1)
    calls: tuple[Callable[[], Any], ...] = (lambda: h.sum().backward(), lambda: model(w), lambda: optimizer.step(fail))
    for call in calls:
        with pytest.raises(ValueError, match="mine") as caught, trace():
            call()
        assert caught.value is error
        assert error.__cause__ is None
        assert error.__context__ is None


def test_a_program_that_catches_its_error_goes_on_and_so_does_the_recording() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
try:
    h = w @ torch.ones(3)
except RuntimeError:
    h = w @ torch.ones(2)
h.backward()
"""
    snapshot = run_program(Program(source=source), Limits()).snapshot()
    assert snapshot.outcome.status == "completed"
    operations = [(n.op, n.failed) for n in snapshot.graphs[-1].nodes if n.kind == "operation"]
    assert operations == [("matmul", True), ("matmul", False)]
    assert len(snapshot.iterations[-1].backward) == 1


@pytest.mark.parametrize(
    "expression", ["bool(x)", "x.item()", "x.numpy()", "float(x)", "x.view(5)", "len(x.sum())", "x.to('nowhere')"]
)
def test_errors_of_conversions_have_their_line(expression: str) -> None:
    source = f"import torch\nx = torch.ones(3, requires_grad=True) * 2\n{expression}\n"
    snapshot = run_program(Program(source=source), Limits()).snapshot()
    assert snapshot.outcome.error is not None
    assert snapshot.outcome.error.line == 3
    assert next(n.op for n in snapshot.graphs[0].nodes if n.kind == "operation") == "mul"


def test_a_pass_that_raised_can_be_told_from_one_that_ended() -> None:
    source = """import torch
class Broken(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, gradient):
        raise ValueError("no")
w = torch.ones(2, requires_grad=True)
loss = (w * 3).sum()
loss.backward()
try:
    loss.backward()
except RuntimeError:
    pass
try:
    (Broken.apply(w * 3) ** 2).sum().backward()
except ValueError:
    pass
torch.autograd.grad((w * 2).sum(), w)
"""
    recorded = run_program(Program(source=source), Limits()).snapshot()
    assert [p.failed for i in recorded.iterations for p in i.backward] == [False, True, True, False]


def test_a_pass_of_an_older_snapshot_has_not_failed() -> None:
    with trace() as recording:
        torch.autograd.backward(torch.ones(2, requires_grad=True).sum())
    document = recording.snapshot().model_dump(mode="json", by_alias=True)
    del document["iterations"][0]["backward"][0]["failed"]
    assert Snapshot.model_validate_json(json.dumps(document)).iterations[0].backward[0].failed is False
