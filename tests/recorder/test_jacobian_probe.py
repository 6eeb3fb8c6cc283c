"""Measuring a local derivative: what backward does on basis vectors, whatever the Function is like."""

from collections.abc import Callable

import pytest
import torch

from gradwalk.contract.measurement import MOST_OUTPUTS, Measurement, Wanted
from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.recorder.trace_options import TraceOptions

FUNCTION = """
import torch
class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        return {forward}
    @staticmethod
    def backward(ctx, gradient):
        x, = ctx.saved_tensors
        return {backward}, None
w = torch.tensor([0.5, -2.0], requires_grad=True)
for step in range(2):
    loss = (Own.apply(w * (step + 1), 3.0) * torch.tensor([1.0, 10.0])).sum()
    loss.backward()
"""


def function(forward: str, backward: str) -> str:
    return FUNCTION.format(forward=forward, backward=backward)


def wanted(
    snapshot: Snapshot,
    op: str,
    element: int = 0,
    iteration: int = 0,
    argument: str | None = None,
    backward_pass: int = 0,
) -> Wanted:
    """What is to be measured: the edge along which a contribution comes back from the first operation of this name."""
    body = snapshot.iterations[iteration]
    indexed = IndexedIteration.of(snapshot.graphs[body.graph], body)
    nodes = {node.id for node in indexed.graph.operations if node.op == op}
    contributions = body.backward[backward_pass].contributions
    flow = next(
        flow
        for flow in indexed.graph.flows.values()
        if flow.target.id in nodes and flow.edge.id in contributions and argument in (None, flow.edge.argument)
    )
    return Wanted(
        operation=indexed.numbers[flow.target.id],
        edge=indexed.graph.into[flow.target.id].index(flow),
        backward_pass=body.passes_before + backward_pass,
        element=element,
    )


def measured(
    source: str, op: str, element: int = 0, iteration: int = 0, argument: str | None = None, backward_pass: int = 0
) -> Measurement | None:
    """What a second run of the program measures at the operation."""
    snapshot = run_program(Program(source=source), Limits()).snapshot()
    measuring = JacobianProbe(wanted(snapshot, op, element, iteration, argument, backward_pass))
    run_program(Program(source=source), Limits(), TraceOptions(probe=measuring))
    return measuring.result


def rows(found: Measurement | None) -> list[tuple[int, int, float, float | None]]:
    assert found is not None
    assert found.trouble is None, found.error
    return [
        (r.output, r.index, round(float(r.backward), 4), None if r.forward is None else round(float(r.forward), 4))
        for r in found.responses
    ]


def test_a_function_of_the_programs_own() -> None:
    found = measured(function("ctx.factor * x ** 2", "gradient * ctx.factor * 2 * x"), "Own", element=1)
    assert rows(found) == [(0, 1, -12.0, -12.0)]
    assert found is not None
    assert (found.outputs, found.calls, found.shared) == ([[2]], 2, False)


def test_each_iteration_has_its_own_numbers() -> None:
    source = function("ctx.factor * x ** 2", "gradient * ctx.factor * 2 * x")
    assert rows(measured(source, "Own", 0, iteration=1)) == [(0, 0, 6.0, 6.0)]


def test_what_is_measured_is_what_backward_does() -> None:
    straight_through = measured(function("torch.sign(x) * ctx.factor", "gradient.clone()"), "Own")
    assert rows(straight_through) == [(0, 0, 1.0, 0.0)]
    wrong = measured(function("torch.sin(x)", "gradient * torch.sin(x)"), "Own")
    assert rows(wrong) == [(0, 0, 0.4794, 0.8776)]
    mixed = measured(function("x - x.mean()", "gradient - gradient.mean()"), "Own")
    assert rows(mixed) == [(0, 0, 0.5, 0.5), (0, 1, -0.5, -0.5)]


