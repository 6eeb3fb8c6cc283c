"""Operations that add, multiply or write elements at the places of an index, or take elements several times."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Formula, Local, Operation, Rule, Worked
from gradwalk.operations.selection import NONE, copied, copying, selecting, single
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Factors, Working, read, total

_WRITTEN = "What is written over counts no more; what is written counts where it now stands."


def _taken(call: Call, numbers: Array) -> Array:
    """Return the elements at flat positions."""
    return np.asarray(numbers.reshape(-1)[call.array("index")])


def _repeated(call: Call, numbers: Array) -> Array:
    repeats: Any = call.array("repeats") if "repeats" in call.operands else int(call.arguments["repeats"])
    dim = call.arguments.get("dim")
    return np.repeat(numbers, repeats, None if dim is None else axis(dim, numbers.ndim))


def _put(call: Call, argument: str, numbers: Array) -> list[Array]:
    """Return the places of index_put without adding, and of the other operations that write at an index."""
    target = np.full(call.result().shape, NONE) if argument != "self" else numbers.copy()
    key = _key(call)
    if argument == "self":
        target[key] = NONE
    elif call.op == "masked_scatter":
        target[key] = numbers.reshape(-1)[: np.count_nonzero(key)]
    else:
        target[key] = numbers
    return [target]


def _key(call: Call) -> Any:
    shape = call.result().shape
    if call.op == "index_put":
        given = call.arguments.get("indices")
        known = {int(name[8:-1]): call.array(name) for name in call.operands if name.startswith("indices[")}
        count = len(given) if isinstance(given, list) else max(known) + 1
        return tuple(known.get(i, slice(None)) for i in range(count))
    if call.op == "masked_scatter":
        return np.broadcast_to(call.array("mask").astype(bool), shape)
    dim = axis(call.arguments.get("dim", 0), len(shape))
    if call.op == "slice_scatter":
        bounds = (call.arguments.get(name) for name in ("start", "end", "step"))
        return (slice(None),) * dim + (slice(*bounds),)
    place = call.array("index") if "index" in call.operands else int(call.arguments["index"])
    return (slice(None),) * dim + (place,)


def _added(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of index_add, which adds each slice of the source to a slice of the result."""
    if argument == "self":
        yield Local(index, 1.0)
        return
    source, shape = call.array(argument), call.result().shape
    dim = axis(call.arguments["dim"], len(shape))
    place = list(place_of(index, source.shape))
    place[dim] = int(call.array("index").reshape(-1)[place[dim]])
    alpha = call.real("alpha", 1.0)
    yield Local(flat(place, shape), alpha, formula=None if alpha == 1 else "<alpha>", reads={"alpha": alpha})


def _worked_sum(call: Call, out: int, _output: int) -> Worked:
    """Work out one number of index_add: what was there and what was added there."""
    source, shape, working = call.array("source"), call.result().shape, Working()
    dim = axis(call.arguments["dim"], len(shape))
    place = list(place_of(out, shape))
    terms: list[Factors] = [[read(call, "self", out)]]
    for i in map(int, np.flatnonzero(call.array("index").reshape(-1) == place[dim])):
        own = flat((*place[:dim], i, *place[dim + 1 :]), source.shape)
        terms.append([call.real("alpha", 1.0), read(call, "source", own)])
    return working.worked(working.sum(terms), total(terms))


def _plain(call: Call) -> bool:
    return not call.arguments.get("accumulate")


def _ruled(sentence: str, *names: str) -> dict[str, Rule]:
    return {name: Rule("1", sentence) for name in names}


OPERATIONS: tuple[Operation, ...] = (
    Operation(("take",), "structural",
              says="the numbers of <self> that the indices pick", formulas=(
        selecting("<self>[index]", copied(), copying(single(_taken)), "PyTorch, derivatives.yaml: take"),
    )),
    Operation(("repeat_interleave",), "structural",
              says="<self> with each number repeated", formulas=(
        selecting(r"\operatorname{repeat}(<self>)", copied(), copying(single(_repeated)),
            "PyTorch, torch.repeat_interleave"),
    )),
    Operation(("index_put", "index_copy", "select_scatter", "slice_scatter", "masked_scatter", "index_fill"),
        "writes_constants", says="<self> with a part of it written anew", formulas=(
        selecting(r"<self>[index] \leftarrow <source>",
            copied("self", "values", "source", "src", "value", meaning=_WRITTEN), copying(_put),
            "PyTorch, derivatives.yaml: index_put, index_copy, select_scatter, masked_scatter, index_fill",
            fits=_plain),
    )),
    Operation(("index_add",), "other",
              says="<self> with numbers added at the places that the indices name", formulas=(
        Formula("<self>[index] + <source>",
            _ruled("What is added counts whole, wherever it is added.", "self", "source"), _added,
            "PyTorch, derivatives.yaml: index_add", worked=_worked_sum),
    )),
)  # fmt: skip
