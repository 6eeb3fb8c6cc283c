"""Steps of recurrent networks: RNNCell in one operation, LSTMCell and GRUCell as their gates."""

from collections.abc import Iterator, Sequence

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Reads, Rule, Worked
from gradwalk.operations.windows import place_of
from gradwalk.operations.working import Number, Working, read, value_of

_SOURCE = "PyTorch, torch.nn.{}; Goodfellow, Bengio, Courville, Deep Learning, {}"
_MANY = "It counts through every gate that it goes into."


def _numbers(call: Call, name: str, row: int) -> Array:
    array = call.array(name)
    return array[row] if array.ndim == 2 else array


def _changes(call: Call, argument: str, index: int, units: int, rows: int) -> list[tuple[int, Array, str]]:
    """Yield the changes of the gates' sums with an element, for each row of the batch that it is part of.

    They are by gate and unit, and split into those of the input and those of the hidden state.
    """
    side = "i" if argument in ("self", "w_ih", "b_ih") else "h"
    if argument in ("self", "hx"):
        array = call.array(argument)
        row, place = divmod(index, array.shape[-1])
        return [(row, call.array(f"w_{side}h")[:, place], side)]
    source = "self" if side == "i" else "hx"
    moved = []
    for row in range(rows):
        change = np.zeros(units)
        if argument.startswith("b"):
            change[index] = 1.0
        else:
            unit, place = place_of(index, call.array(argument).shape)
            change[unit] = _numbers(call, source, row)[place]
        moved.append((row, change, side))
    return moved


def _cell(call: Call, argument: str, index: int) -> Iterator[Local]:
    result = call.result()
    size, rows = result.shape[-1], result.size // result.shape[-1]
    for row, change, _ in _changes(call, argument, index, size, rows):
        for unit in map(int, np.flatnonzero(change)):
            y = float(result.reshape(-1)[row * size + unit])
            bend = 1 - y * y if call.op == "rnn_tanh_cell" else float(y > 0)
            symbol = r"(1 - h'^{2})" if call.op == "rnn_tanh_cell" else "[h' > 0]"
            reads: Reads = {"bend": Computed(symbol, bend), "d": float(change[unit])}
            yield Local(row * size + unit, bend * float(change[unit]), reads=reads, formula=r"<bend> \cdot <d>")


