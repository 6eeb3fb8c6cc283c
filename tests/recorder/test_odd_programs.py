"""Programs that use PyTorch in ways that are seldom taught: each ends and prints as it does without the recorder, and
its recording is sound, adds up and names everything.
"""

import contextlib
import io
import linecache
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

import gradwalk
from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import PROGRAM_FILENAME, run_program
from gradwalk.sandbox.soundness import GraphIds, graph_is_sound, iteration_is_sound
from tests.recorder.oracle import registered, unbalanced

pytestmark = pytest.mark.filterwarnings("ignore")

PROGRAMS = sorted((Path(__file__).parent.parent / "cases" / "odd").glob("*.py"))

CHANGED_BY_HOOKS = {"hooks_on_everything": {"loss"}, "retain_and_modify_in_hook": {"h", "x"}}
"""Where a user's hook puts another gradient in the place of the sum: program -> names of the nodes."""

FOLDERS = (str(Path(gradwalk.__file__).parent), str(Path(torch.__file__).parent), sys.prefix)

PRINT_TRACEBACKS = {"traceback_printed"}
"""Programs that print tracebacks: without the recorder those show files of torch and of what called the program."""


@contextlib.contextmanager
def settings_kept() -> Iterator[None]:
    """Restore what a program may set for the whole process."""
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    shown = sys.modules["__main__"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            yield
    finally:
        sys.modules["__main__"] = shown
        torch.set_num_threads(threads)
        torch.set_default_dtype(dtype)
        torch.set_default_device(None)
        torch.use_deterministic_algorithms(False)
        torch.autograd.set_detect_anomaly(False)


def run_plainly(source: str) -> tuple[str, str | None]:
    """Return what the program prints, and its error."""
    printed = io.StringIO()
    module = ModuleType("__main__")
    linecache.cache[PROGRAM_FILENAME] = (len(source), None, source.splitlines(keepends=True), PROGRAM_FILENAME)
    torch.manual_seed(0)
    error = None
    with settings_kept(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        sys.modules["__main__"] = module
        try:
            exec(compile(source, PROGRAM_FILENAME, "exec"), module.__dict__)
        except Exception as raised:
            error = type(raised).__name__
    return printed.getvalue(), error


def faults(snapshot: Snapshot, changed: set[str]) -> Iterator[str]:
    """Yield what is wrong with a recording, whatever the program is."""
    written = Snapshot.model_validate_json(snapshot.model_dump_json(by_alias=True))
    ids = [GraphIds.of(graph) for graph in written.graphs]
    derived_operations = {
        node.op
        for iteration in written.iterations
        for node in written.graphs[iteration.graph].nodes
        for step in iteration.steps
        if step.node == node.id and step.kind == "operation" and step.phase == "backward"
    }
    for at, graph in enumerate(written.graphs):
        derived = {
            step.node
            for iteration in written.iterations
            if iteration.graph == at
            for step in iteration.steps
            if step.kind == "operation" and step.phase == "backward"
        }
        # an iteration that goes on from them shows them too
        derived |= {n.id for n in graph.nodes if n.op in derived_operations}
        if not graph_is_sound(graph, at):
            yield f"graph {at} is not sound"
        yield from (f"operation {n.op}" for n in graph.nodes if n.id not in derived and "Backward" in (n.op or ""))
        # what torch.func does to unwrap a tensor is no call that a user knows
        derived |= {n.id for n in graph.nodes if (n.op or "").startswith("_")}
        yield from (f"edge {e.id} has no name" for e in graph.edges if not e.argument and e.target not in derived)
    for at, iteration in enumerate(written.iterations):
        if not iteration_is_sound(iteration, at, ids):
            yield f"iteration {at} is not sound"
    yield from (f"contributions to {name} do not add up" for _, name, _ in unbalanced(written) if name not in changed)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_program_runs_as_it_does_alone_and_its_recording_is_right(path: Path) -> None:
    source = path.read_text()
    printed, error = run_plainly(source)
    hooks = registered()
    ours, complaints = io.StringIO(), io.StringIO()
    with settings_kept(), contextlib.redirect_stdout(ours), contextlib.redirect_stderr(complaints):
        run = run_program(Program(source=source), Limits())
        snapshot = run.snapshot()
    raised = run.outcome.error
    assert (None if raised is None else raised.type) == error, raised
    if path.stem not in PRINT_TRACEBACKS:
        assert ours.getvalue() == printed
    for text in (ours.getvalue(), complaints.getvalue()):
        assert not any(f'File "{folder}' in text for folder in FOLDERS)
    assert list(faults(snapshot, CHANGED_BY_HOOKS.get(path.stem, set()))) == []
    assert registered() == hooks
