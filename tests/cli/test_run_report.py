"""What a terminal shows of a run."""

import io
import math
from typing import Any

import numpy as np
import pytest
import torch
from rich.console import Console

from gradwalk.cli.run_report import (
    RunReport,
    finding_text,
    format_element,
    losses_text,
    outcome_text,
    parameters,
    print_report,
    statistics,
    tensor_text,
)
from gradwalk.contract.snapshot import (
    BackwardPass,
    ConsoleEntry,
    ErrorReport,
    Graph,
    Iteration,
    Node,
    Outcome,
    Root,
    Stats,
    Tensor,
)
from gradwalk.findings import Finding
from gradwalk.recorder.tensor_statistics import statistics as recorded_statistics
from gradwalk.web.bodies import RunCreated, Timings
from tests.factories import make_snapshot, make_tensor


def leaf(node_id: str, name: str | None, line: int = 1) -> Node:
    return Node(
        id=node_id,
        kind="parameter",
        op=None,
        name=name,
        line=line,
        path=[],
        group=None,
        arguments={},
        outputs=1,
        failed=False,
        requires_grad=True,
        autograd=[],
    )


def backward(accumulated: dict[str, Tensor], gradients: dict[str, list[Tensor | None]]) -> BackwardPass:
    root = Root(node="n9", output=0)
    return BackwardPass(
        root=root,
        roots=[root],
        seeds={},
        gradients=gradients,
        contributions={},
        accumulated=accumulated,
        line=None,
    )


def body(graph: int, values: dict[str, list[Tensor]], *passes: BackwardPass) -> Iteration:
    return Iteration(index=0, graph=graph, loss=None, values=values, backward=list(passes), updates=[], steps=[])


def test_the_gradient_is_the_accumulated_one_of_the_last_pass_that_reached_the_leaf() -> None:
    graph = Graph(id=0, nodes=[leaf("n0", "w"), leaf("n1", "b"), leaf("n2", "c"), leaf("n3", "d")], edges=[], groups=[])
    first = backward({"n0": make_tensor(1, [1.0])}, {"n0": [make_tensor(2, [1.0])], "n1": [make_tensor(3, [7.0])]})
    second = backward({"n0": make_tensor(4, [3.0])}, {"n0": [make_tensor(5, [2.0])], "n2": [None]})
    found = parameters([graph], [body(0, {"n0": [make_tensor(0, [0.5])]}, first, second)])
    assert [(p.name, p.gradient.data if p.gradient else None) for p in found] == [
        ("w", [3.0]),
        ("b", [7.0]),
        ("c", None),
        ("d", None),
    ]
    assert found[0].value is not None
    assert found[0].value.data == [0.5]


def test_a_parameter_of_two_graphs_is_shown_once_as_it_was_last() -> None:
    graphs = [Graph(id=i, nodes=[leaf("n0", "w"), leaf(f"n{i + 1}", f"only{i}")], edges=[], groups=[]) for i in (0, 1)]
    later, earlier = (body(i, {"n0": [make_tensor(0, [float(i)])]}) for i in (1, 0))
    found = {p.name: p.value.data if p.value else None for p in parameters(graphs, [later, earlier])}
    assert found == {"w": [1.0], "only1": None, "only0": None}


def test_a_parameter_that_only_the_first_iteration_touches_has_its_value() -> None:
    graph = Graph(id=0, nodes=[leaf("n0", "w"), leaf("n1", "once")], edges=[], groups=[])
    last = body(0, {"n0": [make_tensor(2, [2.0])]})
    first = body(0, {"n0": [make_tensor(0, [0.0])], "n1": [make_tensor(1, [1.0])]})
    assert [p.value.data if p.value else None for p in parameters([graph], [last, first])] == [[2.0], [1.0]]


def test_leaves_without_a_name_are_told_by_their_line() -> None:
    graph = Graph(id=0, nodes=[leaf("n0", None, 4), leaf("n1", None, 4)], edges=[], groups=[])
    assert [p.name for p in parameters([graph], [body(0, {})])] == ["line 4", "line 4"]


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (-0.08975422, "-0.08975"),
        (0.0, "0"),
        (1e-9, "1e-09"),
        (12345678, "12345678"),
        (True, "True"),
        ("NaN", "NaN"),
        ([1.0, -2.5], "1-2.5i"),
        (["NaN", 0.0], "nan+0i"),
    ],
)
def test_numbers(element: Any, text: str) -> None:
    assert format_element(element) == text


