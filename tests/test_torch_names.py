"""The names that the editor completes are those of the torch that is installed here."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch

SCRIPT = Path("static/torch_names.py")
COMMITTED = Path("static/src/generated/torch-names.json")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("torch_names", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_names_are_what_the_script_writes(script: ModuleType) -> None:
    committed = json.loads(COMMITTED.read_text("utf-8"))
    made, here = (tuple(map(int, one.split("."))) for one in (committed["torch"], script.version()))
    if here < made:
        pytest.skip(f"made with torch {committed['torch']}, which is newer than what is installed")
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_name_is_there(script: ModuleType) -> None:
    committed = json.loads(COMMITTED.read_text("utf-8"))
    if committed["torch"] != script.version():
        pytest.skip(f"made with torch {committed['torch']}")
    missing = [f"{r}.{n}" for r, names in committed["rooms"].items() for n in names if not hasattr(script.ROOMS[r], n)]
    assert missing == []


@pytest.mark.parametrize(
    ("room", "name", "signature"),
    [
        ("torch", "relu", "(input)"),
        ("torch", "sum", "(input, *, dtype=None)\n(input, dim, keepdim=False, *, dtype=None, out=None)"),
        ("torch", "float32", "dtype"),
        ("torch", "nn", "module"),
        ("torch.Tensor", "grad", "attribute"),
        ("torch.Tensor", "backward", "(gradient=None, retain_graph=None, create_graph=False, inputs=None)"),
        ("torch.nn", "Linear", "(in_features, out_features, bias=True, device=None, dtype=None)"),
        ("torch.nn", "Tanh", "()"),
        ("torch.nn.functional", "linear", "(input, weight, bias=None)"),
        ("torch.optim.Optimizer", "step", "(closure=None)"),
    ],
)
def test_a_signature_has_names_and_defaults_and_no_types(room: str, name: str, signature: str) -> None:
    assert json.loads(COMMITTED.read_text("utf-8"))["rooms"][room][name] == signature


def test_nothing_of_torchs_own_texts_is_taken() -> None:
    rooms = json.loads(COMMITTED.read_text("utf-8"))["rooms"]
    for signature in (text for names in rooms.values() for text in names.values()):
        assert signature in ("attribute", "dtype", "module") or all(
            line.startswith("(") and line.endswith(")") for line in signature.split("\n")
        )
    assert torch.relu.__name__ in rooms["torch"]
