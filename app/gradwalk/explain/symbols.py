"""Symbols of nodes in formulas, in LaTeX: the program's own name, else what the program wrote there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.explain import latex_numbers
from gradwalk.iteration.indexed_graph import Flow, IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import base_name, canonical
from gradwalk.operations.registry import operation_of

_LONGEST: Final = 40
_LONGEST_EXPRESSION: Final = 18
"""The number of letters up to which an unnamed result is written out."""
_DEEPEST: Final = 3
_LETTER: Final = re.compile(r"([A-Za-z])_?([0-9]{0,3})")
_CALLED: Final = re.compile(r"\\text\{[^{}]*\}\([^()]*\)")
"""A symbol that ends with a bracket already."""
_SPECIAL: Final = {
    "\\": r"\backslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "^": r"\^{}", "~": r"\~{}",
}  # fmt: skip
_INFIX: Final = {"×": r"\cdot", "÷": "/", "−": "-", "+": "+", "@": r"\mathbin{@}"}
"""The signs between two operands, as LaTeX by the sign of the table of operations."""
_ROLES: Final = {"weight": "W", "bias": "b"}
"""The letters of a layer's parameters."""


@dataclass(frozen=True)
class Expression:
    """The part of a formula that stands for a node. `length`: its letters as they are read. `infix`: it has a sign
    outside of all brackets, so it is a part of a larger formula only in brackets. `named`: the named nodes that it is
    made of.
    """

    latex: str
    length: int
    infix: bool = False
    named: tuple[Node, ...] = ()

    @property
    def grouped(self) -> str:
        """The expression as a part of a larger formula."""
        return rf"\left({self.latex}\right)" if self.infix else self.latex


