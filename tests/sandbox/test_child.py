"""From a job to an answer, in a real confined child."""

import pytest

from tests.sandbox.conftest import Served, texts

NEURON = """
import torch
x = torch.tensor([1.1])
w = torch.tensor([2.2], requires_grad=True)
b = torch.tensor([0.0], requires_grad=True)
y = torch.tensor([1.0])
loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(x * w + b), y)
loss.backward()
print(f"{w.grad.item():.4f} {b.grad.item():.4f}")
"""


def test_the_neuron_is_recorded(served: Served) -> None:
    answer = served.run(NEURON)
    names = {node.name for node in answer.recorded.graphs[0].nodes}
    assert {"x", "w", "b", "y"} <= names
    assert texts(answer) == "-0.0898 -0.0817\n"
    assert [entry.line for entry in answer.console] == [9]


def test_what_was_recorded_before_memory_ran_out_is_kept(served: Served) -> None:
    source = NEURON + "keep = []\nwhile True:\n    keep.append(torch.ones(1_000_000))\n"
    answer = served.run(source)
    assert answer.recorded.outcome.status == "out_of_memory"
    assert answer.recorded.outcome.error is not None
    assert answer.recorded.outcome.error.line == 12
    assert answer.recorded.iterations[0].backward


def test_a_program_that_takes_all_memory_in_small_pieces_still_gets_an_answer(served: Served) -> None:
    source = NEURON + "keep = []\nwhile True:\n    keep.append(str(len(keep)) * 3)\n"
    answer = served.run(source)
    assert answer.recorded.outcome.status in ("out_of_memory", "timed_out")
    assert answer.recorded.iterations


def test_output_before_a_crash_is_kept(served: Served) -> None:
    answer = served.run("import ctypes\nprint('before', end='')\nctypes.string_at(0)")
    assert answer.recorded.outcome.status == "crashed"
    assert answer.recorded.outcome.error is not None
    assert answer.recorded.outcome.error.message == "Python itself crashed at line 3 (SIGSEGV)."
    assert texts(answer) == "before"


def test_raw_writes_are_output_without_a_line(served: Served) -> None:
    answer = served.run("import os\nos.write(1, b'out')\nos.write(2, b'err')")
    assert {(entry.stream, entry.text, entry.line) for entry in answer.console} == {
        ("stdout", "out", None),
        ("stderr", "err", None),
    }


def test_output_past_the_limit_stops_the_program_at_its_line(served: Served) -> None:
    answer = served.run("for i in range(10**9):\n    print('x' * 99)")
    limit = served.settings.output_kib << 10
    assert answer.recorded.outcome.status == "output_exceeded"
    assert answer.recorded.outcome.error is not None
    assert answer.recorded.outcome.error.line == 2
    assert len(texts(answer)) == limit
    assert answer.run_ms < 1000


def test_exactly_the_output_limit_is_fine(served: Served) -> None:
    answer = served.run(f"print('x' * {(served.settings.output_kib << 10) - 1})")
    assert answer.recorded.outcome.status == "completed"


def test_the_seed_decides(served: Served) -> None:
    source = "import torch\nprint(torch.rand(2).tolist())"
    assert texts(served.run(source, seed=1)) == texts(served.run(source, seed=1))
    assert texts(served.run(source, seed=1)) != texts(served.run(source, seed=2))


def test_a_program_of_a_megabyte_gets_through_the_pipe(served: Served) -> None:
    answer = served.run("#" * (1 << 20) + "\nprint('there')")
    assert texts(answer) == "there\n"


def test_what_is_no_text_is_replaced(served: Served) -> None:
    assert texts(served.run("print('a\ud800b')")) == "a?b\n"


def test_a_module_that_is_missing_is_named(served: Served) -> None:
    error = served.run("import no_such_library").recorded.outcome.error
    assert error is not None
    assert error.hint is not None
    assert "no_such_library" in error.hint


def test_the_largest_recording_can_be_written_within_the_memory_of_a_child(served: Served) -> None:
    source = """
import torch
w = torch.randn(60_000, requires_grad=True)
for i in range(60):
    (w * w * i).sum().backward()
small = w.detach()[:1000].requires_grad_()
for i in range(1500):
    small.grad = None
    (small * i).sin().sum().backward()
"""
    answer = served.run(source)
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    assert answer.recorded.truncated is not None
    assert f"{served.settings.recorded_mib} MiB" in answer.recorded.truncated.reason
    # each of the large tensors takes 240 kB, the same one twice is one, and three quarters of the room are for them
    assert len(answer.recorded.tensors) >= 0.75 * (served.settings.recorded_mib << 20) // 240_000


POLYNOMIAL = """
import math, torch
torch.set_default_device("cpu")
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
a, b, c, d = (torch.randn((), requires_grad=True) for _ in range(4))
for t in range(1000):
    loss = (a + b * x + c * x**2 + d * x**3 - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= 1e-6 * p.grad
            p.grad = None
print("done")
"""


@pytest.mark.parametrize(
    "setting",
    [
        "torch.set_default_device('meta')",
        "torch.set_default_dtype(torch.float64)",
        "torch.use_deterministic_algorithms(True)",
        "torch.isfinite = torch.tensor = torch.empty = None",
        "torch.set_grad_enabled(False)",
        "import sys; sys.setrecursionlimit(40)",
    ],
)
def test_what_a_program_leaves_on_does_not_reach_the_writing_of_its_recording(served: Served, setting: str) -> None:
    answer = served.run(f"{NEURON}\nbig = torch.arange(3000.0).to(torch.bfloat16) * w.detach()[0]\n{setting}\n")
    assert answer.recorded.outcome.status == "completed"
    assert answer.recorded.truncated is None
    assert answer.recorded.iterations[0].backward
    assert answer.recorded.tensors


def test_a_long_training_with_a_default_device_is_kept(served: Served) -> None:
    answer = served.run(POLYNOMIAL)
    assert answer.recorded.outcome.status == "completed"
    assert texts(answer) == "done\n"
    assert len(answer.recorded.iterations) > 50
    assert answer.recorded.truncated is not None
    assert len(answer.recorded.iterations) + len(answer.recorded.truncated.losses) >= 1000


def test_a_model_that_is_too_large_is_said_to_be_so(served: Served) -> None:
    answer = served.run(
        "import torch\nnet = [torch.nn.Linear(2000, 2000) for _ in range(12)]\nbig = torch.nn.Linear(20_000, 20_000)\n"
    )
    assert answer.recorded.outcome.status == "out_of_memory"
    error = answer.recorded.outcome.error
    assert error is not None
    assert error.line == 3
    assert error.hint is not None
    assert "parameters alone take 183 MiB, and 1,526 MiB more were asked for" in error.hint
    assert f"{served.settings.memory_mib} MiB fit" in error.hint
