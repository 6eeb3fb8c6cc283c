"""Sentences that say why the result of an operation has its shape, with the sizes of a call.

Each function returns None where the recorded call does not tell the reason.
"""

import math
from collections.abc import Callable, Sequence

from gradwalk.contract.digits import shape_text
from gradwalk.operations.axes import along, axis, list_of
from gradwalk.operations.call import DOES_NOT_FIT, Call, NumbersMissing
from gradwalk.operations.windows import of_each

Reason = Callable[[Call], str | None]
"""A function that says why the result of a call has its shape."""


def reason(why: Reason, call: Call) -> str | None:
    """Return the sentence about a call; null where the call does not tell it, or does not fit what was recorded."""
    try:
        return why(call)
    except (NumbersMissing, *DOES_NOT_FIT):
        return None


def written(shape: Sequence[int]) -> str:
    """Return a shape as it is said in a sentence: `4×5`, `5`, `a scalar`."""
    return shape_text(shape) or "a scalar"


def broadcast(call: Call) -> str | None:
    """Say which operand is used again and again, of an operation that works element by element."""
    result = _result(call)
    smaller = [operand.shape for operand in call.operands.values() if operand.shape != result]
    if len(call.operands) < 2 or not smaller:
        return None
    shapes = " and ".join(written(operand.shape) for operand in call.operands.values())
    return (
        f"Broadcasting: the sizes of {shapes} are compared from the last one on. Where a size is 1 or missing, its "
        f"numbers are used again for every one of the other's, which gives {written(result)}."
    )


def one_of_many(call: Call) -> str | None:
    """Say along which dimensions a reduction makes one number of many."""
    shape, result = call.operands["self"].shape, _result(call)
    dimensions = along(call, shape)
    if len(dimensions) == len(shape):
        count = math.prod(shape)
        kept = f", and keepdim keeps each dimension with the size 1: {written(result)}" if result else ""
        return f"{call.op} makes one number of all {count}{kept}: {'no' if not kept else 'no other'} size is left."
    which = " and ".join(f"dimension {i}, of size {shape[i]}," for i in dimensions)
    end = "becomes 1" if len(result) == len(shape) else "is gone"
    return (
        f"{call.op} makes one number of those along {which} so {'that size' if len(dimensions) == 1 else 'each'} {end}."
    )


def product(left: str, right: str) -> Reason:
    """Return the reason for a product of the matrices or vectors of two arguments."""

    def why(call: Call) -> str | None:
        one, other = call.operands[left].shape, call.operands[right].shape
        if not one or not other:
            return None
        inner = other[-2] if len(other) > 1 else other[0]
        if one[-1] != inner:
            return None
        outer = [*one[-2:-1], *(other[-1:] if len(other) > 1 else ())]
        left_over = " and ".join(map(str, outer))
        stays = f"the outer {_plural(outer, 'size')} {left_over} {'stays' if len(outer) == 1 else 'stay'}"
        batch = max(len(one), len(other)) > 2
        return (
            f"Rows times columns: {written(one)} @ {written(other)}. The inner sizes, both {inner}, meet and vanish; "
            f"{stays if outer else 'no size is left'}{', and so do the sizes in front' if batch else ''}."
        )

    return why


def paired(call: Call) -> str | None:
    """Say the shape of an outer product."""
    one, other = _first_two(call)
    return f"Each of the {math.prod(one)} numbers meets each of the {math.prod(other)}: one row for each of the first."


def linear(call: Call) -> str | None:
    """Say how a linear layer changes the last size."""
    shape, weight = call.operands["self"].shape, call.operands["weight"].shape
    if len(weight) != 2 or shape[-1] != weight[1]:
        return None
    return (
        f"linear computes x @ Wᵀ + b: the last size of x, {shape[-1]}, meets the {weight[1]} columns of the weight and "
        f"vanishes, and the weight's {weight[0]} rows give the new last size."
    )


def same_numbers(call: Call) -> str | None:
    """Say that the numbers stay in their order, of a view of all of them."""
    shape, result = call.operands["self"].shape, _result(call)
    if math.prod(shape) != math.prod(result):
        return None
    count = math.prod(shape)
    longer = result if len(result) > 1 else shape
    sizes = f"{' · '.join(map(str, longer))} = {count}" if len(longer) > 1 else f"{count}"
    return f"{call.op} keeps the same {count} numbers in the same order and only divides them into other rows: {sizes}."


def swapped(call: Call) -> str | None:
    """Say which two sizes a transpose swaps."""
    shape, result = call.operands["self"].shape, _result(call)
    if call.op in ("T", "t", "mT", "adjoint"):
        places = (len(shape) - 2, len(shape) - 1)
    else:
        names = [name for name in ("dim0", "axis0", "dim1", "axis1") if name in call.arguments]
        places = tuple(axis(call.arguments[name], len(shape)) for name in names)  # type: ignore[assignment]
    if len(shape) < 2 or len(places) != 2 or (call.op in ("T", "t") and len(shape) != 2):
        return None
    first, second = places
    sizes = list(shape)
    sizes[first], sizes[second] = sizes[second], sizes[first]
    if tuple(sizes) != result:
        return None
    return (
        f"{call.op} swaps dimensions {first} and {second}, so {written(shape)} becomes {written(result)}: rows become "
        "columns, which is another order of the numbers than a reshape gives."
    )


