"""What a program needed memory for is said when it had none left."""

import gc
from collections.abc import Iterator

import pytest

from gradwalk.contract.snapshot import Program
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

ALLOCATION = "can't allocate memory: you tried to allocate {} bytes. Error code 12 (Cannot allocate memory)"

MODEL = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, number):
        super().__init__()
        self.inner = nn.Linear(2048, 2048, bias=False)
        if number == fails:
            raise RuntimeError("DefaultCPUAllocator: %s")

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(4096, 1024)
        self.blocks = nn.ModuleList()
        for number in range(5):
            self.blocks.append(Block(number))
        self.shared = self.table

    def forward(self, x):
        raise MemoryError
"""


@pytest.fixture(scope="module", autouse=True)
def without_what_was_there() -> Iterator[None]:
    """Keep models of earlier tests, and all that pytest holds, out of the search for parameters."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def hint_of(source: str) -> str | None:
    gc.collect()  # the models of earlier tests of this file
    outcome = run_program(Program(source=source), Limits()).outcome
    assert outcome.status == "out_of_memory"
    assert outcome.error is not None
    return outcome.error.hint


SAID = {
    "while the model is made": (
        MODEL % ALLOCATION.format(154 << 20) + "fails = 3\nNet()\n",
        "The model's parameters alone take 80 MiB, and 154 MiB more were asked for",
    ),
    "while the model runs": (
        MODEL % "" + "fails = None\nnet = Net()\nnet(torch.ones(2))\n",
        "The model's parameters alone take 96 MiB; training needs their gradients too.",
    ),
    "in a function that was given the model": (
        MODEL % "" + "fails = None\ndef train(model):\n    raise MemoryError\ntrain(Net())\n",
        "The model's parameters alone take 96 MiB;",
    ),
    "parameters without a module": (
        "import torch\nw = torch.nn.Parameter(torch.zeros(5000, 5000))\nraise MemoryError\n",
        "The model's parameters alone take 95 MiB;",
    ),
    "one tensor": (
        f'raise RuntimeError("{ALLOCATION.format(4_000_000_000)}")\n',
        "The tensor that did not fit takes 3,815 MiB alone.",
    ),
    "one array": (
        "raise MemoryError('Unable to allocate 7.45 GiB for an array with shape (1000000000,)')\n",
        "The tensor that did not fit takes 7,629 MiB alone.",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_needed_the_memory_is_said(name: str) -> None:
    source, sentence = SAID[name]
    assert (hint_of(source) or "").startswith(sentence)


UNKNOWN = {
    "a list that grows": f'raise RuntimeError("{ALLOCATION.format(4_000_000)}")',
    "no message": "raise MemoryError",
    "a small model": "import torch\nnet = torch.nn.Linear(100, 100)\nraise MemoryError",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_nothing_is_said_where_little_is_known(name: str) -> None:
    assert hint_of(UNKNOWN[name]) is None
