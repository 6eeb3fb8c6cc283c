"""What a program sets and leaves on reaches neither the recorder's own work nor the writing of its recording."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np
import orjson
import pytest
import torch
from torch.nn.modules import module as global_hooks
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import _pop_mode

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Program, Snapshot, Tensor
from gradwalk.recorder import trace
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program

LIMITS = Limits(inline_elements=8, stored_elements=64)

TRAINING = """
import torch
x = torch.arange(100.0, device="cpu", dtype=torch.float32).reshape(10, 10)
small = torch.full((3,), 1.1, device="cpu", dtype=torch.bfloat16, requires_grad=True)
net = torch.nn.Linear(10, 2, device="cpu", dtype=torch.float32)
with torch.no_grad():
    net.weight.copy_(x[:2] / 100)
    net.bias.zero_()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for _ in range(2):
    optimizer.zero_grad()
    loss = torch.tanh(net(x).t().contiguous()).sum() + (small * 3).sum() + torch.view_as_complex(x[:, :2]).abs().sum()
    loss.backward()
    optimizer.step()
"""

SETTINGS = {
    "default_device_meta": "torch.set_default_device('meta')",
    "default_device_cpu": "torch.set_default_device('cpu')",
    "device_context_left_on": "torch.device('meta').__enter__()",
    "default_dtype": "torch.set_default_dtype(torch.float64)",
    "deterministic": "torch.use_deterministic_algorithms(True)",
    "anomaly": "torch.autograd.set_detect_anomaly(True, check_nan=False)",
    "numpy_raises": "import numpy; numpy.seterr(all='raise')",
    "warnings_are_errors": "import warnings; warnings.simplefilter('error')",
    "module_hook": """
def hook(module, inputs, output):
    assert isinstance(module, torch.nn.Module)
torch.nn.modules.module.register_module_forward_hook(hook)
""",
}

AT_THE_END = {
    "function_mode_left_on": """
from torch.overrides import TorchFunctionMode
class Refusing(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        raise AssertionError(f"{func} is seen")
Refusing().__enter__()
""",
    "grad_off": "torch.set_grad_enabled(False)",
    "inference_mode": "torch.inference_mode().__enter__()",
    "isfinite": "torch.isfinite = None",
    "isnan_and_isinf": "torch.isnan = torch.isinf = None",
    "factories": "torch.tensor = torch.empty = torch.ones = torch.frombuffer = torch.from_numpy = None",
    "methods": "torch.Tensor.detach = torch.Tensor.contiguous = torch.Tensor.numel = torch.Tensor.is_neg = None",
    "recursion": "import sys; sys.setrecursionlimit(len(__import__('inspect').stack()) + 30)",
    "dispatch_mode_left_on": """
from torch.utils._python_dispatch import TorchDispatchMode
class Refusing(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        raise AssertionError(f"{func} is seen")
Refusing().__enter__()
""",
}

PATCHED = ("isfinite", "isnan", "isinf", "tensor", "empty", "ones", "frombuffer", "from_numpy")


@pytest.fixture(autouse=True)
def settings_of_before() -> Iterator[None]:
    before = {name: getattr(torch, name) for name in PATCHED}
    numpy_errors, depth = np.geterr(), sys.getrecursionlimit()
    dispatch_modes = torch._C._len_torch_dispatch_stack()
    inference = torch.is_inference_mode_enabled()
    hooks: dict[int, Any] = dict(global_hooks._global_forward_hooks)
    with warnings.catch_warnings():
        yield
    sys.setrecursionlimit(depth)
    while torch._C._len_torch_dispatch_stack() > dispatch_modes:
        _pop_mode()
    for name, function in before.items():
        setattr(torch, name, function)
    for name in ("detach", "contiguous", "numel", "is_neg"):
        if name in vars(torch.Tensor) and vars(torch.Tensor)[name] is None:
            delattr(torch.Tensor, name)
    while torch._C._len_torch_function_stack():
        torch._C._pop_torch_function_stack()
    torch.utils._device.CURRENT_DEVICE = None
    torch._GLOBAL_DEVICE_CONTEXT.__dict__.clear()
    torch.set_default_dtype(torch.float32)
    torch.use_deterministic_algorithms(False)
    torch.autograd.set_detect_anomaly(False)
    if torch.is_inference_mode_enabled() and not inference:
        torch._C._InferenceMode(False).__enter__()  # type: ignore[no-untyped-call]
    torch.set_grad_enabled(True)
    np.seterr(**numpy_errors)
    global_hooks._global_forward_hooks.clear()
    global_hooks._global_forward_hooks.update(hooks)


def record(source: str) -> Snapshot:
    run = run_program(Program(source=source), LIMITS)
    assert run.outcome.error is None, run.outcome.error
    snapshot = run.snapshot()
    assert json_of(snapshot)
    return snapshot


def shown(snapshot: Snapshot) -> list[Any]:
    """Return all numbers, by iteration, and all large tensors, as the page reads them."""
    assert snapshot.truncated is None
    iterations = [orjson.loads(json_of(iteration)) for iteration in snapshot.iterations]
    for part in (part for i in iterations for kind in ("turns", "steps", "backward", "updates") for part in i[kind]):
        del part["line"]
    return [*iterations, *(orjson.loads(json_of(tensor)) for tensor in snapshot.tensors.values())]


@pytest.fixture(scope="module")
def undisturbed() -> list[Any]:
    return shown(record(TRAINING))


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_the_program_changes_no_number(setting: str, undisturbed: list[Any]) -> None:
    first, rest = "\nimport torch\n", TRAINING.removeprefix("\nimport torch\n")
    assert shown(record(f"{first}{SETTINGS[setting]}\n{rest}")) == undisturbed


@pytest.mark.parametrize("change", AT_THE_END)
def test_what_is_left_behind_does_not_reach_the_writer(change: str, undisturbed: list[Any]) -> None:
    assert shown(record(f"{TRAINING}\n{AT_THE_END[change]}\n")) == undisturbed


def test_a_tensor_is_read_when_the_default_device_is_another_one() -> None:
    snapshot = record("import torch\nx = torch.full((3,), 1.1, dtype=torch.bfloat16)\ny = x * 2\n")
    torch.set_default_device("meta")
    (read,) = snapshot.iterations[0].values["n1"]
    assert isinstance(read, Tensor)
    assert read.data == [2.2] * 3


class Heard(TorchFunctionMode):
    """Writes down every call that it hears of."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(func.__name__)
        return func(*args, **(kwargs or {}))


def train() -> None:
    net = torch.nn.Linear(4, 3)
    optimizer = torch.optim.Adam(net.parameters())
    for _ in range(2):
        loss = net(torch.ones(5, 4)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        net.bias.data.sub_(0.1)
        loss.tolist()


def test_a_function_mode_that_was_on_before_hears_of_the_program_alone() -> None:
    heard = []
    for recorded in (False, True):
        torch.manual_seed(0)
        with Heard() as mode, trace(LIMITS) if recorded else nullcontext() as recording:
            train()
        heard.append(mode.names)
    assert heard[0] == heard[1]
    assert recording is not None
    assert len(recording.snapshot().iterations) == 2
