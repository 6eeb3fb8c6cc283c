"""Operations that read and write elements by their positions."""

from dataclasses import replace
from typing import Any

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import touched
from gradwalk.operations.entry import Formula, Local, Operation, Rule, Worked
from gradwalk.operations.result_shapes import looked_up
from gradwalk.operations.selection import NONE, copied, copying, selecting, single
from gradwalk.operations.working import Factors, Working, read, total

_TENSOR = "Tensor"
"""The word in a recorded key at the place of a tensor. The tensor's numbers came along an edge."""
_WRITTEN = "What is written over counts no more; what is written counts where it now stands."


def key_of(call: Call) -> Any:
    """Return the key between the brackets as numpy reads it. A part that the recording does not hold counts as `:`."""
    tensors = {name: call.array(name) for name in call.operands if name.partition("[")[0] == "key"}
    if "key" in tensors:
        return tensors["key"]
    key = call.arguments.get("key")
    if tensors:
        parts = dict(enumerate(map(_part, key if isinstance(key, list) else [])))
        parts |= {int(name[4:-1]): array for name, array in tensors.items()}
        return tuple(parts.get(i, slice(None)) for i in range(max(parts) + 1))
    if not isinstance(key, list):
        return _part(key)
    if "IndexBackward0" in call.autograd_names() and all(type(i) in (int, bool) for i in key):
        return np.array(key)  # x[[0, 1]] is recorded like x[0, 1]
    return tuple(_part(part) for part in key)


def _part(part: Any) -> Any:
    if isinstance(part, str):
        if part in ("...", _TENSOR):
            return Ellipsis
        return slice(*(int(number) if number else None for number in part.split(":")))
    return np.array(part) if isinstance(part, list) else part


def _read(call: Call, numbers: Array) -> Array:
    return np.asarray(numbers[key_of(call)])


def _write(call: Call, argument: str, numbers: Array) -> list[Array]:
    if argument == "self":
        kept = numbers.copy()
        kept[key_of(call)] = NONE
        return [kept]
    target = np.full(call.result().shape, NONE)
    value = numbers
    while value.ndim > target[key_of(call)].ndim:
        value = value[0]  # `x[0] = y` with leading dimensions of size 1
    target[key_of(call)] = value
    return [target]


def _copy(call: Call, argument: str, numbers: Array) -> list[Array]:
    shape = call.result().shape
    return [np.full(shape, NONE) if argument == "self" else np.broadcast_to(numbers, shape)]


def _gathered(call: Call, numbers: Array) -> Array:
    index = call.array("indices" if "indices" in call.operands else "index")
    dim = axis(call.arguments.get("dim", 0), numbers.ndim)
    if call.op == "take_along_dim":
        return np.take_along_axis(numbers, index, dim)
    part = tuple(slice(None) if i == dim else slice(size) for i, size in enumerate(index.shape))
    return np.take_along_axis(numbers[part], index, dim)


def _taken(call: Call, numbers: Array) -> Array:
    return np.asarray(np.take(numbers, call.array("index"), axis(call.arguments["dim"], numbers.ndim)))


def _masked(call: Call, numbers: Array) -> Array:
    mask = call.array("mask")
    shape = np.broadcast_shapes(mask.shape, numbers.shape)
    return np.asarray(np.broadcast_to(numbers, shape)[np.broadcast_to(mask, shape)])


def _rows(call: Call, argument: str, numbers: Array) -> list[Array]:
    """Return the rows that an embedding looks up. The padding row gets no gradient."""
    padding = call.arguments.get("padding_idx")
    rows = numbers.copy()
    if padding is not None and rows.size:
        rows[int(padding)] = NONE
    return [rows[call.array("self")]]


