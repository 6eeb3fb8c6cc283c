"""Symbols of nodes in formulas: the program's own name, or v with the node's number, in LaTeX."""

import re
from collections.abc import Sequence
from typing import Final

from gradwalk.contract.snapshot import Node

_LONGEST: Final = 40
_LETTER: Final = re.compile(r"([A-Za-z])_?([0-9]{0,3})")
_SPECIAL: Final = {
    "\\": r"\backslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "^": r"\^{}", "~": r"\~{}",
}  # fmt: skip


def text(words: str, longest: int = _LONGEST) -> str:
    """Return words of the program as text inside a formula: none of them is a command, and none breaks a line."""
    kept = "".join(_SPECIAL.get(letter, letter) for letter in words[:longest] if letter.isprintable())
    return rf"\text{{{kept}{'…' if len(words) > longest else ''}}}"


def symbol(node: Node, output: int = 0) -> str:
    r"""Return the symbol of a node: `w`, `w_{1}`, `\text{fc1.weight}`; `v_{4}` for a result that has no name in the
    program.
    """
    name = _name_of(node, output)
    if name is None:
        number = node.id.removeprefix("n")
        return rf"v_{{{number}}}" if node.outputs < 2 else rf"v_{{{number}.{output}}}"
    simple = _LETTER.fullmatch(name)
    if simple is None:
        return text(".".join(name.split(".")[-2:]))
    letter, number = simple.groups()
    return rf"{letter}_{{{number}}}" if number else letter


def element(base: str, shape: Sequence[int], index: Sequence[int]) -> str:
    """Return the symbol of one element of a tensor: `w_{0,1}`. A tensor of one element is that element."""
    if not index or all(size == 1 for size in shape):
        return base
    inner = rf"\left({base}\right)" if "_" in base and not base.startswith(r"\text") else base
    return rf"{inner}_{{{','.join(map(str, index))}}}"


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