class Symbols:
    """The symbols of one iteration's nodes.

    A parameter of a layer is a letter with the layer's name. A result without a name in the program is what the program
    wrote, like `x + w_{1}`; where that is long, its operation and its line.
    """

    def __init__(self, iteration: IndexedIteration) -> None:
        self._iteration = iteration
        self._graph: IndexedGraph = iteration.graph
        self._written: dict[tuple[str, int, int], Expression] = {}

    def of(self, node: Node, output: int = 0) -> str:
        """Return the symbol of a node's result."""
        return self._expression(node, output, 0).grouped

    def result_of(self, node: Node, output: int = 0) -> str:
        """Return the symbol of a result beside its operands: `x` is the new one where the operation read an `x` too."""
        found = self._expression(node, output, 0)
        name = _name_of(node, output)
        read = [part for flow in self._graph.into.get(node.id, ()) for part in self._named(flow, 1)]
        if name is None or all(name not in _names(part) for part in read if part.id != node.id):
            return found.grouped
        return rf"{raised(found.grouped)}^{{\text{{new}}}}"

    def call_of(self, node: Node) -> str:
        """Return what an operation was called with."""
        return self._computed(node, 0).latex

    def _named(self, flow: Flow, depth: int) -> tuple[Node, ...]:
        return self._expression(flow.source, flow.edge.output, depth).named

    def _expression(self, node: Node, output: int, depth: int) -> Expression:
        key = (node.id, output, depth)
        if key not in self._written:
            self._written[key] = self._write(node, output, depth)
        return self._written[key]

    def _write(self, node: Node, output: int, depth: int) -> Expression:
        name = _name_of(node, output)
        if name is not None:
            return Expression(self._name(node, name), len(name), named=(node,))
        found = self._computed(node, depth) if node.kind == "operation" else self._given(node)
        if node.outputs < 2:
            return found
        return Expression(rf"{found.grouped}\left[{output}\right]", found.length + 3, named=found.named)

    def _name(self, node: Node, name: str) -> str:
        simple = _LETTER.fullmatch(name)
        if simple is not None:
            letter, number = simple.groups()
            return rf"{letter}_{{{number}}}" if number else letter
        layer, _, role = name.rpartition(".")
        if not layer:
            return text(name)
        short = self._layers.get(layer, layer)
        if role in _ROLES and node.kind == "parameter":
            letter = "w" if role == "weight" and self._is_vector(node) else _ROLES[role]
            return rf"{letter}^{{{text(short)}}}"
        return text(f"{short}.{role}")

    def _is_vector(self, node: Node) -> bool:
        value = self._iteration.value(node.id)
        return value is not None and len(value.shape) < 2

    @cached_property
    def _layers(self) -> dict[str, str]:
        """The shortest name of each layer that no other layer of the graph has, and that is not a mere number."""
        names = [node.name or "" for node in self._graph.nodes.values() if node.kind != "operation"]
        paths = {tuple(name.split(".")[:-1]) for name in names if "." in name}
        endings: dict[tuple[str, ...], int] = {}
        for path in paths:
            for i in range(len(path)):
                endings[path[i:]] = endings.get(path[i:], 0) + 1
        return {".".join(path): ".".join(_shortest(path, endings)) for path in paths}

    def _given(self, node: Node) -> Expression:
        """Return what stands for a leaf without a name: its number, else the argument that it was given for."""
        array = self._iteration.array(self._iteration.value(node.id))
        if array is not None and array.size == 1:
            written = latex_numbers.factor(float(array.reshape(-1)[0]))
            return Expression(written, len(written))
        used = next((flow.edge.argument for flow in self._graph.out_of.get(node.id, ())), "")
        word = "input" if canonical(used) in ("", "self", "other") or "argument" in used else used
        return Expression(text(word), len(word))

    def _computed(self, node: Node, depth: int) -> Expression:
        flows = self._graph.into.get(node.id, [])
        operation = operation_of(node.op)
        layer = next((self._layer_of(flow.source) for flow in flows if self._layer_of(flow.source)), None)
        word = layer or _function(node)
        short = Expression(
            text(f"{word}, line {node.line}" if node.line is not None and not layer else word), len(word) + 9
        )
        operands = [flow for flow in flows if layer is None or self._layer_of(flow.source) is None]
        if depth >= _DEEPEST or not operands:
            return short
        parts = [self._expression(flow.source, flow.edge.output, depth + 1) for flow in operands]
        named = tuple(part for one in parts for part in one.named)
        special = _special(node, parts, named) if not layer and len(parts) == 1 else None
        if special is not None and special.length <= _LONGEST_EXPRESSION:
            return special
        sign = _INFIX.get(operation.infix or "") if operation is not None else None
        plain = [(name, x) for name, x in node.arguments.items() if _is_number(x)]
        if operation is not None and operation.infix is not None and not layer:
            right = [x for name, x in plain if name == operation.right]
            if len(right) == len(plain) and len(parts) + len(right) == 2:
                parts += [_number(float(x)) for x in right]
                length = sum(part.length for part in parts) + 3
                if length <= _LONGEST_EXPRESSION and sign is not None:
                    latex = f"{parts[0].grouped} {sign} {parts[1].grouped}"
                    return Expression(latex, length, infix=True, named=named)
                if length <= _LONGEST_EXPRESSION and operation.infix == "^":
                    return Expression(rf"{raised(parts[0].grouped)}^{{{parts[1].latex}}}", length, named=named)
        length = len(word) + 2 + sum(part.length + 2 for part in parts)
        if length > _LONGEST_EXPRESSION:
            return Expression(short.latex, short.length)
        return Expression(rf"{text(word)}({', '.join(part.latex for part in parts)})", length, named=named)

    def _layer_of(self, node: Node) -> str | None:
        """Return the name of the layer that a parameter belongs to."""
        if node.kind != "parameter" or node.name is None or "." not in node.name:
            return None
        layer = node.name.rpartition(".")[0]
        return self._layers.get(layer, layer)


def symbols_of(iteration: IndexedIteration) -> Symbols:
    """Return the symbols of an iteration, which all its explanations share: each name is written once."""
    found = iteration.shared.get(Symbols)
    if not isinstance(found, Symbols):
        found = iteration.shared[Symbols] = Symbols(iteration)
    return found