def _looked_up(call: Call, out: int, _output: int) -> Worked:
    """Work out an embedding: the row of the weight that an index names."""
    width = call.array("weight").shape[-1]
    row = int(call.array("self").reshape(-1)[out // width])
    origin = read(call, "weight", row * width + out % width)
    return Worked("<origin>", {"origin": origin}, origin.value)


def _written_key(call: Call) -> str:
    """Return the brackets as the program wrote them, where the recording holds them."""
    key = call.arguments.get("key")
    parts = key if isinstance(key, list) else [key]
    if "key" not in call.arguments or any(name.partition("[")[0] == "key" for name in call.operands):
        return r"<self>[\dots]"
    shown = ", ".join(map(_spelled, parts))
    return rf"<self>\left[{shown}\right]"


def _spelled(part: Any) -> str:
    if part is None:
        return r"\text{None}"
    if isinstance(part, list):
        return rf"[{', '.join(map(_spelled, part))}]"
    return r"\dots" if part == "..." else str(part)


def _scattered(call: Call, argument: str, index: int) -> list[Local]:
    """Return the derivatives of scatter.

    PyTorch gives a source element the gradient of its target place, also where another element was written there.
    """
    if argument == "src":
        return _added(call, argument, index)
    places, shape = call.array("index"), call.result().shape
    written = np.zeros(shape, dtype=bool)
    dim = axis(call.arguments["dim"], len(shape))
    part = tuple(slice(None) if i == dim else slice(size) for i, size in enumerate(places.shape))
    np.put_along_axis(written[part], places, True, dim)
    return [] if written.reshape(-1)[index] else [Local(index, 1.0)]


def _added(call: Call, argument: str, index: int) -> list[Local]:
    """Return the derivatives of scatter_add, which adds every source element at one place."""
    if argument == "self":
        return [Local(out, 1.0) for out in touched(call, argument, index)]
    places, shape = call.array("index"), call.result().shape
    position = [int(i) for i in np.unravel_index(index, call.array("src").shape)]
    if any(i >= size for i, size in zip(position, places.shape, strict=True)):
        return []
    position[axis(call.arguments["dim"], len(shape))] = int(places[tuple(position)])
    return [Local(int(np.ravel_multi_index(position, shape)), 1.0)]


def _sources(call: Call, out: int) -> list[int]:
    """Return the elements of the source that go to a place of the result, in their order."""
    places, shape = call.array("index"), call.result().shape
    dim = axis(call.arguments["dim"], len(shape))
    place = [int(i) for i in np.unravel_index(out, shape)] if shape else []
    if any(i >= size for d, (i, size) in enumerate(zip(place, places.shape, strict=True)) if d != dim):
        return []
    row = places[tuple(slice(None) if d == dim else i for d, i in enumerate(place))]
    found = [(*place[:dim], int(i), *place[dim + 1 :]) for i in np.flatnonzero(row == place[dim])]
    return [int(np.ravel_multi_index(one, call.array("src").shape)) for one in found]


def _worked_write(call: Call, out: int, _output: int) -> Worked:
    """Return the number that stands at a place: that of the source which was written there last, else the old one."""
    given = call.arguments.get("value")
    if given is not None:
        shape, dim = call.result().shape, axis(call.arguments["dim"], call.result().ndim)
        written = np.zeros(shape, dtype=bool)
        part = tuple(slice(None) if i == dim else slice(size) for i, size in enumerate(call.array("index").shape))
        np.put_along_axis(written[part], call.array("index"), True, dim)
        if written.reshape(-1)[out]:
            return Worked("<value>", {"value": float(given)}, float(given))
        origin = read(call, "self", out)
        return Worked("<origin>", {"origin": origin}, origin.value)
    result = float(call.result().reshape(-1)[out])
    sources = [read(call, "src", i) for i in _sources(call, out)]
    # where several were written to one place PyTorch does not say which stays
    origin = next((one for one in reversed(sources) if one.value == result), None) or read(call, "self", out)
    return Worked("<origin>", {"origin": origin}, origin.value)


def _worked_sum(call: Call, out: int, _output: int) -> Worked:
    working = Working()
    terms: list[Factors] = [[read(call, "self", out)], *([read(call, "src", i)] for i in _sources(call, out))]
    return working.worked(working.sum(terms), total(terms))


OPERATIONS: tuple[Operation, ...] = (
    Operation(("__getitem__",), "structural",
              says=phrases.indexed, sign="[ ]", word="indexing",
        zero_slope="Only the numbers that were taken out go on, so only they get a gradient.", formulas=(
        replace(
            selecting(r"<self>[\dots]", copied(), copying(single(_read)), "PyTorch, derivatives.yaml: index"),
            written=_written_key,
        ),
    )),
    Operation(("__setitem__",), "writes_constants",
              says="<self> with a part of it written anew", sign="[ ]=", word="writing by index", formulas=(
        selecting(r"<self>[\dots] \leftarrow value", copied("self", "value", meaning=_WRITTEN), copying(_write),
            "PyTorch, derivatives.yaml: copy_, index_put_"),
    )),
    Operation(("copy",), "structural",
              says="the numbers of <src>", formulas=(
        selecting("<src>", copied("self", "src", meaning=_WRITTEN), copying(_copy, exact=False),
            "PyTorch, derivatives.yaml: copy_"),
    )),
    Operation(("fill", "zero"), "writes_constants",
              says="<self> filled with one number", formulas=(
        selecting("value", copied(meaning=_WRITTEN), copying(_copy), "PyTorch, derivatives.yaml: fill_",
            fits=lambda call: call.node.op in ("fill_", "zero_")),
    )),
    Operation(("gather", "take_along_dim"), "structural",
              says="the numbers of <self> that the indices pick", formulas=(
        selecting("<self>[index]", copied(), copying(single(_gathered)), "PyTorch, torch.gather"),
    )),
    Operation(("index_select",), "structural",
              says="the parts of <self> that the indices pick", formulas=(
        selecting("<self>[index]", copied(), copying(single(_taken)), "PyTorch, torch.index_select"),
    )),
    Operation(("masked_select",), "structural",
              says="the numbers of <self> where <mask> is true", formulas=(
        selecting("<self>[mask]", copied(), copying(single(_masked)), "PyTorch, torch.masked_select"),
    )),
    Operation(("embedding",), "structural", shape=looked_up,
              says=phrases.looked_up, formulas=(
        Formula(r"<weight>[<self>]",
            copied("weight", meaning="A row counts once for each time that it is looked up; the padding row never."),
            copying(_rows, exact=False).column, worked=_looked_up, source="PyTorch, "
            "torch.nn.functional.embedding; derivatives.yaml: embedding",
            fits=lambda call: not call.arguments.get("scale_grad_by_freq") and "max_norm" not in call.arguments),
    )),
    Operation(("scatter",), "other",
              says="<self> with numbers written at the places that the indices name", formulas=(
        Formula("<self>[index] = <src>", {name: Rule("1", _WRITTEN) for name in ("self", "src")}, _scattered,
            "PyTorch, derivatives.yaml: scatter", fits=lambda call: "reduce" not in call.arguments,
            written=lambda call: f"<self>[index] = <{'value' if 'value' in call.arguments else 'src'}>",
            worked=_worked_write),
    )),
    Operation(("scatter_add",), "other",
              says="<self> with numbers added at the places that the indices name", formulas=(
        Formula("<self>[index] + <src>",
            {name: Rule("1", "What is added counts whole, wherever it is added.") for name in ("self", "src")},
            _added, "PyTorch, derivatives.yaml: scatter_add", worked=_worked_sum),
    )),
)  # fmt: skip