def permuted(call: Call) -> str | None:
    """Say the order into which the dimensions are put."""
    shape, result = call.operands["self"].shape, _result(call)
    given = [value for name, value in call.arguments.items() if name.startswith("dims")]
    order = [axis(i, len(shape)) for value in given for i in list_of(value)]
    if tuple(shape[i] for i in order) != result:
        return None
    return f"permute puts the dimensions in the order {', '.join(map(str, order))}, each with its size."


def joined(call: Call) -> str | None:
    """Say how the sizes of joined tensors add up, or which dimension is new."""
    shapes = [operand.shape for operand in call.operands.values()]
    result = _result(call)
    dim = call.arguments.get("dim", call.arguments.get("axis", 0))
    if not isinstance(dim, int) or len(shapes) < 2:
        return None
    if call.op == "stack":
        new = axis(dim, len(result))
        return (
            f"stack lays the {len(shapes)} tensors of the shape {written(shapes[0])} side by side along a new "
            f"dimension {new}, whose size is their number."
        )
    place = axis(dim, len(result))
    sizes = [shape[place] for shape in shapes]
    if call.op not in ("cat", "concat", "concatenate") or sum(sizes) != result[place]:
        return None
    added = " + ".join(map(str, sizes))
    return f"{call.op} puts them one after the other along dimension {place}: {added} = {result[place]}."


def looked_up(call: Call) -> str | None:
    """Say that every index of an embedding becomes a row."""
    indices, weight = call.operands["self"].shape, call.operands["weight"].shape
    count = math.prod(indices)
    return (
        f"embedding copies one row of the weight, {weight[-1]} numbers, for each of the {count} "
        f"{'indices' if count != 1 else 'index'}: the shape of the indices, and {weight[-1]} as the last size."
    )


def convolved(call: Call) -> str | None:
    """Say in how many places the kernel of a convolution fits."""
    image, weight, result = call.operands["self"].shape, call.operands["weight"].shape, _result(call)
    kernel = weight[2:]
    padding = call.arguments.get("padding")
    if isinstance(padding, str) or "transpose" in call.op:
        return None
    count = len(kernel)
    pads = of_each(padding, count, 0)
    fitted = _fitted(image[-count:], kernel, pads, of_each(call.arguments.get("stride"), count, 1), result[-count:])
    dilated = any(apart != 1 for apart in of_each(call.arguments.get("dilation"), count, 1))
    if fitted is None or dilated:
        return None
    return f"The kernel has the size {written(kernel)}. {fitted} The weight's {weight[0]} kernels give the channels."


def pooled(call: Call) -> str | None:
    """Say how many windows of a pooling there are."""
    image, result = call.operands["self"].shape, _result(call)
    count = int(call.op.partition("pool")[2][0])
    if call.op.startswith("adaptive"):
        return f"{call.op} was told to give {written(result[-count:])}: it divides each dimension into so many windows."
    size = of_each(call.arguments["kernel_size"], count, 1)
    stride = of_each(call.arguments.get("stride"), count, 0)
    steps = [step or width for step, width in zip(stride, size, strict=True)]
    fitted = _fitted(image[-count:], size, of_each(call.arguments.get("padding"), count, 0), steps, result[-count:])
    dilated = any(apart != 1 for apart in of_each(call.arguments.get("dilation"), count, 1))
    if fitted is None or dilated:
        return None
    return f"One number for each window of {written(size)}. {fitted} The channels stay as they are."


def _fitted(
    image: Sequence[int], size: Sequence[int], pads: Sequence[int], strides: Sequence[int], result: Sequence[int]
) -> str | None:
    """Say how often a window fits; null where that does not give the recorded result."""
    told: list[str] = []
    for extent, width, pad, stride, found in zip(image, size, pads, strides, result, strict=True):
        places = (extent + 2 * pad - width) // stride + 1
        if places != found:
            return None
        room = f"{extent} + 2 · {pad}" if pad else str(extent)
        if stride == 1:
            told.append(f"{room} − {width} + 1 = {places}")
        else:
            told.append(f"({room} − {width}) / {stride}, rounded down, + 1 = {places}")
    ways = list(dict.fromkeys(told))
    return f"It fits {', and '.join(ways)} times in {'each' if len(ways) == 1 else 'its'} direction."


def _first_two(call: Call) -> tuple[tuple[int, ...], tuple[int, ...]]:
    one, other = list(call.operands.values())[:2]
    return one.shape, other.shape


def _plural(values: Sequence[object], noun: str) -> str:
    return noun if len(values) == 1 else f"{noun}s"


def _result(call: Call) -> tuple[int, ...]:
    return call.outputs[0].shape
