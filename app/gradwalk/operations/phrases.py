"""The words of operations: phrases such as "twice <self>" that say what a call computes, and sentences of what it did.

A phrase names a result, so it can follow "is" and "computes". `<self>` stands for the name of an argument.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from gradwalk.contract.digits import shape_text, written
from gradwalk.operations.call import DOES_NOT_FIT, Call, NumbersMissing

Phrase = Callable[[Call], str]

_FACTORS: Final = {
    2.0: "twice <self>", 0.5: "half of <self>", 3.0: "three times <self>", -1.0: "<self> with its sign turned",
}  # fmt: skip
_LINES: Final = {0: "column", 1: "row"}


def amount(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: `one row`, `3 rows`."""
    return f"one {noun}" if count == 1 else f"{count} {plural or noun + 's'}"


def told(count: Phrase) -> Phrase:
    """Return a phrase that is empty where the recorded numbers do not tell it."""

    def tell(call: Call) -> str:
        try:
            return count(call)
        except (NumbersMissing, *DOES_NOT_FIT):
            return ""

    return tell


def _shape(call: Call, name: str = "self") -> tuple[int, ...]:
    operand = call.operands.get(name)
    return operand.shape if operand else ()


def _plain(call: Call, name: str) -> float | None:
    value = call.arguments.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _fitted(call: Call) -> str:
    """Return a remark about an operand that was repeated until its shape fitted."""
    result = call.outputs[0].shape if call.outputs else ()
    small = [name for name in ("self", "other") if name in call.operands and _shape(call, name) != result]
    if not small or not result:
        return ""
    shape = _shape(call, small[0])
    if math.prod(shape) == 1:
        return ", the same number everywhere"
    return f", with <{small[0]}> repeated to fit"


def sum_of_two(call: Call) -> str:
    """Say an addition."""
    factor = _plain(call, "alpha")
    return f"<self> plus {'' if factor in (None, 1.0) else '<alpha> times '}<other>{_fitted(call)}"


def difference(call: Call) -> str:
    """Say a subtraction."""
    factor = _plain(call, "alpha")
    return f"<self> minus {'' if factor in (None, 1.0) else '<alpha> times '}<other>{_fitted(call)}"


def product(call: Call) -> str:
    """Say a multiplication."""
    number = _plain(call, "other")
    if number is not None:
        return _FACTORS.get(number, "<other> times <self>")
    many = call.outputs and math.prod(call.outputs[0].shape) > 1
    return f"<self> times <other>{_fitted(call) or (', number by number' if many else '')}"


def quotient(call: Call) -> str:
    """Say a division. `1 / x` is recorded as `x / 1` with another autograd node."""
    if _plain(call, "other") is not None and "ReciprocalBackward0" in call.autograd_names():
        return "<other> divided by <self>"
    return f"<self> divided by <other>{_fitted(call)}"


def power(call: Call) -> str:
    """Say a power."""
    exponent = _plain(call, "exponent")
    known = {2.0: "<self> squared", 3.0: "<self> to the third power", 0.5: "the square root of <self>"}
    return known.get(exponent, "<self> to the power of <exponent>") if exponent is not None else (
        "<self> to the power of <exponent>"
    )  # fmt: skip


def weighted_sums(call: Call) -> str:
    """Say a linear layer."""
    given, weight = _shape(call), _shape(call, "weight")
    bias = ", plus <bias>" if "bias" in call.operands else ""
    if len(weight) != 2:
        return f"the weighted sum of <self> by <weight>{bias}"
    each = "<self>" if len(given) < 2 else "each row of <self>"
    return f"{amount(weight[0], 'weighted sum')} of the {amount(weight[1], 'number')} in {each}, by <weight>{bias}"


def matrix_product(call: Call) -> str:
    """Say a product of matrices or vectors."""
    left, right = len(_shape(call)), len(_shape(call, "other"))
    if left == 1 and right == 1:
        return "the dot product of <self> and <other>"
    if right == 1:
        return "the dot product of each row of <self> with <other>"
    if left == 1:
        return "the dot product of <self> with each column of <other>"
    if left > 2 or right > 2:
        count = math.prod(call.outputs[0].shape[:-2]) if call.outputs else 0
        return f"the matrix product of <self> and <other>, {amount(count, 'pair')} of matrices at once"
    return "the matrix product of <self> and <other>, rows times columns"


def _lines(call: Call) -> str:
    """Return the part of the input that one number of a reduction's result is made of."""
    given, result = _shape(call), call.outputs[0].shape if call.outputs else ()
    dim = call.arguments.get("dim", call.arguments.get("axis"))
    if dim in (None, []) or math.prod(result) == 1:
        return f"all {math.prod(given)} numbers of <self>" if math.prod(given) != 1 else "<self>"
    dims = [one % max(1, len(given)) for one in (dim if isinstance(dim, list) else [dim]) if isinstance(one, int)]
    if len(given) == 2 and len(dims) == 1:
        return f"each {_LINES[dims[0]]} of <self>"
    if len(dims) == 1:
        return f"<self> along dimension {dims[0]}"
    return f"<self> along the dimensions {', '.join(map(str, dims))}"


def of_lines(noun: str) -> Phrase:
    """Return a phrase for a reduction: the mean of each row."""
    return lambda call: f"the {noun} of {_lines(call)}"


def in_lines(what: str) -> Phrase:
    """Return a phrase for what is done in each row or along another dimension."""

    def say(call: Call) -> str:
        given, dim = _shape(call), call.arguments.get("dim")
        if not isinstance(dim, int) or len(given) < 2:
            return what
        place = dim % len(given)
        if place == len(given) - 1:
            return f"{what}, row by row"
        return f"{what}, {'column by column' if place == len(given) - 2 else f'along dimension {place}'}"

    return say