def test_random_numbers_fall_as_they_did() -> None:
    source = function("x * torch.rand(2).round()", "gradient * (ctx.mask if hasattr(ctx, 'mask') else 1)")
    found = measured(source, "Own")
    assert {r[3] for r in rows(found)} <= {0.0, 1.0}


OPERATIONS: dict[str, tuple[str, str, str | None]] = {
    "a_function_of_torch": ("torch.special.digamma(w.abs() + 1)", "special_digamma", None),
    "several_autograd_nodes": ("torch.nn.functional.linear(w.view(2, 3), i, j[:, 0])", "linear", "input"),
    "a_bias_that_is_broadcast": ("torch.gru_cell(w.view(2, 3), h, i, j, w[:3], w[3:])", "gru_cell", "b_ih"),
    "the_same_tensor_twice": ("w * w", "mul", "other"),
    "several_results": ("torch.linalg.eigh(w[:4].view(2, 2) + w[2:].view(2, 2).T)[0]", "linalg_eigh", None),
}
LEAVES = """
import torch
torch.manual_seed(3)
w = torch.tensor([0.5, -2.0, 1.5, 0.25, -1.0, 0.75], requires_grad=True)
h, i, j = torch.randn(2, 1), torch.randn(3, 3), torch.randn(3, 1)
t, n, k = torch.tensor([[1]]), torch.tensor([2]), torch.tensor([1])
"""


@pytest.mark.parametrize("name", OPERATIONS)
def test_backward_agrees_with_forward(name: str) -> None:
    expression, op, argument = OPERATIONS[name]
    found = measured(f"{LEAVES}torch.atleast_1d({expression}).sum().backward()\n", op, argument=argument)
    assert rows(found)
    assert all(r[3] is not None and abs(r[2] - r[3]) < 1e-3 for r in rows(found))


MANY = f"import torch\nw = torch.ones({MOST_OUTPUTS + 1}, requires_grad=True)\ntorch.lgamma(w + 1).sum().backward()\n"


@pytest.mark.parametrize(
    ("source", "op", "trouble"),
    [
        (MANY, "lgamma", "too_large"),
        (function("x * 1", "gradient if gradient.sum() > 5 else 1 / 0"), "Own", "backward_failed"),
    ],
)
def test_why_there_is_nothing(source: str, op: str, trouble: str) -> None:
    found = measured(source, op)
    assert found is not None
    assert (found.trouble, found.responses) == (trouble, [])


def test_a_program_that_never_comes_there() -> None:
    source = function("x * 1", "gradient")
    there = wanted(run_program(Program(source=source), Limits()).snapshot(), "Own")
    for never in (there.model_copy(update={"operation": 1000}), there.model_copy(update={"backward_pass": 3})):
        measuring = JacobianProbe(never)
        run_program(Program(source=source), Limits(), TraceOptions(probe=measuring))
        assert measuring.result is None


def test_several_results_are_nodes_of_their_own_and_that_is_told() -> None:
    source = function("x * 2, x * 3", "gradient").replace(
        "def backward(ctx, gradient)", "def backward(ctx, gradient, g)"
    )
    source = source.replace("(Own.apply(w * (step + 1), 3.0)", "(sum(Own.apply(w * (step + 1), 3.0))")
    found = measured(source.replace("return gradient, None", "return 2 * gradient + 3 * g, None"), "Own")
    assert found is not None
    assert found.shared


def test_the_program_ends_there_and_function_is_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before: Callable[..., object] = torch.autograd.Function.__dict__["apply"]
    source = function("x * 2", "gradient * 2") + "print('never')\n"
    probe = JacobianProbe(wanted(run_program(Program(source=source), Limits()).snapshot(), "Own"))
    capsys.readouterr()
    run = run_program(
        Program(source=source),
        Limits(),
        TraceOptions(probe=probe),
    )
    assert capsys.readouterr().out == ""
    assert run.outcome.status == "completed"
    assert torch.autograd.Function.__dict__["apply"] is before
