"""A confined child cannot import late: what torch's functions import when they are called must be there before."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from gradwalk.sandbox import preload
from tests.sandbox.conftest import Served, texts

ROOT = Path(torch.__file__).parent
ROOMS = "_subclasses autograd distributions func linalg masked nested nn optim signal sparse special utils/data"
FILES = "__init__ _tensor _tensor_str _ops functional overrides random serialization utils/_pytree utils/checkpoint"

NOT_FOR_PROGRAMS = (
    "torch._inductor",  # compiling: gradwalk.sandbox.eager_compile
    "torch.distributed",
    "torch.testing._internal",
    "torch.profiler._cupti_monitor",
    "torch._dynamo.polyfills",  # needs optree, which is not installed
    "torch.utils._cxx_pytree",
    "functorch.dim",
    "functorch.einops.rearrange",  # a function, not a module
)
OTHERS = (
    "PIL",
    "dill",
    "pandas",
    "safetensors",
    "scipy",
    "sqlite3",
    "torch_xla",
    "torcharrow",
    "torchaudio",
    "torchvision",
)


def sources() -> Iterator[tuple[str, Path]]:
    """Module names and files of the parts of torch that programs call."""
    paths = [path for room in ROOMS.split() for path in (ROOT / room).rglob("*.py")]
    for path in (*paths, *(ROOT / f"{name}.py" for name in FILES.split())):
        parts = ("torch", *path.relative_to(ROOT).with_suffix("").parts)
        yield ".".join(parts).removesuffix(".__init__"), path


def imported_late(module: str, path: Path) -> Iterator[str]:
    """The modules that functions of this file import."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    yield from _from(node, package)


def _from(node: ast.ImportFrom, package: str) -> Iterator[str]:
    base = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
    yield base or ""
    for alias in node.names:
        below = f"{base}.{alias.name}"
        if (ROOT.parent / below.replace(".", "/")).with_suffix(".py").exists():
            yield below


def modules_of_the_zygote() -> set[str]:
    command = "import sys; from gradwalk.sandbox import preload; preload.import_everything(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", command], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_nothing_that_a_program_may_call_imports_a_module_that_is_not_there() -> None:
    loaded = modules_of_the_zygote()
    late = {name for module, path in sources() if module in loaded for name in imported_late(module, path)}
    missing = {name for name in late - loaded if not name.startswith((*NOT_FOR_PROGRAMS, *OTHERS))}
    assert len(late) > 100
    assert missing == set()


def test_every_listed_module_exists() -> None:
    command = "from gradwalk.sandbox import preload; print(preload.import_everything())"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_name_is_listed_once() -> None:
    names = [*preload.STANDARD, *preload.SCIENTIFIC, *preload.LATE]
    assert sorted(names) == sorted(set(names))


def test_what_students_use_works_without_files(served: Served) -> None:
    source = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
data = DataLoader(TensorDataset(torch.randn(8, 4), torch.randint(2, (8,))), batch_size=4, shuffle=True)
net = nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.GELU(), nn.Dropout(0.1), nn.Linear(8, 2))
optimizer = torch.optim.AdamW(net.parameters())
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
for x, y in data:
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(net(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    schedule.step()
attention = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
attention(torch.randn(2, 3, 8)).sum().backward()
nn.LSTM(3, 4)(torch.randn(5, 1, 3))[0].sum().backward()
nn.Conv2d(1, 2, 3)(torch.randn(1, 1, 8, 8)).sum().backward()
torch.func.grad(lambda w: (w * w).sum())(torch.ones(3))
torch.func.vmap(torch.sin)(torch.ones(3))
torch.autograd.functional.jacobian(torch.sin, torch.ones(3))
torch.autograd.gradcheck(torch.sin, torch.ones(2, dtype=torch.double, requires_grad=True))
torch.distributions.Normal(0.0, 1.0).rsample()
torch.utils.checkpoint.checkpoint(net, torch.randn(2, 4), use_reentrant=False).sum().backward()
torch.einsum("ij,jk->ik", torch.ones(2, 3), torch.ones(3, 4))
net.load_state_dict(net.state_dict())
str(net), repr(torch.randn(3, requires_grad=True)), net[0].weight.tolist(), net[0].weight.detach().numpy()
with torch.no_grad():
    torch.nn.init.xavier_uniform_(net[0].weight)
print("done")
"""
    answer = served.run(source)
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    assert texts(answer) == "done\n"


LIBRARY = {
    "doctest": (
        'import doctest\ndef double(x):\n    """\n    >>> double(2)\n    4\n    """\n    return 2 * x\n'
        "print(doctest.testmod())",
        "TestResults(failed=0, attempted=1)\n",
    ),
    "doctest that fails": (
        'import doctest\ndef half(x):\n    """\n    >>> half(2)\n    2\n    """\n    return x // 2\n'
        "print(doctest.testmod(verbose=False))",
        "Expected:\n    2\nGot:\n    1\n",
    ),
    "optparse": (
        "import optparse\nparser = optparse.OptionParser()\nparser.add_option('--lr', type='float', default=0.1)\n"
        "print(parser.parse_args([])[0].lr)",
        "0.1\n",
    ),
    "tomllib": ("import tomllib\nprint(tomllib.loads('lr = 0.1'))", "{'lr': 0.1}\n"),
    "xml": ("import xml.etree.ElementTree as tree\nprint(tree.fromstring('<a b=\"c\"/>').attrib)", "{'b': 'c'}\n"),
    "sqlite3": ("import sqlite3\nprint(sqlite3.connect(':memory:').execute('select 1').fetchall())", "[(1,)]\n"),
    "mock": ("from unittest import mock\nprint(mock.Mock(return_value=2)())", "2\n"),
}


@pytest.mark.parametrize("name", LIBRARY)
def test_the_standard_library_works_without_files(served: Served, name: str) -> None:
    source, expected = LIBRARY[name]
    answer = served.run(source)
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    assert expected in texts(answer)


@pytest.mark.parametrize("call", ["breakpoint()", "import pdb; pdb.set_trace()", "import os; os.getcwd()"])
def test_where_there_is_no_folder_a_program_is_told_so(served: Served, call: str) -> None:
    error = served.run(f"x = 1\n{call}\nx = 2\n").recorded.outcome.error
    assert error is not None
    assert "There is no folder here" in (error.hint or "")