def rearranged(call: Call) -> str:
    """Say a change of the shape."""
    shape = call.outputs[0].shape if call.outputs else ()
    if len(shape) < 2:
        return "the same numbers as <self> in one row"
    return f"the same numbers as <self>, arranged as {shape_text(shape)}"


def indexed(call: Call) -> str:
    """Say what an index picks."""
    key = call.arguments.get("key")
    if key is None:
        return "the part of <self> that the index picks"
    many = call.outputs and math.prod(call.outputs[0].shape) > 1
    return f"{'the part' if many else 'the number'} at [{key_text(key)}] of <self>"


def key_text(key: object) -> str:
    """Return an index as the program writes it."""
    return ", ".join(map(str, key)) if isinstance(key, list) else str(key)


def looked_up(call: Call) -> str:
    """Say an embedding."""
    result = call.outputs[0].shape if call.outputs else ()
    count = math.prod(result[:-1])
    return f"{amount(count, 'row')} of <weight>, looked up by the {'number' if count == 1 else 'numbers'} in <self>"


def swapped(call: Call) -> str:
    """Say a transposition."""
    first, second = call.arguments.get("dim0"), call.arguments.get("dim1")
    if len(_shape(call)) < 3 or not isinstance(first, int) or not isinstance(second, int):
        return "<self> turned over, its rows as columns"
    rank = len(_shape(call))
    return f"<self> with its dimensions {first % rank} and {second % rank} swapped"


def convolved(call: Call) -> str:
    """Say a convolution."""
    kernel = _shape(call, "weight")
    bias = ", plus <bias>" if "bias" in call.operands else ""
    if kernel and kernel[0] == 1:
        return f"what the kernel in <weight> finds as it slides over <self>{bias}"
    return f"what the {kernel[0] if kernel else 0} kernels in <weight> find as they slide over <self>{bias}"


def normalised(over: str) -> Phrase:
    """Return a phrase for a normalisation. `over`: the numbers that share a mean."""

    def say(call: Call) -> str:
        learnt = ", then scaled by <weight>" if "weight" in call.operands else ""
        shifted = " and shifted by <bias>" if learnt and "bias" in call.operands else ""
        return f"<self> brought to mean 0 and spread 1 {over}{learnt}{shifted}"

    return say


def joined(call: Call) -> str:
    """Say a concatenation."""
    count = sum(name.startswith("tensors") for name in call.operands)
    return "one tensor with a new dimension" if count == 1 else f"{count} tensors put together into one"


def cast(call: Call) -> str:
    """Say a change of the type."""
    made = call.outputs[0].tensor if call.outputs else None
    return "<self>" if made is None else f"<self> as {made.dtype}"


def loss_of(what: str) -> Phrase:
    """Return a phrase for a loss that compares <self> and <target>."""

    def say(call: Call) -> str:
        kind = {"sum": "sum of the", "none": "separate"}.get(str(call.arguments.get("reduction")), "mean")
        return f"the {kind} {what}"

    return say


@told
def kept_positive(call: Call) -> str:
    """Count what a ReLU lets pass."""
    made = call.outputs[0].tensor if call.outputs else None
    if made is not None and made.stats is not None:
        return f"It keeps {math.prod(made.shape) - made.stats.zeros} of {math.prod(made.shape)} numbers."
    array = call.array("self")
    if array.size < 2:
        return "" if float(array.reshape(-1)[0]) > 0 else "What goes in is not positive, so 0 comes out."
    kept = int((array > 0).sum())
    if kept == array.size:
        return f"All {kept} numbers are positive and pass."
    if kept == 0:
        return f"None of the {array.size} numbers is positive, so nothing passes."
    return f"It keeps {kept} of {array.size} numbers and sets the others to 0."


@told
def dropped(call: Call) -> str:
    """Count what a dropout sets to zero."""
    array, result = call.array("self"), call.result()
    if np.array_equal(array, result):
        return "It changes nothing here: dropout works in training only."
    gone = int(((result == 0) & (array != 0)).sum())
    rest = 1 - call.real("p", 0.5)
    return f"It sets {gone} of {array.size} numbers to 0 and multiplies the others by {written(1 / rest)}."


@told
def true_places(call: Call) -> str:
    """Count where a comparison holds."""
    array = call.result()
    if array.size < 2:
        return ""
    count = int(array.astype(bool).sum())
    return f"It is true at {count} of {array.size} places."


@told
def masked_places(call: Call) -> str:
    """Count what a mask covers."""
    mask = np.broadcast_to(call.array("mask").astype(bool), call.result().shape)
    return f"The mask covers {int(mask.sum())} of {mask.size} places."


@told
def saturated(call: Call) -> str:
    """Count the numbers at which an S-shaped curve is flat."""
    array, result = call.array("self"), call.result()
    flat = int((np.abs(array) > 4).sum())
    if flat == 0 or result.size < 2:
        return "It is flat there, so hardly any gradient will pass back." if flat else ""
    return f"At {flat} of {result.size} places the curve is flat, and hardly any gradient will pass back there."


def _constant(text: str) -> Phrase:
    return lambda _call: text


SMALLER_IS_BETTER: Final = _constant("The smaller it is, the better the prediction fits.")


def by_name(**phrases: str) -> Phrase:
    """Return a phrase for operations that share an entry and say different things."""
    return lambda call: phrases.get(call.op, "")


def zeros_or_ones(call: Call) -> str:
    """Say what a tensor is filled with."""
    if call.op == "eye":
        return "a matrix with 1 on its diagonal and 0 elsewhere"
    return f"a tensor of {'ones' if 'ones' in call.op else 'zeros'}"
