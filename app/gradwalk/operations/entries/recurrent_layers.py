"""Whole recurrent layers in one operation: RNN, LSTM and GRU, over all times, layers and directions.

One number of the result is worked out from its own step: the gates, and the state of the step before. Backwards they
are measured, for a weight counts at every time.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entries.recurrent import gru_unit, lstm_unit, sigmoid, step_unit
from gradwalk.operations.entry import Computed, Formula, Operation, Worked
from gradwalk.operations.windows import place_of
from gradwalk.operations.working import Working

_SOURCE: Final = "PyTorch, torch.nn.{}; Goodfellow, Bengio, Courville, Deep Learning, {}"
_GATES: Final = {"lstm": 4, "gru": 3}
"""The gates of each kind; a plain step has one sum."""


@dataclass(frozen=True)
class _Step:
    """One step of a layer in one direction: the sums of the gates from the input and from the state, as gate × sample ×
    unit; the state before, and the cell before (of an LSTM).
    """

    from_input: Array
    from_state: Array
    state: Array
    cell: Array


@dataclass(frozen=True)
class _Weights:
    """The weights of a layer in one direction."""

    w_ih: Array
    w_hh: Array
    b_ih: Array
    b_hh: Array


def _weights(call: Call, number: int) -> _Weights:
    each = 4 if call.arguments.get("has_biases", True) else 2
    found = [call.array(f"params[{number * each + i}]") for i in range(each)]
    zero = np.zeros(found[0].shape[0])
    return _Weights(found[0], found[1], *(found[2:] or (zero, zero)))


def _next(op: str, step: _Step) -> tuple[Array, Array]:
    """Return the state and the cell after a step."""
    a, b = step.from_input, step.from_state
    if op == "lstm":
        i, f, g, o = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1]), np.tanh(a[2] + b[2]), sigmoid(a[3] + b[3])
        cell = f * step.cell + i * g
        return o * np.tanh(cell), cell
    if op == "gru":
        r, z = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
        n = np.tanh(a[2] + r * b[2])
        return (1 - z) * n + z * step.state, step.cell
    return (np.tanh(a[0] + b[0]) if op == "rnn_tanh" else np.maximum(a[0] + b[0], 0)), step.cell


def _step(call: Call, weights: _Weights, taken: Array, state: Array, cell: Array) -> _Step:
    gates = _GATES.get(call.op, 1)

    def split(sums: Array) -> Array:
        return np.moveaxis(sums.reshape(len(sums), gates, -1), 1, 0)

    return _Step(
        split(taken @ weights.w_ih.T + weights.b_ih), split(state @ weights.w_hh.T + weights.b_hh), state, cell
    )


def _steps(call: Call) -> tuple[list[list[_Step]], int]:
    """Return every step, by layer and direction (as the states are stacked) and by time, and the directions."""
    sequence = call.array("self")
    if call.arguments.get("batch_first"):
        sequence = np.swapaxes(sequence, 0, 1)
    directions = 2 if call.arguments.get("bidirectional") else 1
    first = call.array("hx[0]" if call.op == "lstm" else "hx")
    cells = call.array("hx[1]") if call.op == "lstm" else np.zeros_like(first)
    found: list[list[_Step]] = []
    for layer in range(int(call.arguments.get("num_layers", 1))):
        made = []
        for direction in range(directions):
            number = layer * directions + direction
            weights, state, cell = _weights(call, number), first[number], cells[number]
            times = range(len(sequence)) if direction == 0 else reversed(range(len(sequence)))
            steps: dict[int, _Step] = {}
            states: dict[int, Array] = {}
            for time in times:
                steps[time] = _step(call, weights, sequence[time], state, cell)
                state, cell = _next(call.op, steps[time])
                states[time] = state
            found.append([steps[time] for time in range(len(sequence))])
            made.append(np.stack([states[time] for time in range(len(sequence))]))
        sequence = np.concatenate(made, -1)
    return found, directions


def _worked(call: Call, out: int, output: int) -> Worked:
    """Work out one number of the sequence, of the last states or of the last cells."""
    found, directions = _steps(call)
    place, times = list(place_of(out, call.result(output).shape)), len(found[0])
    if output == 0:
        units = found[0][0].state.shape[-1]
        time, sample = place[:2] if not call.arguments.get("batch_first") else (place[1], place[0])
        direction, unit = divmod(place[2], units)
        number = len(found) - directions + direction
    else:
        number, sample, unit = place
        time = 0 if number % directions else times - 1
    return _UNITS[call.op](found[number][time], sample, unit, output == 2)


def _sums(step: _Step, sample: int, unit: int) -> tuple[list[float], list[float]]:
    a, b = step.from_input, step.from_state
    return [float(x) for x in a[:, sample, unit]], [float(x) for x in b[:, sample, unit]]


def _lstm_unit(step: _Step, sample: int, unit: int, is_cell: bool) -> Worked:
    before = Computed("c_{t-1}", float(step.cell[sample, unit]))
    return lstm_unit(Working(), _sums(step, sample, unit), before, is_cell)


def _gru_unit(step: _Step, sample: int, unit: int, _is_cell: bool) -> Worked:
    return gru_unit(Working(), _sums(step, sample, unit), Computed("h_{t-1}", float(step.state[sample, unit])))


def _tanh_unit(step: _Step, sample: int, unit: int, _is_cell: bool) -> Worked:
    return step_unit(Working(), _sums(step, sample, unit), bends=True)


def _relu_unit(step: _Step, sample: int, unit: int, _is_cell: bool) -> Worked:
    return step_unit(Working(), _sums(step, sample, unit), bends=False)


_UNITS: Final = {"lstm": _lstm_unit, "gru": _gru_unit, "rnn_tanh": _tanh_unit, "rnn_relu": _relu_unit}


def _known(call: Call) -> bool:
    """Return whether these formulas know the layer: a batch of equal lengths, without dropout between its layers."""
    shape = call.operands["self"].shape if "self" in call.operands else ()
    projected = call.op == "lstm" and (
        "hx[0]" not in call.operands or call.operands["hx[0]"].shape != call.operands["hx[1]"].shape
    )
    drops = call.real("dropout", 0.0) and call.arguments.get("train") and call.real("num_layers", 1.0) > 1
    return len(shape) == 3 and "batch_sizes" not in call.operands and not projected and not drops


_SUM: Final = r"W_{ih} x_{t} + b_{ih} + W_{hh} h_{t-1} + b_{hh}"


def _written(call: Call) -> str:
    inside = _SUM if call.arguments.get("has_biases", True) else r"W_{ih} x_{t} + W_{hh} h_{t-1}"
    return rf"\tanh({inside})" if call.op == "rnn_tanh" else rf"\max(0, {inside})"


OPERATIONS: tuple[Operation, ...] = (
    Operation(("lstm",), "other",
              says="the states of the LSTM at each time of <self>", formulas=(
        Formula.forwards(r"o \cdot \tanh(c_{t}), \; c_{t} = f \cdot c_{t-1} + i \cdot g",
            _SOURCE.format("LSTM", "10.10.1"), _worked, fits=_known),
    )),
    Operation(("gru",), "other",
              says="the states of the GRU at each time of <self>", formulas=(
        Formula.forwards(r"(1 - z) \cdot n + z \cdot h_{t-1}", _SOURCE.format("GRU", "10.10.2"), _worked,
            fits=_known),
    )),
    Operation(("rnn_tanh",), "other",
              says="the states of the RNN at each time of <self>", formulas=(
        Formula.forwards(rf"\tanh({_SUM})", _SOURCE.format("RNN", "10.2.2"), _worked, fits=_known,
            written=_written),
    )),
    Operation(("rnn_relu",), "other",
              says="the states of the RNN at each time of <self>", formulas=(
        Formula.forwards(rf"\max(0, {_SUM})", _SOURCE.format("RNN", "10.2.2"), _worked, fits=_known,
            written=_written),
    )),
)  # fmt: skip
