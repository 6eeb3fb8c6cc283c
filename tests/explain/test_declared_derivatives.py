"""PyTorch's own formulas, read from the installed PyTorch."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import torchgen  # type: ignore[import-untyped]

from gradwalk.explain import declared_derivatives


def test_they_are_formulas() -> None:
    assert declared_derivatives.formulas()["exp"] == {"self": "grad * result.conj()"}
    assert len(declared_derivatives.formulas()) > 400


def test_every_declaration_of_the_file_is_there() -> None:
    path = Path(torchgen.__file__).parent / "packaged" / "autograd" / "derivatives.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if re.match(r"- name *: ", line)]
    names = {line.partition("name: ")[2].strip().partition("(")[0].partition(".")[0] for line in lines}
    assert len(names) > 500
    # those that have no derivative by any argument are left out
    assert declared_derivatives.formulas().keys() <= names
    assert len(names - declared_derivatives.formulas().keys()) < 0.1 * len(names)


def test_a_tuple_of_arguments_is_taken_apart() -> None:
    """`self, weight, bias: ...` in the file."""
    formula = declared_derivatives.formulas()["native_layer_norm"]
    assert formula.keys() == {"input", "weight", "bias"}


def test_reading_them_imports_no_torch() -> None:
    code = (
        "import sys; from gradwalk.explain import declared_derivatives; "
        "print(len(declared_derivatives.formulas()) > 400, 'torch' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True False\n"


def test_a_pytorch_without_the_file_has_no_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared_derivatives, "find_spec", lambda _name: None)
    assert declared_derivatives.formulas.__wrapped__() == {}
