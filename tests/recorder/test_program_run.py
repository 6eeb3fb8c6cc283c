"""Programs that fail, meet a limit or are cut: the recording so far is kept, the line and the node are told."""

import warnings

import pytest
import torch

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.errors import OutputLimitReached, TimeLimitReached
from gradwalk.recorder import Limits, trace
from gradwalk.recorder.program_run import ProgramRun, run_program


def run(source: str, limits: Limits | None = None) -> ProgramRun:
    return run_program(Program(source=source), limits or Limits())


def checked(done: ProgramRun) -> Snapshot:
    """The snapshot as a client reads it: through its JSON, every field checked."""
    snapshot = done.snapshot()
    read = Snapshot.model_validate_json(json_of(snapshot))
    assert read == snapshot
    return read


def test_a_shape_error_marks_its_line_and_node() -> None:
    done = run("import torch\nx = torch.ones(2, 3, requires_grad=True)\nh = x * 2\ny = h @ torch.ones(2, 3)\n")
    recorded = checked(done)
    error = recorded.outcome.error
    assert error is not None
    assert (recorded.outcome.status, error.type, error.line, error.phase) == ("failed", "RuntimeError", 4, "forward")
    node = next(n for n in recorded.graphs[0].nodes if n.failed)
    assert (node.id, node.op, node.line) == (error.node, "matmul", 4)
    assert {e.source for e in recorded.graphs[0].edges if e.target == node.id} == {"n1", "n2"}
    assert recorded.iterations[0].steps[-1].node == node.id


def test_an_error_inside_a_module_tells_the_users_innermost_line() -> None:
    source = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)
    def forward(self, x):
        return self.fc(x)
Net()(torch.ones(1, 4))
"""
    error = run(source).outcome.error
    assert error is not None
    assert [(f.line, f.function) for f in error.frames] == [(9, "<module>"), (8, "forward")]
    assert error.line == 8


def test_an_error_in_backward_marks_the_operation_that_was_running() -> None:
    source = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x.exp()
y = h.sum()
h.add_(1)
y.backward()
"""
    recorded = checked(run(source))
    error = recorded.outcome.error
    assert error is not None
    assert (error.line, error.phase) == (6, "backward")
    assert next(n.op for n in recorded.graphs[0].nodes if n.id == error.node) == "exp"


def test_a_syntax_error_is_told_with_its_line() -> None:
    error = run("x = 1\ny = (\n").outcome.error
    assert error is not None
    assert (error.type, error.line) == ("SyntaxError", 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%matplotlib inline", "notebook"),
        ("  !pip install torch", "notebook"),
        (">>> x = 1", ">>>"),
        ("x = (1", "bracket"),
    ],
)
def test_a_line_that_python_cannot_read_has_a_hint_of_its_own(line: str, words: str) -> None:
    run("x = 1\n" * 20)
    error = run(f"import torch\nif torch:\n  x = 2\n{line}\n").outcome.error
    assert error is not None
    assert error.line == 4
    assert error.hint is not None
    assert words in error.hint


def test_a_limit_is_an_outcome_and_cannot_be_swallowed_by_except_exception() -> None:
    source = """import torch
from gradwalk.errors import {0}
x = torch.ones(1)
try:
    raise {0}("now")
except Exception:
    pass
"""
    for limit, status in ((TimeLimitReached, "timed_out"), (OutputLimitReached, "output_exceeded")):
        done = run(source.format(limit.__name__))
        assert done.outcome.status == status
        assert done.outcome.error is not None
        assert done.outcome.error.line == 5
        assert done.snapshot().graphs[0].nodes[0].name == "x"


def test_memory_is_an_outcome() -> None:
    assert run("raise MemoryError()").outcome.status == "out_of_memory"


def test_an_exception_that_cannot_be_printed_is_reported() -> None:
    error = run("class E(Exception):\n    def __str__(self): raise KeyError\nraise E()\n").outcome.error
    assert error is not None
    assert (error.type, error.line) == ("E", 3)


def test_lone_surrogates_do_not_break_the_answer() -> None:
    recorded = checked(run("raise ValueError('\\ud800')"))
    assert recorded.outcome.error is not None
    assert recorded.outcome.error.message == "\\ud800"


def test_leaving_on_purpose_is_completing() -> None:
    assert run("import sys\nsys.exit(0)").outcome.status == "completed"