def text(words: str, longest: int = _LONGEST) -> str:
    """Return words of the program as text inside a formula: none of them is a command, and none breaks a line."""
    kept = "".join(_SPECIAL.get(letter, letter) for letter in words[:longest] if letter.isprintable())
    return rf"\text{{{kept}{'…' if len(words) > longest else ''}}}"


def element(base: str, shape: Sequence[int], index: Sequence[int]) -> str:
    """Return the symbol of one element of a tensor: `w_{0,1}`. A tensor of one element is that element."""
    if not index or all(size == 1 for size in shape):
        return base
    return rf"{lowered(base)}_{{{','.join(map(str, index))}}}"


def bare(base: str) -> str:
    """Return a symbol without brackets around the whole of it."""
    if base.startswith(r"\left(") and base.endswith(r"\right)"):
        return base.removeprefix(r"\left(").removesuffix(r"\right)")
    return base


def lowered(base: str) -> str:
    """Return a symbol that can get an index: in brackets where it has one."""
    return _alone(base, "_")


def raised(base: str) -> str:
    """Return a symbol that can get a power: in brackets where it has one."""
    return _alone(base, "^")


def _alone(base: str, mark: str) -> str:
    if (base.startswith(r"\left(") and base.endswith(r"\right)")) or _CALLED.fullmatch(base):
        return base
    outside = _outside_of_groups(base)
    compound = mark in outside or " " in outside or "(" in outside or r"\left" in outside
    return rf"\left({base}\right)" if compound else base


def _outside_of_groups(latex: str) -> str:
    depth, kept = 0, []
    for letter in latex:
        depth -= letter == "}"
        if not depth:
            kept.append(letter)
        depth += letter == "{"
    return "".join(kept)


def slope(above: str, below: str) -> str:
    """Return a partial derivative."""
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def _name_of(node: Node, output: int) -> str | None:
    if node.name is None:
        return None
    names = node.name.split(", ")
    if len(names) == 1 and node.outputs < 2:
        return node.name
    return names[output] if output < len(names) else None


def _names(node: Node) -> list[str]:
    return [] if node.name is None else node.name.split(", ")


def _function(node: Node) -> str:
    """Return the word of an operation: `getitem` for `__getitem__`, which the program writes as brackets."""
    return base_name(node.op or node.kind).strip("_") or node.kind


def _special(node: Node, parts: Sequence[Expression], named: tuple[Node, ...]) -> Expression | None:
    """Return what the program writes in a way of its own: a quotient or difference with a number, an index, a sign."""
    [part] = parts
    other, op = node.arguments.get("other"), base_name(node.op or "")
    if op in ("div", "true_divide", "rsub") and isinstance(other, int | float):
        number = _number(float(other))
        first = op == "rsub" or any(found.name == "ReciprocalBackward0" for found in node.autograd)
        sign = "-" if op == "rsub" else "/"
        ends = (number.grouped, part.grouped) if first else (part.grouped, number.grouped)
        return Expression(f"{ends[0]} {sign} {ends[1]}", part.length + number.length + 3, infix=True, named=named)
    if op == "neg":
        return Expression(f"-{part.grouped}", part.length + 1, infix=True, named=named)
    if op in ("T", "t", "mT"):
        return Expression(rf"{raised(part.grouped)}^{{T}}", part.length + 1, named=named)
    if op == "__getitem__" and "key" in node.arguments:
        key = node.arguments["key"]
        written = ", ".join(str(each) for each in (key if isinstance(key, list) else [key]))
        plain = text(written).removeprefix(r"\text{").removesuffix("}")
        return Expression(rf"{part.grouped}\left[\text{{{plain}}}\right]", part.length + len(written) + 2, named=named)
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: float) -> Expression:
    written = latex_numbers.latex(value)
    return Expression(written, len(written), infix=written.startswith("-") or " " in written)


def _shortest(path: tuple[str, ...], endings: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    for i in reversed(range(1, len(path))):
        if endings[path[i:]] == 1 and not path[i].isdigit():
            return path[i:]
    return path
