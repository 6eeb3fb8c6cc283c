"""Explanations from what was measured: the numbers, and a clear sentence where there are none."""

from pathlib import Path
from typing import Any

import pytest
import torch

from gradwalk.contract.measurement import MOST_OUTPUTS, Measurement, Response, Trouble
from gradwalk.contract.snapshot import ErrorReport, Outcome, Program, Snapshot
from gradwalk.errors import ElementOutOfRange
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.explain.measured_derivative import explain_measured, wanted
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import Tensors
from gradwalk.recorder import trace
from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.recorder.trace_options import TraceOptions


def recorded(count: int = 2) -> Snapshot:
    """Lgamma has no entry; its contribution is the edge e1."""
    with trace() as recording:
        w = torch.linspace(1, 2, count, requires_grad=True)
        torch.autograd.backward((torch.lgamma(w * 1) * 3).sum())
    return recording.snapshot()


def measurement(**changed: Any) -> Measurement:
    fields: dict[str, Any] = {
        "outputs": [[2]], "calls": 2, "responses": [Response(output=0, index=1, backward=0.4228, forward=0.4228)],
        "forward_error": 1e-5, "shared": False, "trouble": None, "error": None,
    }  # fmt: skip
    return Measurement(**{**fields, **changed})


SECOND = Subject("e1", element=[1])


def first_iteration(snapshot: Snapshot, tensors: Tensors | None = None) -> IndexedIteration:
    """Return the first iteration with the graph of the snapshot."""
    return IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0], tensors or {})


def explained(snapshot: Snapshot, found: Measurement | None, outcome: Outcome | None = None) -> Any:
    return explain_measured(first_iteration(snapshot), SECOND, found, outcome)


CASES = (
    "custom_function", "custom_function_on_a_leaf", "gru", "lstm_cell", "packed_lstm", "rnn", "linear_algebra",
    "hessian_by_rows", "set_item", "weight_norm", "special_functions", "third_derivative", "transformer_layer", "gan",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_has_no_numbers_is_measured_and_agrees(name: str) -> None:
    """Of real programs, each run again for every operation without a formula, as the sandbox does."""
    program = Program(source=Path(f"tests/cases/{name}.py").read_text())
    snapshot = run_program(program, Limits()).snapshot()
    iteration = snapshot.iterations[-1]
    indexed = IndexedIteration.of(snapshot.graphs[iteration.graph], iteration, snapshot.tensors)
    for number, backward in enumerate(iteration.backward):
        for edge in backward.contributions:
            asked = indexed, Subject(edge, number)
            wish = wanted(*asked) if explain(*asked).measurable else None
            if wish is not None:
                measuring = JacobianProbe(wish)
                run = run_program(program, Limits(), TraceOptions(probe=measuring))
                said = explain_measured(*asked, measuring.result, run.outcome)
                assert (said.kind, said.agrees, said.note) == ("measured", True, None), f"{edge}: {said.op}"


def test_what_is_asked_of_the_second_run() -> None:
    iteration = first_iteration(recorded())
    assert explain(iteration, Subject("e1")).measurable
    wish = wanted(iteration, SECOND)
    assert wish is not None
    operation = iteration.numbers[iteration.graph.flows["e1"].target.id]
    assert (wish.operation, wish.backward_pass, wish.edge, wish.element) == (operation, 0, 0, 1)
    # with a formula there is nothing to measure
    assert not explain(iteration, Subject("e0")).measurable


def test_the_four_stages() -> None:
    response = Response(output=0, index=1, backward=0.42278, forward=0.42278)
    said = explained(recorded(), measurement(responses=[response]))
    assert (said.kind, said.op, said.element) == ("measured", "lgamma", [1])
    assert said.stages.numbers == r"= 3 \cdot 0.4228"
    assert said.stages.local.endswith("= 0.4228")
    assert said.computed == pytest.approx(3 * 0.42278)
    assert "backward was called 2 times" in said.meaning
    assert "backward is the slope of forward" in said.meaning


def test_it_agrees_with_what_was_recorded() -> None:
    slope = float(torch.special.digamma(torch.tensor(2.0)))
    said = explained(recorded(), measurement(responses=[Response(output=0, index=1, backward=slope, forward=slope)]))
    assert (said.agrees, said.note, said.measurable) == (True, None, False)


def test_what_backward_does_and_forward_does_not() -> None:
    said = explained(recorded(), measurement(responses=[Response(output=0, index=1, backward=1.0, forward=0.0)]))
    assert "do not give what PyTorch recorded" in said.note
    assert (
        "it says 1 at number 1 of the result, but when the element moves a little, that number moves 0 times"
        in said.note
    )
    assert "is the slope of forward" not in said.meaning


def test_forward_that_could_not_be_tried_is_not_spoken_of() -> None:
    response = Response(output=0, index=1, backward=0.42278, forward=None)
    said = explained(recorded(), measurement(responses=[response], forward_error=None))
    assert "forward" not in said.meaning


def test_nothing_comes_back() -> None:
    said = explained(recorded(), measurement(responses=[]))
    assert (said.computed, said.stages.numbers) == (0.0, "= 0")


def test_results_that_are_nodes_of_their_own() -> None:
    response = Response(output=0, index=1, backward=9, forward=9)
    said = explained(recorded(), measurement(shared=True, responses=[response]))
    assert "several results" in said.note


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        ("too_large", None, "at most 1,024 are measured"),
        ("not_real", None, "complex"),
        ("not_reached", None, "did not come to this operation"),
        ("backward_failed", "ValueError: no", "It said: ValueError: no"),
    ],
)
def test_why_it_was_not_measured(trouble: Trouble, error: str | None, sentence: str) -> None:
    said = explained(recorded(), measurement(trouble=trouble, error=error, responses=[]))
    assert (said.kind, said.computed) == ("declared", None)
    assert sentence in said.note


def test_a_run_that_ended_before() -> None:
    error = ErrorReport(type="X", message="Stopped after 5 s.", line=1, frames=[], phase=None, node=None, hint=None)
    said = explained(recorded(), None, Outcome(status="timed_out", error=error))
    assert said.note.endswith("did not come to this operation. It ended before: Stopped after 5 s.")


@pytest.mark.parametrize(
    "forged",
    [
        {"outputs": [[3]]},
        {"outputs": []},
        {"outputs": [[2], [2]]},
        {"responses": [Response(output=0, index=2, backward=1.0, forward=1.0)]},
        {"responses": [Response(output=1, index=0, backward=1.0, forward="NaN")]},
        {"responses": [Response(output=0, index=0, backward="NaN", forward="Infinity")]},
    ],
)
def test_a_forged_measurement_breaks_nothing(forged: dict[str, Any]) -> None:
    said = explained(recorded(), measurement(**forged))
    assert said.meaning
    assert said.stages.symbols


def test_too_many_numbers_are_told_without_a_run() -> None:
    snapshot = recorded(MOST_OUTPUTS + 1)
    iteration, fifth = first_iteration(snapshot), Subject("e1", element=[5])
    whole = first_iteration(snapshot, snapshot.tensors)
    assert not explain(iteration, fifth).measurable
    assert wanted(whole, fifth) is None
    said = explain_measured(whole, fifth)
    assert "at most 1,024" in str(said.note)
    with pytest.raises(ElementOutOfRange, match="Say which element"):
        wanted(iteration, Subject("e1"))
