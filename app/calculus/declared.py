"""PyTorch's own declaration of a derivative, for the operations without an entry of ours.

`declared.json` is made from the derivatives.yaml that PyTorch is built from: `python -m tests.calculus.test_declared`.
"""

from pathlib import Path
from typing import Final, NamedTuple

import orjson

from app.calculus.call import Call, canonical
from app.calculus.symbols import text

FORMULAS: Final[dict[str, dict[str, str]]] = orjson.loads((Path(__file__).parent / "declared.json").read_bytes())
"""Function -> argument -> PyTorch's formula, which is C++ and names the gradient of the result `grad`."""

_KINDS: Final = {
    name.replace("_", "").lower(): name for name in sorted(FORMULAS, key=lambda n: (n.endswith("_"), n), reverse=True)
}


_LONGEST: Final = 400


class Declared(NamedTuple):
    """`function`: its name in derivatives.yaml. `formula`: by the argument asked for, or all that it has."""

    function: str
    formula: str
    steps: tuple[str, ...]


def find(call: Call, argument: str) -> Declared | None:
    """What PyTorch declares for a call. An operation may be made of several functions: then the first of them
    backwards, and the names of all.
    """
    steps = tuple(filter(None, (_function(found.name) for found in call.node.autograd)))
    names = [call.op, f"{call.op}_", *steps] if len(steps) < 2 else [*steps]
    for function in names:
        formulas = FORMULAS.get(function)
        if formulas:
            own = next((formula for name, formula in formulas.items() if canonical(name) == argument), None)
            return Declared(function, own or "; ".join(f"{k}: {v}" for k, v in formulas.items()), steps)
    return None


def _function(autograd: str) -> str | None:
    """`SoftmaxBackward0` is made by `_softmax`."""
    name = autograd.partition("Backward")[0].lower()
    return _KINDS.get(name)


def latex(known: Declared | None) -> str:
    """The formula as text inside a formula."""
    return text("no formula is known") if known is None else rf"\texttt{{{_code(known.formula)}}}"


def meaning(known: Declared | None) -> str:
    """What is known of the local derivative, in a sentence."""
    if known is None:
        return "PyTorch declares no formula for this operation: what is shown is what autograd computed."
    several = f" The operation consists of {len(known.steps)} functions." if len(known.steps) > 1 else ""
    return f"PyTorch declares this formula for {known.function}, where grad is the gradient of the result.{several}"


def source(known: Declared | None) -> str:
    """Where the formula comes from."""
    return "PyTorch, autograd" if known is None else f"PyTorch, derivatives.yaml: {known.function}"


def _code(formula: str) -> str:
    return text(formula, _LONGEST).removeprefix(r"\text{").removesuffix("}")
