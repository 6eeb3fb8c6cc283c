"""The measured local derivative of operations for which Gradwalk has no formula, above all the custom Functions of a
program. Measured is what backward computes, and beside it how forward reacts to a small change.
"""

from collections.abc import Iterator
from typing import Final

from gradwalk.contract.measurement import MOST_OUTPUTS, Measurement, Response, Trouble, Wanted
from gradwalk.contract.snapshot import Outcome
from gradwalk.errors import ElementOutOfRange
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import EdgeElement, edge_element, explain, paired
from gradwalk.explain.explanation import Explanation
from gradwalk.explain.stages import Column, Reading, written
from gradwalk.explain.symbols import text
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import DOES_NOT_FIT
from gradwalk.operations.entry import Formula, Local, Rule

_SOURCE: Final = "Measured: the program was run again, and backward called on basis vectors"
_TROUBLES: Final[dict[Trouble, str]] = {
    "too_large": f"Not measured: backward would be called once for each number of the result, and at most "
    f"{MOST_OUTPUTS:,} are measured.",
    "not_real": "Not measured: a local derivative of complex numbers is more than one number.",
    "not_reached": "Not measured: when the program was run again, it did not come to this operation.",
    "backward_failed": "Not measured: backward raised an error when it was called alone.",
}
_SHARED: Final = (
    "This Function gives several results, which stand in the graph as nodes of their own: what came back to the others "
    "is a part of this contribution too, and is not in the sum here."
)
_NOT_LINEAR: Final = (
    "The measured slopes do not give what PyTorch recorded. Then this backward does not simply multiply (it may clip "
    "or normalise gradients), it differs from call to call, or a hook changed the gradient."
)


def wanted(iteration: IndexedIteration, subject: Subject) -> Wanted | None:
    """Return what a run must measure to explain this; null where it cannot be measured. Raises as `explain` does."""
    edge = edge_element(iteration, subject)
    if edge.flat is None:
        raise ElementOutOfRange("Say which element is to be measured: its numbers are too many to choose one of them.")
    if not edge.names.measurable():
        return None
    flow = iteration.graph.flows[subject.id]
    number = iteration.numbers.get(flow.target.id)
    if number is None:
        return None
    return Wanted(
        operation=number,
        edge=iteration.graph.into[flow.target.id].index(flow),
        backward_pass=iteration.body.passes_before + subject.backward_pass,
        element=edge.flat,
    )


def explain_measured(
    iteration: IndexedIteration,
    subject: Subject,
    measurement: Measurement | None = None,
    outcome: Outcome | None = None,
) -> Explanation:
    """Explain a contribution by what was measured. Without a measurement, or with one that fits nothing that was
    recorded, return the explanation without it, and a note that says why. `outcome`: of the run that measured.
    """
    edge = edge_element(iteration, subject)
    if measurement is None or measurement.trouble is not None or not _fits(edge, measurement):
        said = explain(iteration, subject)
        return said.model_copy(update={"note": _why_not(edge, measurement, outcome) or said.note, "measurable": False})
    entry = Formula(
        forward=rf"{text(edge.names.call.node.op or '')}(\dots)",
        rules={"*": Rule(r"\text{measured}" if measurement.responses else "0", _meaning(measurement))},
        column=lambda call, argument, index: _locals(measurement),
        source=_SOURCE,
    )
    try:
        pairs = list(paired(_locals(measurement), edge.upstreams or []))
        column = Column(pairs, None) if edge.upstreams is not None else Column([], _TROUBLES["not_reached"])
    except DOES_NOT_FIT:
        column = Column([], _TROUBLES["not_reached"])
    said = written(
        edge.names, Reading(edge.names.flow.edge.argument, entry, column, True), edge.recorded, subject.backward_pass
    )
    note = said.note
    if said.agrees is False:
        note = _SHARED if measurement.shared else _NOT_LINEAR
    apart = _difference(edge, measurement)
    return said.model_copy(update={"note": " ".join(filter(None, (note, apart))) or None, "measurable": False})


def _fits(edge: EdgeElement, measurement: Measurement) -> bool:
    """Return whether the run that measured did the same: a program that reads the clock may not."""
    shapes = [None if gradient is None else gradient.shape for gradient in edge.names.gradients]
    measured = [*measurement.outputs, *[None] * (len(shapes) - len(measurement.outputs))]
    return len(measured) == len(shapes) and all(
        recorded is None or recorded == found for recorded, found in zip(shapes, measured, strict=True)
    )


def _locals(measurement: Measurement) -> Iterator[Local]:
    for response in measurement.responses:
        if response.backward != 0:
            yield Local(response.index, float(response.backward), response.output, formula="")


def _meaning(measurement: Measurement) -> str:
    times = "once" if measurement.calls == 1 else f"{measurement.calls} times, once for each number of the result"
    there = "a gradient of 1" if measurement.calls == 1 else "a gradient of 1 for that one and 0 for the others"
    same = ""
    if measurement.forward_error is not None and not any(_is_apart(r, measurement) for r in measurement.responses):
        same = " Moved a little, the element moves the result just as much: backward is the slope of forward."
    return f"No formula is written down here, so it was measured: backward was called {times}, with {there}.{same}"


def _is_apart(response: Response, measurement: Measurement) -> bool:
    if response.forward is None or measurement.forward_error is None:
        return False
    backward, forward = float(response.backward), float(response.forward)
    return not abs(backward - forward) <= float(measurement.forward_error) * max(1.0, abs(backward), abs(forward))


def _difference(edge: EdgeElement, measurement: Measurement) -> str | None:
    """Return how backward differs from how forward moves, for the number of the result where it differs most."""
    apart = [response for response in measurement.responses if _is_apart(response, measurement)]
    if not apart:
        return None
    worst = max(apart, key=lambda r: abs(float(r.backward) - float(r.forward or 0.0)))
    where, moved = "", "the result"
    if measurement.calls != 1:
        where, moved = f" at number {worst.index} of the result", "that number"
    return (
        f"Backward is not the slope of forward here: it says {float(worst.backward):.4g}{where}, but when the element "
        f"moves a little, {moved} moves {float(worst.forward or 0.0):.4g} times as far. Some functions mean to "
        "differ, like a straight-through estimator; if this one does not, its backward is wrong."
    )


def _why_not(edge: EdgeElement, measurement: Measurement | None, outcome: Outcome | None) -> str | None:
    if not any(edge.names.gradients):
        return None
    if not edge.names.measurable():
        return _TROUBLES["not_real" if "complex" in edge.names.contribution.dtype else "too_large"]
    if measurement is not None and measurement.trouble is not None:
        told = f" It said: {measurement.error}" if measurement.error else ""
        return _TROUBLES[measurement.trouble] + told
    if outcome is not None and outcome.error is not None:
        return f"{_TROUBLES['not_reached']} It ended before: {outcome.error.message}"
    return _TROUBLES["not_reached"]
