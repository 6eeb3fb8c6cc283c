"""Where a call stands in the program: the user's line, the calls that led there, who made it in between."""

from typing import Any

import torch

from gradwalk.contract.snapshot import Graph, Program
from gradwalk.recorder import Limits, trace
from gradwalk.recorder.call_sites import CallLocation, FrameLocator
from gradwalk.recorder.program_run import run_program


def graph_of(source: str) -> Graph:
    run = run_program(Program(source=source), Limits())
    assert run.outcome.error is None
    return run.snapshot().graphs[0]


def paths_of(source: str) -> dict[str, tuple[list[tuple[int, str]], int | None]]:
    """By operation, the calls that led to it and its own line."""
    return {n.op: ([(f.line, f.function) for f in n.path], n.line) for n in graph_of(source).nodes if n.op is not None}


def test_an_operation_in_a_helper_has_its_own_line_and_its_caller() -> None:
    source = """import torch
def inner(x):
    return x.sin()
def outer(x):
    y = x.exp()
    return inner(y)
z = torch.ones(2).cos()
outer(z)
"""
    assert paths_of(source) == {
        "cos": ([], 7),
        "exp": ([(8, "<module>")], 5),
        "sin": ([(8, "<module>"), (6, "outer")], 3),
    }


def test_torchs_own_frames_are_no_part_of_a_path() -> None:
    source = """import torch
from torch import nn
class Block(nn.Module):
    def forward(self, x):
        return x.sin()
model = nn.Sequential(Block())
model(
    torch.ones(2)
)
"""
    path, line = paths_of(source)["sin"]
    assert line == 5
    assert [function for _, function in path] == ["<module>"]
    assert path[0][0] in (7, 8)


def test_a_lambda_and_a_comprehension_are_frames_of_the_program() -> None:
    source = "import torch\nf = lambda x: x.sin()\nys = [f(x) for x in [torch.ones(1)]]\n"
    path, line = paths_of(source)["sin"]
    assert line == 2
    assert path[0] == (3, "<module>")


def test_a_path_through_deep_recursion_is_cut_and_ends_at_the_operation() -> None:
    source = """import torch
def down(x, n):
    return x.sin() if n == 0 else down(x, n - 1)
down(torch.ones(1), 200)
"""
    path, line = paths_of(source)["sin"]
    assert line == 3
    assert len(path) == 32
    assert set(path) == {(3, "down")}


def test_a_very_long_name_of_a_function_is_cut() -> None:
    name = "f" * 500
    path, _ = paths_of(f"import torch\ndef {name}():\n    g()\ndef g():\n    torch.ones(1).sin()\n{name}()\n")["sin"]
    assert [len(function) for _, function in path] == [len("<module>"), 100]


def test_trace_counts_from_the_frame_that_opened_it() -> None:
    def helper(x: torch.Tensor) -> torch.Tensor:
        return x.sin()

    with trace() as recording:
        helper(torch.ones(1))
    (node,) = [n for n in recording.snapshot().graphs[0].nodes if n.op == "sin"]
    assert [frame.function for frame in node.path] == ["test_trace_counts_from_the_frame_that_opened_it"]


def ask(frames: FrameLocator) -> CallLocation:
    """As the recorder asks: from a method of its own that a method has called, which torch has called."""

    def handle() -> CallLocation:
        return frames.locate()

    return handle()


def test_a_place_knows_what_was_called_and_whether_an_optimizer_was_running() -> None:
    frames = FrameLocator("program", None)
    value = object()
    code = compile("def f():\n    return ask(frames)\nplace = f()\nfound = place.variable(value)\n", "program", "exec")
    variables: dict[str, Any] = {"ask": ask, "frames": frames, "value": value}
    exec(code, variables)
    place = variables["place"]
    assert isinstance(place, CallLocation)
    assert (place.line, place.entry, place.optimizing) == (2, None, False)
    assert variables["found"] == "value"
    assert [(site.line, site.function) for site in place.path] == [(3, "<module>")]


def test_what_an_optimizer_computes_is_optimizing() -> None:
    weight = torch.ones(1, requires_grad=True)
    weight.grad = torch.ones(1)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    frames, places = FrameLocator(__file__, None), list[CallLocation]()

    class Watching(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            places.append(frames.locate())
            return func(*args, **(kwargs or {}))

    with Watching():
        optimizer.step()
    assert places
    assert all(place.optimizing for place in places)
    places.clear()
    with Watching():
        torch.optim.swa_utils.AveragedModel(torch.nn.Linear(1, 1))(torch.ones(1, 1))
    assert not places[-1].optimizing


def test_outside_of_every_program_there_is_no_place() -> None:
    place = ask(FrameLocator("no such file", None))
    assert (place.frame, place.line, place.path, place.variable(place)) == (None, None, (), None)
    assert place.scopes() == []


def test_looking_for_names_leaves_the_programs_own_locals_as_they_were() -> None:
    source = """import torch
def f(x, h):
    a = 1
    held = locals()
    a = 2
    held["more"] = 3
    y = torch.sin(x + h)
    print(held["a"], held["more"])
f(torch.ones(1), torch.ones(1, requires_grad=True))
"""
    run = run_program(Program(source=source.replace("print", "assert (1, 3) == ")), Limits())
    assert run.outcome.error is None


HELPER = """
def train(net, x, optimizer):
    for step in range(3):
        optimizer.zero_grad()
        loss = net(x).sum()
        loss.backward()
        optimizer.step()
"""
CALLER = """
import torch
from gradwalk.recorder import trace
net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.ones(4, 2)
with trace() as recording:
    train(net, x, optimizer)
"""


def test_the_first_call_from_another_file_is_located_as_all_that_follow() -> None:
    variables: dict[str, Any] = {"__name__": "program"}
    exec(compile(HELPER, "helper.py", "exec"), variables)
    exec(compile(CALLER, "caller.py", "exec"), variables)
    snapshot = variables["recording"].snapshot()
    assert [(i.kind, i.graph, [turn.number for turn in i.turns]) for i in snapshot.iterations] == [
        ("training", 0, [number]) for number in range(3)
    ]
