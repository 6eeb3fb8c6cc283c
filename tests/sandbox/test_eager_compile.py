"""torch.compile in all its spellings, in a real confined child."""

import pytest

from gradwalk.sandbox.eager_compile import NOTICE
from tests.sandbox.conftest import Served, texts

SPELLINGS = """
import torch
net = torch.nn.Linear(2, 1)
x = torch.ones(1, 2)
fast = torch.compile(net)

@torch.compile
def square(x):
    return x * x

@torch.compile(fullgraph=True)
def double(x):
    return x + x

print(torch.equal(fast(x), net(x)), square(torch.tensor(3.0)).item(), double(torch.tensor(3.0)).item())
net.compile(mode="max-autotune")
square(net(x)).sum().backward()
"""


def test_compiled_models_run_in_eager_mode(served: Served) -> None:
    answer = served.run(SPELLINGS)
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    printed = "".join(entry.text for entry in answer.console if entry.stream == "stdout")
    assert printed == "True 9.0 6.0\n"
    assert "mul" in {node.op for node in answer.recorded.graphs[0].nodes}


def test_a_program_that_compiles_is_told_once_for_each_line(served: Served) -> None:
    answer = served.run(SPELLINGS)
    told = [line for line in texts(answer).splitlines() if NOTICE in line]
    assert [line.partition(": UserWarning")[0] for line in told] == [f"program.py:{n}" for n in (5, 7, 11, 16)]


CONTROL_FLOW = """
import torch
x = torch.tensor([1.0, -2.0], requires_grad=True)
y = torch.cond(x.sum() > 0, lambda x: x * 2, lambda x: x.sin(), (x,))
y.sum().backward()
print(x.grad)
value, linear = torch.func.linearize(lambda x: (x ** 3).sum(), torch.ones(2))
print(linear(torch.ones(2)))
"""


def test_what_compiles_inside_torch_runs_without_a_word(served: Served) -> None:
    answer = served.run(CONTROL_FLOW)
    assert answer.recorded.outcome.error is None
    printed = "".join(entry.text for entry in answer.console if entry.stream == "stdout")
    assert printed == "tensor([ 0.5403, -0.4161])\ntensor(6.)\n"
    assert NOTICE not in texts(answer)
    assert [n.op for n in answer.recorded.graphs[0].nodes if n.line == 4 and n.op] == ["sum", "gt", "sin"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("torch._dynamo.optimize('inductor')(lambda x: x)(torch.ones(1))", "Compiling and exporting are not"),
        (
            "torch.export.export(torch.nn.Linear(1, 1), (torch.ones(1, 1),))",
            "Compiling and exporting are not available",
        ),
        ("torch.jit.script(torch.nn.Linear(1, 1))", "TorchScript needs to read the files of torch"),
        ("torch.autograd.profiler.profile().__enter__()", "leave the profiler out"),
        ("torch.ones(1, device='meta').item()", "has a shape and no numbers"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(served: Served, line: str, hint: str) -> None:
    error = served.run(f"import torch\n{line}\n").recorded.outcome.error
    assert error is not None
    assert hint in (error.hint or "")


def test_no_file_of_the_server_is_named(served: Served) -> None:
    answer = served.run(WORKERS)
    assert "_shutdown" in texts(answer)
    assert "/" not in texts(answer)


WORKERS = """
import torch
from torch.utils.data import DataLoader
for x in DataLoader(torch.ones(4), num_workers=2):
    print(x)
"""