def _gated(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of a GRU: r, z, n = σ, σ, tanh; h' = (1 - z)·n + z·h, where r scales h inside of n."""
    result, memory = call.result(), call.array("hx")
    size, rows = result.shape[-1], result.size // result.shape[-1]
    for row, change, side in _changes(call, argument, index, 3 * size, rows):
        from_input, from_memory = (_sums(call, kind, row) for kind in ("i", "h"))
        reset, keep = (sigmoid((from_input + from_memory)[part]) for part in (slice(size), slice(size, 2 * size)))
        new = np.tanh(from_input[2 * size :] + reset * from_memory[2 * size :])
        d_reset = reset * (1 - reset) * change[:size]
        d_keep = keep * (1 - keep) * change[size : 2 * size]
        seen = change[2 * size :] * (1.0 if side == "i" else reset)
        d_new = (1 - new**2) * (seen + d_reset * from_memory[2 * size :])
        before = memory[row] if memory.ndim == 2 else memory
        total = (1 - keep) * d_new + d_keep * (before - new)
        if argument == "hx":
            total[index % size] += keep[index % size]
        yield from _shown(total, row, size, 0)


def _long(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of an LSTM with the gates i, f, g, o: c' = f·c + i·g, h' = o·tanh(c')."""
    hidden = call.result()
    size, rows = hidden.shape[-1], hidden.size // hidden.shape[-1]
    # autograd computes h' from c': the gradient of c' includes that way already, so h' depends on it through o alone
    apart = "" in call.operands
    if argument in ("hx[1]", ""):
        row, unit = divmod(index, size)
        changes = [(row, np.zeros(4 * size), "c")]
    else:
        renamed = "hx" if argument == "hx[0]" else argument
        changes = _changes(_with_memory(call), renamed, index, 4 * size, rows)
        unit = -1
    for row, change, _ in changes:
        sums = _sums(call, "i", row) + _sums(_with_memory(call), "h", row)
        i, f, g, o = (sums[part * size : (part + 1) * size] for part in range(4))
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cell = _numbers(call, "hx[1]", row)
        d_i, d_f, d_g, d_o = (change[part * size : (part + 1) * size] for part in range(4))
        d_cell = f * (1 - f) * d_f * cell + i * (1 - i) * d_i * g + i * (1 - g**2) * d_g
        if unit >= 0:
            d_cell[unit] += f[unit]
        bent = np.tanh(f * cell + i * g)
        through_cell = o * (1 - bent**2)
        if argument == "":
            yield Local(index, float(through_cell[unit]), formula="")
            continue
        d_hidden = o * (1 - o) * d_o * bent + (0.0 if apart else through_cell * d_cell)
        yield from _shown(d_hidden, row, size, 0)
        yield from _shown(d_cell, row, size, 1)


def _with_memory(call: Call) -> Call:
    """Return the same call with its hidden state under the name that the other cells have for it."""
    operands = {**call.operands, "hx": call.operands["hx[0]"]}
    return Call(call.node, call.op, operands, call.outputs, call.arguments)


def _sums(call: Call, side: str, row: int) -> Array:
    source = "self" if side == "i" else "hx"
    total: Array = call.array(f"w_{side}h") @ _numbers(call, source, row)
    return total + call.array(f"b_{side}h") if f"b_{side}h" in call.operands else total


def _shown(changes: Array, row: int, size: int, output: int) -> Iterator[Local]:
    for unit in map(int, np.flatnonzero(changes)):
        yield Local(row * size + unit, float(changes[unit]), output, formula="")


def sigmoid(x: Array) -> Array:
    """Return the sigmoid of each element."""
    return 1 / (1 + np.exp(-x))


def gate(working: Working, letter: str, sums: tuple[float, float], activation: str) -> tuple[str, str, float]:
    """Return a gate's place, how it was computed, and its value. `sums`: from the input and from the state."""
    value = float(sigmoid(np.array(sum(sums)))) if activation == r"\sigma" else float(np.tanh(sum(sums)))
    place = working.put(Computed(letter, value))
    inside = " + ".join(working.put(Computed(f"{letter}_{{{i}}}", one)) for i, one in enumerate(sums))
    return place, rf"{letter} = {activation}({inside}) = {place}", value


def _step(call: Call, out: int, _output: int) -> Worked:
    """Work out one unit of an RNN's step: what its activation gets."""
    result, working = call.result(), Working()
    row, unit = divmod(out, result.shape[-1])
    from_input, from_state = (float(_sums(call, side, row)[unit]) for side in "ih")
    return step_unit(working, ([from_input], [from_state]), bends=call.op == "rnn_tanh_cell")


def step_unit(working: Working, sums: tuple[Sequence[float], Sequence[float]], *, bends: bool) -> Worked:
    """Work out one unit of a plain step. `sums`: that from the input, and that from the state before; `bends`: its
    activation is tanh, else ReLU.
    """
    (a,), (r,) = sums
    given, kept = working.put(Computed("a", a)), working.put(Computed("r", r))
    where = [rf"a \text{{ (from the input)}} = {given}", rf"r \text{{ (from the state)}} = {kept}"]
    if bends:
        return working.worked(rf"\tanh({given} + {kept})", float(np.tanh(a + r)), where)
    return working.worked(rf"\max(0, {given} + {kept})", max(0.0, a + r), where)


def _gates_of_gru(call: Call, out: int, _output: int) -> Worked:
    result, memory, working = call.result(), call.array("hx"), Working()
    size = result.shape[-1]
    row, unit = divmod(out, size)
    from_input, from_memory = (_sums(call, kind, row) for kind in ("i", "h"))
    a, b = (list(map(float, sums[unit::size])) for sums in (from_input, from_memory))
    old = read(call, "hx", (row if memory.ndim == 2 else 0) * size + unit)
    return gru_unit(working, (a, b), old)


def gru_unit(working: Working, sums: tuple[Sequence[float], Sequence[float]], old: Number) -> Worked:
    """Work out one unit of a GRU. `sums`: those of its gates r, z, n from the input and from the state before."""
    a, b = sums
    _, reset, r = gate(working, "r", (a[0], b[0]), r"\sigma")
    z, keep, share = gate(working, "z", (a[1], b[1]), r"\sigma")
    new = float(np.tanh(a[2] + r * b[2]))
    n = working.put(Computed("n", new))
    parts = [working.put(one) for one in (a[2], r, b[2])]
    seen = rf"n = \tanh({parts[0]} + {parts[1]} \cdot {parts[2]}) = {n}"
    formula = rf"(1 - {z}) \cdot {n} + {z} \cdot {working.put(old)}"
    return working.worked(formula, (1 - share) * new + share * value_of(old), [keep, reset, seen])


def lstm_unit(working: Working, sums: tuple[Sequence[float], Sequence[float]], memory: Number, is_cell: bool) -> Worked:
    """Work out one unit of an LSTM, or its cell. `sums`: those of its gates i, f, g, o; `memory`: the cell before."""
    a, b = sums
    activations = (r"\sigma", r"\sigma", r"\tanh", r"\sigma")
    (i, take, i_value), (f, forget, f_value), (g, new, g_value), (o, give, o_value) = (
        gate(working, letter, (a[k], b[k]), activations[k]) for k, letter in enumerate("ifgo")
    )
    cell = f_value * value_of(memory) + i_value * g_value
    inside = rf"{f} \cdot {working.put(memory)} + {i} \cdot {g}"
    if is_cell:
        return working.worked(inside, cell, [forget, take, new])
    return working.worked(rf"{o} \cdot \tanh({inside})", o_value * float(np.tanh(cell)), [give, forget, take, new])


def _gates_of_lstm(call: Call, out: int, output: int) -> Worked:
    hidden, working = call.result(), Working()
    size = hidden.shape[-1]
    row, unit = divmod(out, size)
    a, b = (_sums(call, "i", row)[unit::size], _sums(_with_memory(call), "h", row)[unit::size])
    memory = read(call, "hx[1]", (row if call.array("hx[1]").ndim == 2 else 0) * size + unit)
    return lstm_unit(working, (list(map(float, a)), list(map(float, b))), memory, output == 1)


def _rules(latex: str, meaning: str, *states: str) -> dict[str, Rule]:
    return {name: Rule(latex, meaning) for name in ("self", *states, "w_ih", "w_hh", "b_ih", "b_hh")}


def _written_step(call: Call) -> str:
    """Return the formula of an RNN's step: without a bias where it has none."""
    b_ih, b_hh = (f" + <{name}>" if name in call.operands else "" for name in ("b_ih", "b_hh"))
    inside = rf"<w_ih> \, <self>{b_ih} + <w_hh> \, <hx>{b_hh}"
    return rf"\tanh({inside})" if call.op == "rnn_tanh_cell" else rf"\max(0, {inside})"


_SUM = r"W_{ih} x + b_{ih} + W_{hh} h + b_{hh}"

OPERATIONS: tuple[Operation, ...] = (
    Operation(("rnn_tanh_cell", "rnn_relu_cell"), "other",
              says="the new state of the cell, from the input <self> and the old state <hx>", formulas=(
        Formula(rf"f({_SUM})",
            _rules(r"f'(\cdot) \cdot \frac{\partial}{\partial x} (W_{ih} x + b_{ih} + W_{hh} h + b_{hh})",
                "The slope of the activation times what the element is multiplied by.", "hx"), _cell,
            _SOURCE.format("RNNCell", "10.2.2"), written=_written_step, worked=_step),
    )),
    Operation(("gru_cell",), "other",
              says="the new state of the cell: its gates mix the old state <hx> with a new proposal from <self>",
              formulas=(
        Formula(r"(1 - z) \cdot n + z \cdot h",
            _rules(r"(1 - z) \, \partial n + (h - n) \, \partial z + z \, \partial h", _MANY, "hx"), _gated,
            _SOURCE.format("GRUCell", "10.10.2"), worked=_gates_of_gru),
    )),
    Operation(("lstm_cell",), "other",
              says="the new answer and memory of the cell: its gates forget, write and read", formulas=(
        Formula(r"o \cdot \tanh(c'), \quad c' = f \cdot c + i \cdot g",
            _rules(r"\partial h' = \partial o \tanh c' + o (1 - \tanh^{2} c') \, \partial c'", _MANY, "hx[0]",
                "hx[1]", ""), _long, _SOURCE.format("LSTMCell", "10.10.1"), worked=_gates_of_lstm),
    )),
)  # fmt: skip
