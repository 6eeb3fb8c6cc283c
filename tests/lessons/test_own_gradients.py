"""The lessons on gradients of gradients and on operations of one's own, checked against plain PyTorch."""

from pathlib import Path

import pytest
from torch.autograd.gradcheck import GradcheckError

from gradwalk.contract.snapshot import Program
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.explain.measured_derivative import explain_measured, wanted
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.recorder.trace_options import TraceOptions
from tests.lessons.saying import asked_for, run_keeping, says
from tests.lessons.test_programs import run

PROGRAMS = Path("app/gradwalk/lessons/programs")
CHECK = """c = b.detach().double()
c.requires_grad_()
torch.autograd.gradcheck(
    Wrong.apply, c)
"""


def test_a_gradient_in_a_loss() -> None:
    left = run_keeping("double-backward", ["slope"])
    assert (left["y"].item(), left["slope"].item(), left["loss"].item()) == (1, 3, 4)
    assert left["slope"].grad == 4
    assert left["x"].grad == 24


def test_a_gradient_in_a_loss_elsewhere() -> None:
    left, _ = run("double-backward", ("torch.tensor(1.0", "torch.tensor(2.0"))
    assert left["slope"] == 12
    assert asked_for("double-backward") == [run("double-backward")[0]["x"].grad.item(), left["x"].grad.item()]


def test_without_create_graph_there_is_no_way_back() -> None:
    with pytest.raises(RuntimeError, match="does not require grad"):
        run("double-backward", (", create_graph=True", ""))


def test_a_straight_line_has_no_second_derivative() -> None:
    with pytest.raises(RuntimeError, match="does not require grad"):
        run("double-backward", ("x**3", "5 * x"))


def test_a_wrong_backward_is_believed() -> None:
    left, printed = run("custom-function")
    assert left["loss"] == 18
    assert printed == "Square: 6.0 Wrong: 3.0 slope: 6.0\n"


def test_elsewhere_too() -> None:
    left, _ = run("custom-function", ("b = torch.tensor(3.0", "b = torch.tensor(5.0"))
    assert asked_for("custom-function") == [left["b"].grad.item()]
    assert left["slope"] == 10


def test_the_mistake_put_right() -> None:
    left, _ = run("custom-function", ("return gradient * x", "return gradient * 2 * x"))
    assert left["b"].grad == left["a"].grad == 6


def test_the_page_can_measure() -> None:
    assert says("custom-function", 'Is that right? **Measure it**, in the inspector under "Passed on to b"')
    program = Program(source=(PROGRAMS / "custom-function.py").read_text("utf-8"))
    snapshot = run_program(program, Limits()).snapshot()
    graph, iteration = snapshot.graphs[0], snapshot.iterations[0]
    indexed = IndexedIteration.of(graph, iteration)
    for name, warned in (("Square", False), ("Wrong", True)):
        node = next(node.id for node in graph.nodes if node.op == name)
        edge = next(e.id for e in graph.edges if e.target == node and e.id in iteration.backward[0].contributions)
        wish = wanted(indexed, Subject(edge))
        assert explain(indexed, Subject(edge)).measurable
        assert wish is not None
        measuring = JacobianProbe(wish)
        run_program(program, Limits(), TraceOptions(probe=measuring))
        said = explain_measured(indexed, Subject(edge), measuring.result)
        assert ("Backward is not the slope of forward" in str(said.note)) == warned


def test_pytorch_can_measure() -> None:
    assert says("custom-function", " ".join(CHECK.split()))
    with pytest.raises(GradcheckError) as caught:
        run("custom-function", ("print(", f"{CHECK}print("))
    assert "numerical:tensor([[6.0000]]" in str(caught.value)
    assert "analytical:tensor([[3.]]" in str(caught.value)
    run("custom-function", ("print(", f"{CHECK.replace('Wrong', 'Square')}print("))
