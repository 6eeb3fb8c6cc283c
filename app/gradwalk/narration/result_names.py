"""Names of nodes in sentences: the variable, else what the program wrote, else the layer, else words and a line."""

import math
import re
from collections import Counter
from functools import cached_property
from typing import Final

from gradwalk.contract.digits import written
from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.wording import short
from gradwalk.operations.call import base_name
from gradwalk.operations.entry import Operation
from gradwalk.operations.phrases import key_text
from gradwalk.operations.registry import operation_of

_LONGEST: Final = 26
"""The number of letters up to which an unnamed result is written out."""
_DEEPEST: Final = 3
_BACKWARD: Final = re.compile(r"(\w+?)Backward\d*")
_CAPITAL: Final = re.compile(r"(?<!^)([A-Z])")
_NOUNS: Final = {
    "+": "the sum", "−": "the difference", "×": "the product", "÷": "the quotient", "@": "the matrix product",
    "^": "the power",
}  # fmt: skip
_EXPONENTS: Final = {"2": "²", "3": "³"}
_COMPARED: Final = frozenset({">", "<", "≥", "≤", "=", "≠"})


class ResultNames:
    """The names of one iteration's nodes."""

    def __init__(self, iteration: IndexedIteration) -> None:
        self._iteration = iteration
        self._graph = iteration.graph

    def own(self, node: Node, output: int = 0) -> str | None:
        """Return the name that the program gave a result; null where it gave none."""
        if node.name is None:
            return None
        names = node.name.split(", ")
        if len(names) == 1:
            return short(node.name) if node.outputs < 2 else f"{short(node.name)}[{output}]"
        return short(names[output]) if output < len(names) else short(node.name)

    @cached_property
    def _alone(self) -> set[str]:
        """The operations that are all that their module does."""
        modules = Counter(self._graph.modules(node) for node in self._graph.operations)
        return {node.id for node in self._graph.operations if modules[self._graph.modules(node)] == 1}

    def layer(self, node: Node) -> str | None:
        """Return the layer that the operation is: the module that does nothing else, or that has its parameters."""
        path = self._graph.modules(node)
        if path and node.id in self._alone:
            return short(".".join(path))
        for flow in self._graph.into.get(node.id, ()):
            if flow.source.kind == "parameter" and flow.source.name and "." in flow.source.name:
                return short(flow.source.name.rpartition(".")[0])
        return None

    def all(self, node: Node) -> list[str]:
        """Return what each of a node's results is called, as far as the program named them; else the node itself."""
        names = [] if node.name is None else [short(name) for name in node.name.split(", ")]
        return names if 1 < len(names) == node.outputs else [self.of(node)]

    def of(self, node: Node, output: int = 0) -> str:
        """Return what a result is called in a sentence."""
        own = self.own(node, output)
        if own is not None:
            return own
        if node.kind != "operation":
            return self._given(node)
        layer = self.layer(node)
        if layer is not None:
            return f"the output of {layer}"
        expression = self._computed(node, 0)
        if expression is not None and len(expression) <= _LONGEST:
            return expression
        return self._rearranged(node) or f"{self._noun(node)}{_line(node)}"

    def beside(self, node: Node, output: int, other: Node) -> str:
        """Return what a result is called beside another one, which may have the same name: `the old x`."""
        name = self.of(node, output)
        if node.id == other.id or name != self.of(other):
            return name
        return f"the inner {name.removeprefix('the ')}" if name.startswith("the ") else f"the old {name}"

    def _noun(self, node: Node) -> str:
        operation = known(node.op)
        sign = operation.infix or operation.sign if operation is not None else None
        if _BACKWARD.fullmatch(node.op or ""):
            return words_of(node.op)
        if operation is not None and operation.sign in _COMPARED:
            return "the comparison"
        return _NOUNS.get(sign or "") or f"the result of {words_of(node.op)}"

    def _rearranged(self, node: Node) -> str | None:
        """Return the name of a result that only has numbers of another one."""
        operation = known(node.op)
        flows = self._graph.into.get(node.id, [])
        kinds = ("structural", "writes_constants")
        if operation is None or operation.kind not in kinds or not flows or operation.sign in _COMPARED:
            return None
        inner = self.of(flows[0].source, flows[0].edge.output)
        if operation.kind == "writes_constants":
            return f"the masked {inner.removeprefix('the ')}"
        if inner.startswith(("part of", "the rearranged", "the inner")):
            return inner
        given, made = self._iteration.input(flows[0]), self._iteration.value(node.id)
        if given is not None and made is not None and math.prod(given.shape) > math.prod(made.shape):
            return f"part of {inner}"
        return f"the rearranged {inner.removeprefix('the ')}"

    def _given(self, node: Node) -> str:
        tensor = self._iteration.value(node.id)
        array = self._iteration.array(tensor)
        if array is not None and array.size == 1:
            return str(bool(array.reshape(-1)[0])) if array.dtype == bool else written(float(array.reshape(-1)[0]))
        rank = 2 if tensor is None else len(tensor.shape)
        return f"the {'vector' if rank == 1 else 'matrix' if rank == 2 else 'tensor'}{_line(node)}"

    def _part(self, flow: Flow, depth: int) -> tuple[str, bool] | None:
        """Return an operand, and whether it has a sign outside of all brackets."""
        own = self.own(flow.source, flow.edge.output)
        if own is not None:
            return own, False
        if flow.source.kind != "operation":
            given = self._given(flow.source)
            return None if " " in given else (given, False)
        if self.layer(flow.source) is not None:
            return None
        found = self._computed(flow.source, depth + 1)
        return None if found is None else (found, " " in found and "(" not in found)

    def _computed(self, node: Node, depth: int) -> str | None:
        """Return what the program wrote, roughly; null where that is long or unknown."""
        flows = self._graph.into.get(node.id, [])
        operation = known(node.op)
        if operation is None or depth >= _DEEPEST or not flows or node.outputs > 1:
            return None
        found = [self._part(flow, depth) for flow in flows]
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return None
        inside = [f"({text})" if infix else text for text, infix in parts]
        sign = operation.infix or (operation.sign if operation.sign in _COMPARED else None)
        numbers = [
            written(float(x))
            for name, x in node.arguments.items()
            if isinstance(x, int | float) and not isinstance(x, bool) and name in ("other", "exponent")
        ]
        op = base_name(node.op or "")
        if sign == "^" and len(inside) + len(numbers) == 2:
            exponent = [*inside[1:], *numbers][0]
            return f"{inside[0]}{_EXPONENTS.get(exponent, f'^{exponent}')}"
        if op in ("div", "true_divide", "divide") and numbers:
            backwards = any(one.name == "ReciprocalBackward0" for one in node.autograd)
            ends = (numbers[0], inside[0]) if backwards else (inside[0], numbers[0])
            return f"{ends[0]} ÷ {ends[1]}"
        if sign is not None and len(inside) + len(numbers) == 2:
            pair = [*numbers, *inside] if sign == "×" and numbers else [*inside, *numbers]
            return f" {sign} ".join(pair)
        if op == "__getitem__" and "key" in node.arguments:
            return f"{inside[0]}[{key_text(node.arguments['key'])}]"
        if op == "neg":
            return f"−{inside[0]}"
        if op in ("T", "t", "mT"):
            return f"{inside[0]}.T"
        return f"{short(base_name(node.op or ''))}({', '.join(text for text, _ in parts)})"


def _line(node: Node) -> str:
    return f" in line {node.line}" if node.line is not None else ""


def known(op: str | None) -> Operation | None:
    """Return the entry of an operation, also of one that Python calls by a name with underscores."""
    return operation_of(op) or operation_of((op or "").strip("_"))


def words_of(op: str | None) -> str:
    """Return the name of a function in words: `log softmax`, `the backward step of the power`."""
    name = op or "a function"
    back = _BACKWARD.fullmatch(name)
    if back is None:
        return short(base_name(name).strip("_").replace("_", " "))
    snake = _CAPITAL.sub(r"_\1", back[1]).lower()
    entry = known(snake)
    return f"the backward step of {f'the {entry.word}' if entry and entry.word else words_of(snake)}"
