"""The sentences of the forward pass: what the program gives, and what each operation computes from it."""

import re
from typing import Final

import numpy as np

from gradwalk.contract.digits import shape_text, written
from gradwalk.contract.snapshot import Node, Step, Tensor
from gradwalk.explain.symbols import symbols_of
from gradwalk.explain.worked_value import WorkedValue, work_out
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.narration.numbers import (
    chosen_of,
    element_text,
    is_single,
    place_text,
    range_text,
    size_of,
    whole_text,
)
from gradwalk.narration.parts import MOST_LETTERS, Parts, error, filled, length, listed, plain, strong, value
from gradwalk.narration.plain_math import plain as in_plain_text
from gradwalk.narration.result_names import ResultNames, known, words_of
from gradwalk.operations.call import DOES_NOT_FIT, Array, Call, NumbersMissing
from gradwalk.operations.registry import find
from gradwalk.operations.tolerance import agree

_BINDS: Final = re.compile("squared|times|minus|divided|power")
_PLAIN_NUMBER: Final = re.compile(r"−?[\d.]+(e−?\d+)?")
_SUM: Final = re.compile(" [+−] ")
_LONGEST_WORKED: Final = 110
"""Letters of a worked number that a sentence has room for."""


class ForwardSentences:
    """Tells the steps of one iteration's forward pass. `works`: numbers are worked out."""

    def __init__(self, iteration: IndexedIteration, names: ResultNames) -> None:
        self._iteration = iteration
        self._names = names
        self._symbols = symbols_of(iteration)
        self.works = True

    def leaf(self, step: Step) -> Parts:
        """Tell a tensor that the program gives."""
        node = self._iteration.graph.nodes[step.node]
        tensor = self._iteration.value(node.id)
        name = self._names.own(node)
        if tensor is None:
            return [plain("The program creates "), strong(name or "a tensor"), plain(".")]
        array = self._iteration.array(tensor)
        whole = element_text(tensor, array, ()) if array is not None and array.ndim == 0 else whole_text(tensor, array)
        if whole is None and array is not None and array.size == 1:
            whole = written(float(array.reshape(-1)[0]))
        role = {"parameter": "", "buffer": "Its module keeps "}.get(node.kind, "The program gives ")
        learns = " is a parameter that can learn" if node.kind == "parameter" else ""
        if name is None:
            place = "" if node.line is None else f" in line {node.line}"
            said: Parts = [plain("The program creates "), plain(size_of(tensor) if whole is None else "the constant ")]
            if whole is not None:
                return [*said, value(whole), plain(f"{place}.")]
            return [*said, plain(place), *self._example("", tensor, array), plain(".")]
        begin: Parts = [plain(role), strong(name)]
        if whole is not None:
            return [*begin, plain(" = "), value(whole), plain(f"{learns}.")]
        opening: Parts = [*begin, plain(f", {size_of(tensor)}{',' if learns else ''}{learns}")]
        return [*opening, *self._example(name, tensor, array), plain(".")]

    def operation(self, step: Step) -> Parts:
        """Tell what an operation computes."""
        node = self._iteration.graph.nodes[step.node]
        call = self._iteration.call(node)
        opening, many = self._opening(node, call)
        if node.failed:
            return [*self._what(call), error(" fails here"), plain(".")]
        parts = [*opening, *self._what(call)]
        if many:
            parts += self._each_output(node, call)
        elif call.outputs and call.outputs[0].tensor is not None:
            parts += self._result(node, call, call.outputs[0].tensor)
        parts.append(plain("."))
        remark = _remark(call)
        return parts if length([*parts, *remark]) > MOST_LETTERS else [*parts, *remark]

    def _opening(self, node: Node, call: Call) -> tuple[Parts, bool]:
        """Return the subject and the verb, and whether there are several results."""
        many = len(call.outputs) > 1
        if node.name is not None:
            if many:
                names = node.name.split(", ")
                return [*listed(names), plain(" are " if len(names) > 1 else " is ")], True
            tensor = call.outputs[0].tensor if call.outputs else None
            size = "" if tensor is None or is_single(tensor) else f", {size_of(tensor)},"
            template = self._template(call)
            counted = template[:1].isdigit() or template.startswith("one ")
            verb = "tells" if template.startswith("whether") else "holds" if counted else "is"
            return [strong(self._names.of(node)), plain(f"{size} {verb} ")], False
        layer = self._names.layer(node)
        verb = " computes "
        operation = known(node.op)
        if operation is not None and operation.kind in ("structural", "writes_constants"):
            verb = " tells " if self._template(call).startswith("whether") else " takes "
        return [plain("The program") if layer is None else strong(layer), plain(verb)], many

    def _template(self, call: Call) -> str:
        """Return what the table of operations says of the call; empty where it says nothing."""
        operation = known(call.node.op)
        says = operation.says if operation is not None and not call.is_custom else ""
        try:
            return says if isinstance(says, str) else says(call)
        except (NumbersMissing, *DOES_NOT_FIT):
            return ""

    def _what(self, call: Call) -> Parts:
        template = self._template(call)
        if template:
            close = bool(_BINDS.search(template))
            return filled(template, lambda place: self._named(call, place, close))
        given = [self._names.beside(one.node, one.output, call.node) for one in call.operands.values()][:3]
        words = words_of(call.node.op)
        what = "its own function " if call.is_custom else "" if words.startswith("the ") else "the function "
        made: Parts = [plain(f"what {what}{words} gives")]
        if given:
            made.append(plain(" for "))
            for i, name in enumerate(given):
                made += [plain("" if i == 0 else " and " if i == len(given) - 1 else ", "), strong(name)]
        return made

    def _named(self, call: Call, place: str, close: bool) -> str:
        """Return the name of an argument. `close`: a sum is put in brackets."""
        operand = call.operands.get(place)
        if operand is not None:
            layer = self._names.layer(call.node) if call.node.name is None else None
            if layer is not None and (operand.node.name or "").startswith(f"{layer}."):
                return f"its {(operand.node.name or '').removeprefix(f'{layer}.')}"
            name = self._names.beside(operand.node, operand.output, call.node)
            return f"({name})" if close and _SUM.search(name) and not name.startswith("the ") else name
        given = call.arguments.get(place)
        if isinstance(given, int | float):
            return str(given) if isinstance(given, bool) else written(float(given))
        if isinstance(given, str) and given in ("inf", "-inf", "Infinity", "-Infinity"):
            return "−∞" if given.startswith("-") else "∞"
        others = list(call.operands.values())
        number = 0 if place == "self" else 1
        if number < len(others):
            return self._names.beside(others[number].node, others[number].output, call.node)
        return "a number that the program gives" if place in ("other", "exponent", "value") else "its input"

    def _result(self, node: Node, call: Call, tensor: Tensor) -> Parts:
        array = call.outputs[0].array
        chosen = chosen_of(tensor, array)
        name = self._names.own(node)
        said = shape_text(tensor.shape) in self._template(call)
        size = "" if name is not None or said or is_single(tensor) else f": {size_of(tensor)}"
        if chosen is None:
            return [plain(size), *_range(tensor)]
        result = element_text(tensor, array, chosen)
        worked = self._worked(call, tensor, array, chosen)
        if is_single(tensor):
            shown = f"{worked} = " if worked else ""
            return [plain(f": {shown}"), value(result)]
        where = place_text(tensor, chosen)
        intro = f"{size}, for example " if size else ", for example "
        steps: Parts = [plain(intro), strong(f"{name}{where}") if name else plain(where)]
        whole = whole_text(tensor, array)
        if whole is not None and not worked:
            return [plain(f"{size}, namely " if size else ", namely "), value(whole)]
        return [*steps, plain(f" = {worked}" if worked else ""), plain(" = "), value(result)]

    def _each_output(self, node: Node, call: Call) -> Parts:
        """Tell one number of each of the first results."""
        parts: Parts = []
        for i, output in enumerate(call.outputs[:3]):
            if output.tensor is None:
                continue
            chosen = chosen_of(output.tensor, output.array)
            if chosen is None:
                continue
            name = self._names.own(node, i) or f"result {i}"
            parts += [
                plain("; " if not parts else ", "),
                (strong if self._names.own(node, i) else plain)(f"{name}{place_text(output.tensor, chosen)}"),
                plain(" = "),
                value(element_text(output.tensor, output.array, chosen)),
            ]
        return parts

    def _example(self, name: str, tensor: Tensor, array: Array | None) -> Parts:
        chosen = chosen_of(tensor, array)
        if chosen is None:
            return _range(tensor)
        told = value(element_text(tensor, array, chosen))
        where = place_text(tensor, chosen)
        return [plain(": for example "), strong(f"{name}{where}") if name else plain(where), plain(" = "), told]

    def _worked(self, call: Call, tensor: Tensor, array: Array | None, chosen: tuple[int, ...]) -> str:
        """Return the arithmetic of one number, without the number itself; empty where there is none to show."""
        own = call.operands.get("self")
        if not self.works:
            return ""
        if (call.node.op or "").endswith("_") and own is not None and own.shape != call.outputs[0].shape:
            return ""  # it was written through a view of a part, and the element may lie outside
        formula = find(call)
        found = work_out(self._symbols, call, formula, 0, chosen)
        if array is None or not _right(found, float(array[chosen]), tensor.dtype):
            return ""
        numbers = in_plain_text(found.numbers.removeprefix("= ")) if found.numbers else None
        if numbers and _PLAIN_NUMBER.fullmatch(numbers):
            return numbers if numbers == element_text(tensor, array, chosen) else ""
        if numbers and len(numbers) <= _LONGEST_WORKED:
            return numbers
        if not numbers and len(found.reads) == 1:
            read = found.reads[0]
            source = self._names.of(self._iteration.graph.nodes[read.node], read.output)
            if read.index and " " not in source and source != self._names.own(call.node):
                return f"{source}[{', '.join(map(str, read.index))}]"
        return ""


def _range(tensor: Tensor) -> Parts:
    """Return the range of numbers that are too many to stand in the iteration; empty where it is not known."""
    known = range_text(tensor)
    return [] if known is None else [plain(", its numbers "), value(known)]


def _right(found: WorkedValue, recorded: float, dtype: str) -> bool:
    if found.value is None or not np.isfinite(recorded):
        return True
    return bool(agree(found.value, recorded, max(found.scale, abs(found.value)), dtype))


def _remark(call: Call) -> Parts:
    """Return what the table of operations adds about this call."""
    operation = known(call.node.op)
    if operation is None or operation.adds is None or call.is_custom:
        return []
    text = operation.adds(call)
    return [plain(f" {text}")] if text else []
