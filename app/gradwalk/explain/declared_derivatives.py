"""PyTorch's own declaration of a derivative, for the operations for which Gradwalk has no formula.

It is read on first use from the derivatives.yaml in the installed PyTorch's package torchgen. So it belongs to the very
version that computes, Gradwalk keeps no copy of it, and torch is not imported.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from gradwalk.explain.symbols import text
from gradwalk.operations.call import Call, canonical

Formulas = dict[str, dict[str, str]]
"""PyTorch's formula by function and argument. A formula is C++ and calls the gradient of the result `grad`."""

_NO_ARGUMENT: Final = frozenset(
    {"name", "dispatch", "output_differentiability", "result", "result0", "result1", "result2"}
)
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader that is written in C takes 50 ms, the other one 500."""


@cache
def formulas() -> Formulas:
    """Return the formulas of the first overload of each function. There are none where PyTorch came without the file:
    then operations without an entry have no formula.
    """
    path = _path()
    if path is None:
        return {}
    found: Formulas = {}
    for declared in yaml.load(path.read_text("utf-8"), _LOADER):
        function = declared["name"].partition("(")[0].partition(".")[0]
        found.setdefault(function, _by_argument(declared))
    return {function: arguments for function, arguments in sorted(found.items()) if arguments}


def _path() -> Path | None:
    # finding a package does not import it
    package = find_spec("torchgen")
    folders = list(package.submodule_search_locations or ()) if package is not None else []
    paths = (Path(folder) / "packaged" / "autograd" / "derivatives.yaml" for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def _by_argument(declared: dict[str, Any]) -> dict[str, str]:
    every = declared.get("dispatch", {}).get("Default", declared)
    return {
        argument: " ".join(str(formula).split())
        for arguments, formula in every.items()
        if arguments not in _NO_ARGUMENT
        for argument in arguments.split(", ")
    }


@cache
def _kinds() -> dict[str, str]:
    """Return the functions by the names that autograd gives them."""
    names = sorted(formulas(), key=lambda name: (name.endswith("_"), name), reverse=True)
    return {name.replace("_", "").lower(): name for name in names}


_LONGEST: Final = 400


class Declared(NamedTuple):
    """A derivative that PyTorch declares. `function`: its name in derivatives.yaml. `formula`: of one argument, or of
    all arguments that have one. `steps`: the functions that the operation is made of.
    """

    function: str
    formula: str
    steps: tuple[str, ...]


def find(call: Call, argument: str) -> Declared | None:
    """Return the declared derivative of a call. An operation may be made of several functions: then it is that of the
    last one to run. Null also for a custom Function, whose formula is its own backward.
    """
    if call.is_custom:
        return None
    steps = tuple(filter(None, (_function(found.name) for found in call.node.autograd)))
    names = [call.op, f"{call.op}_", *steps] if len(steps) < 2 else [*steps]
    for function in names:
        known = formulas().get(function)
        if known:
            own = next((formula for name, formula in known.items() if canonical(name) == argument), None)
            return Declared(function, own or "; ".join(f"{k}: {v}" for k, v in known.items()), steps)
    return None


def _function(autograd: str) -> str | None:
    """Return the function that an autograd node belongs to: `_softmax` for `SoftmaxBackward0`."""
    name = autograd.partition("Backward")[0].lower()
    return _kinds().get(name)


def code(known: Declared | None) -> str:
    """Return the formula as PyTorch declares it, as text inside a formula."""
    return "" if known is None else rf"\texttt{{{_code(known.formula)}}}"


def latex(known: Declared | None, call: Call) -> str:
    """Return a word for the derivative inside a formula: PyTorch's own formula is code, and not for a student."""
    if known is not None:
        return text("PyTorch's own")
    return text("what its own backward does" if call.is_custom else "no formula is known")


def meaning(known: Declared | None, call: Call) -> str:
    """Return a sentence about the local derivative."""
    if call.is_custom:
        return (
            f"{call.node.op} is a custom torch.autograd.Function: PyTorch has no formula for it. What goes on is what "
            "its own backward computes."
        )
    if known is None:
        return "PyTorch declares no formula for this operation: what is shown is what autograd computed."
    if len(known.steps) > 1:
        return (
            f"{call.node.op} is made of {len(known.steps)} functions of PyTorch, and one formula does not explain it: "
            "what is shown is what autograd computed."
        )
    return (
        f"No formula is written down here for {known.function.strip('_')}: what is shown is what PyTorch's own "
        "derivative of it gives."
    )


def no_numbers(known: Declared | None, call: Call) -> str:
    """Return a sentence that says why there is no number for the local derivative."""
    if call.is_custom:
        return "No local derivative is computed here: only a run of that backward can tell it."
    return "The local derivative is not computed by hand here: the contribution that autograd computed is shown."


def source(known: Declared | None, call: Call) -> str:
    """Return the source of the formula, or of the number where there is no formula."""
    if call.is_custom:
        return f"the backward of {call.node.op}"
    return "PyTorch, autograd" if known is None else f"PyTorch, derivatives.yaml: {known.function}"


def _code(formula: str) -> str:
    return text(formula, _LONGEST).removeprefix(r"\text{").removesuffix("}")