def test_statistics_are_those_of_numpy() -> None:
    data = np.random.default_rng(0).standard_normal(50)
    told = statistics([*data.tolist(), "NaN", "Infinity", "-Infinity"])
    assert (told.min, told.max) == (data.min(), data.max())
    assert told.norm == pytest.approx(np.linalg.norm(data))
    assert told.mean == pytest.approx(data.mean())
    assert told.std == pytest.approx(data.std())
    assert (told.zeros, told.nans, told.infs) == (0, 1, 2)


def test_statistics_are_those_that_the_recorder_computes_of_a_larger_tensor() -> None:
    finite = [0.5, -2.0, 0.0, 3.25]
    told = statistics([*finite, "NaN", "Infinity"])
    recorded = recorded_statistics(torch.tensor([*finite, math.nan, math.inf]).numpy().tobytes(), torch.float32)
    for name, expected in recorded.model_dump().items():
        assert getattr(told, name) == pytest.approx(expected), name


@pytest.mark.parametrize("data", [[], ["NaN"]])
def test_statistics_of_nothing_finite(data: list[Any]) -> None:
    assert statistics(data).norm is None


def test_complex_numbers_are_measured_by_their_absolute_values() -> None:
    assert statistics([[3.0, 4.0], [0.0, 0.0]]).max == 5.0


STATS = Stats(min=-1.0, max=2.0, mean=0.0, std=1.0, norm=math.sqrt(2), zeros=0, nans=3, infs=0)


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (None, "none"),
        (make_tensor(0, [2.5], []), "2.5"),
        (make_tensor(0, [3.0, -4.0]), "norm 5, min -4, max 3"),
        (make_tensor(0, []), "empty"),
        (make_tensor(0, None), "not kept"),
        (make_tensor(0, None).model_copy(update={"stats": STATS}), "norm 1.414, min -1, max 2, 3 NaN"),
    ],
)
def test_cells(tensor: Tensor | None, text: str) -> None:
    assert tensor_text(tensor).plain == text


def test_losses() -> None:
    assert losses_text([0.5]) == "0.5"
    assert losses_text([0.5, "NaN"]) == "0.5 → NaN (2 iterations)"
    assert losses_text([float(i) for i in range(9)]) == "0 → 1 → 2 → … → 6 → 7 → 8 (9 iterations)"


def test_a_failure_is_told_with_its_line_and_reason() -> None:
    error = ErrorReport(
        type="ValueError", message="[bold]no", line=3, frames=[], phase=None, node=None, hint="Look there."
    )
    assert (
        outcome_text(Outcome(status="failed", error=error)).plain
        == "failed at line 3: ValueError: [bold]no\nLook there."
    )


def test_what_a_program_printed_is_printed_as_it_is() -> None:
    head = (
        make_snapshot()
        .head()
        .model_copy(
            update={"console": [ConsoleEntry(stream="stdout", text="[red]no markup[/red] 1.5\n" + "x" * 300, line=1)]}
        )
    )
    timings = Timings(queued_ms=0, run_ms=0, total_ms=0)
    created = RunCreated(snapshot="abc", outcome=head.outcome, timings=timings)
    written = io.StringIO()
    print_report(RunReport(created, head, [], [], "http://x/s/abc"), Console(file=written, width=80))
    assert written.getvalue().startswith("[red]no markup[/red] 1.5\n" + "x" * 300)
    assert written.getvalue().endswith("http://x/s/abc\n")


def test_findings_are_told_in_one_line_each() -> None:
    finding = Finding(
        code="dead-relu",
        severity="warning",
        graph=0,
        node="n4",
        others=[],
        line=6,
        iteration=0,
        iterations=1,
        why="[relu] gives 0.",
        todo="Start above 0.",
        docs="docs/findings.md#dead-relu",
    )
    assert finding_text(finding) == "warning: line 6: [relu] gives 0. Start above 0."
    head = make_snapshot().head()
    created = RunCreated(snapshot="abc", outcome=head.outcome, timings=Timings(queued_ms=0, run_ms=0, total_ms=0))
    written = io.StringIO()
    print_report(RunReport(created, head, [], [finding], "http://x/s/abc"), Console(file=written, width=20))
    assert "\nwarning: line 6: [relu] gives 0. Start above 0.\nhttp://x/s/abc\n" in written.getvalue()