def test_past_the_limit_of_steps_the_program_runs_on() -> None:
    source = "import torch\nx = torch.ones(1)\nfor _ in range(100): x = x + 1\nassert x == 101\n"
    snapshot = run(source, Limits(steps=10)).snapshot()
    assert snapshot.outcome.status == "completed"
    assert snapshot.truncated is not None
    assert snapshot.truncated.recorded_steps == 10
    assert len(snapshot.iterations[0].steps) == 10


def test_past_the_limit_of_bytes_the_program_runs_on() -> None:
    source = "import torch\nx = torch.ones(1000)\nfor _ in range(100): x = x + 1\n"
    snapshot = run(source, Limits(bytes=20_000)).snapshot()
    assert snapshot.outcome.status == "completed"
    assert snapshot.truncated is not None


def test_a_tensor_above_the_inline_limit_is_kept_whole_apart() -> None:
    source = "import torch\nbig = torch.arange(2000.0)\nhuge = torch.zeros(100_000)\n"
    snapshot = run(source).snapshot()
    big, huge = (values[0] for values in snapshot.iterations[0].values.values())
    assert big.data is None
    assert big.stats is not None
    assert (big.stats.min, big.stats.max, big.stats.zeros) == (0.0, 1999.0, 1)
    assert len(snapshot.tensors[big.id].data or []) == 2000
    assert huge.id not in snapshot.tensors
    assert huge.stats is not None


def test_odd_numbers_and_dtypes_are_written_as_the_contract_says() -> None:
    source = """import torch
a = torch.tensor([float('nan'), float('inf'), -float('inf'), 0.1])
b = torch.tensor([1 + 2j])
c = torch.tensor([True, False])
d = torch.tensor([0.1, 3.14159], dtype=torch.bfloat16)
e = torch.tensor([0.1], dtype=torch.float64)
f = torch.ones(1).expand(10**6, 10**6)
"""
    snapshot = run(source).snapshot()
    by_name = {n.name: n.id for n in snapshot.graphs[0].nodes}
    data = {name: snapshot.iterations[0].values[i][0].data for name, i in by_name.items()}
    assert data["a"] == ["NaN", "Infinity", "-Infinity", 0.1]
    assert data["b"] == [[1.0, 2.0]]
    assert data["c"] == [True, False]
    assert data["d"] == [0.1, 3.14]
    assert data["e"] == [0.1]
    assert data["f"] is None


def test_trace_records_in_any_process_and_removes_its_hooks() -> None:
    model = torch.nn.Linear(2, 1)
    with trace() as recording:
        model(torch.ones(1, 2)).square().mean().backward()
    snapshot = recording.snapshot()
    assert [n.op for n in snapshot.graphs[0].nodes if n.op] == ["linear", "square", "mean"]
    assert {n.name for n in snapshot.graphs[0].nodes if n.kind == "parameter"} == {"model.weight", "model.bias"}
    steps = len(snapshot.iterations[0].steps)
    model(torch.ones(1, 2)).square().mean().backward()
    assert len(recording.snapshot().iterations[0].steps) == steps


def test_a_warning_is_shown_with_the_line_of_the_program() -> None:
    source = """import torch
from torch.nn.functional import mse_loss
def f(n):
    return mse_loss(torch.ones(n), torch.ones(n, 1))
f(2)
f(3)
import warnings
warnings.warn("of its own")
"""
    shown: list[tuple[str, int]] = []
    before = warnings.showwarning
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda _message, _category, filename, line, *_: shown.append((filename, line))
        run(source)
    assert shown == [("program.py", 4), ("program.py", 4), ("program.py", 8)]
    assert warnings.showwarning is before


LYING_CODE = """
import sys
class Code:
    def __eq__(self, other): raise RuntimeError("compared")
    __hash__ = None
sys.exit(Code())
"""

LYING_CLASS = """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
class Lie(Exception, metaclass=Meta): pass
raise Lie("told")
"""

LYING_LIMIT = """
from gradwalk.errors import LimitReached
class Mine(LimitReached):
    status = property(lambda self: 1 / 0)
raise Mine()
"""


@pytest.mark.parametrize(
    ("source", "status", "kind"),
    [(LYING_CODE, "failed", "SystemExit"), (LYING_CLASS, "failed", "Lie"), (LYING_LIMIT, "timed_out", "Mine")],
)
def test_an_error_that_lies_when_it_is_asked_is_reported(source: str, status: str, kind: str) -> None:
    outcome = run_program(Program(source=source), Limits()).outcome
    assert outcome.status == status
    assert outcome.error is not None
    assert outcome.error.type == kind
