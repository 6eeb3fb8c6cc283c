"""PyTorch's own formulas: the committed ones are those of the installed PyTorch."""

import json
import sys
from pathlib import Path
from typing import Any

import torchgen  # type: ignore[import-untyped]
import yaml

from app.calculus.declared import FORMULAS

_NO_DERIVATIVE = {"name", "dispatch", "output_differentiability", "result", "result0", "result1", "result2"}


def formulas() -> dict[str, dict[str, str]]:
    """Function -> argument -> formula, of the first overload of each function in PyTorch's derivatives.yaml."""
    path = Path(torchgen.__file__).parent / "packaged" / "autograd" / "derivatives.yaml"
    found: dict[str, dict[str, str]] = {}
    for declared in yaml.safe_load(path.read_text("utf-8")):
        function = declared["name"].partition("(")[0].partition(".")[0]
        found.setdefault(function, _by_argument(declared))
    return {function: arguments for function, arguments in sorted(found.items()) if arguments}


def _by_argument(declared: dict[str, Any]) -> dict[str, str]:
    every = declared.get("dispatch", {}).get("Default", declared)
    return {
        argument: " ".join(str(formula).split())
        for arguments, formula in every.items()
        if arguments not in _NO_DERIVATIVE
        for argument in arguments.split(", ")
    }


def test_they_are_current() -> None:
    assert formulas() == FORMULAS, "run: python -m tests.calculus.test_declared app/calculus/declared.json"


def test_they_are_formulas() -> None:
    assert FORMULAS["exp"] == {"self": "grad * result.conj()"}
    assert len(FORMULAS) > 400


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(formulas(), indent=1) + "\n", "utf-8")
