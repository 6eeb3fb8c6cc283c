"""Every module of PyTorch, with every sample that PyTorch tests itself with: recorded and plain must be the same bits.

The samples are those of `torch.testing._internal.common_modules.module_db`, in training and in evaluation.
"""

import copy
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
import torch
from torch.testing._internal import common_modules
from torch.utils import _pytree

from gradwalk.contract.snapshot import Snapshot
from gradwalk.recorder import Limits, Recording, trace
from tests.conftest import AddUp
from tests.recorder.oracle import copied, numbers, registered, same_bits, seed, unbalanced

ModuleInfo = Any
"""torch.testing._internal.common_modules.ModuleInfo."""

pytestmark = [
    pytest.mark.usefixtures("nameless_samples"),
    # torch's own remarks on samples that take another path than its fastest one, or a reduction that will change
    pytest.mark.filterwarnings("ignore:enable_nested_tensor is True, but self.use_nested_tensor is False"),
    pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors is in prototype stage"),
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN"),
    pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss by both the batch size"),
    pytest.mark.filterwarnings("ignore:linear_cross_entropy. ``options`` ignored"),
]


GENEROUS = Limits(steps=1_000_000, bytes=1 << 30)

SOME = 4
"""The number of samples of each module that run on a push, in training and in evaluation; at night all of them run."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the tests the name of each module, and how many of its samples run: null for all.

    The recorder looks for the names of leaves in all that the variables of the tests lead to. So these lead neither to
    PyTorch's descriptions of its modules nor, by a mark, to the parameters of all tests.
    """
    for_push = [pytest.param(info.name, SOME, id=info.name) for info in common_modules.module_db]
    at_night = [
        pytest.param(info.name, None, id=f"{info.name}, every sample", marks=pytest.mark.slow)
        for info in common_modules.module_db
    ]
    metafunc.parametrize(("module", "most"), for_push + at_night)


@dataclass
class Sample:
    """A module and what to call it with, before either was touched."""

    name: str
    module: torch.nn.Module
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def leaves(self) -> dict[str, torch.Tensor]:
        """The module's parameters and buffers and the tensors among the inputs."""
        inputs = [t for t in _pytree.tree_leaves((self.args, self.kwargs)) if isinstance(t, torch.Tensor)]
        parameters = {**dict(self.module.named_parameters()), **dict(self.module.named_buffers())}
        return parameters | {f"input {i}": tensor for i, tensor in enumerate(inputs)}

    def copy(self) -> "Sample":
        """Deep; what autograd holds of an input that was computed is no part of the sample."""
        inputs = [t for t in _pytree.tree_leaves((self.args, self.kwargs)) if isinstance(t, torch.Tensor)]
        computed = [t for t in inputs if not t.is_leaf]
        return copy.deepcopy(self, {id(t): copied(t).requires_grad_(t.requires_grad) for t in computed})


@dataclass
class Ran:
    """What one run of a sample left behind."""

    outputs: list[torch.Tensor]
    types: list[type]
    leaves: dict[str, torch.Tensor]
    generator: torch.Tensor
    recording: Recording | None


def samples(module: str, most: int | None, modes: tuple[bool, ...] = (True, False)) -> Iterator[Sample]:
    """Yield the samples of a module, built anew at each call from the same seed; `modes`: in training, in evaluation;
    `most`: of each mode, null for all.
    """
    info: ModuleInfo = next(info for info in common_modules.module_db if info.name == module)
    dtype = torch.float32 if torch.float32 in info.dtypes else torch.float64
    for training in modes:
        seed(0)
        inputs = info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=True, training=training)
        for number, given in islice(enumerate(inputs), most):
            made = info.module_cls(*given.constructor_input.args, **given.constructor_input.kwargs)
            made.to(dtype).train(training)
            call = given.forward_input
            yield Sample(f"{number}, training={training}, {given.desc}", made, tuple(call.args), dict(call.kwargs))


def run(sample: Sample, scope: AbstractContextManager[Any], learning: bool = True) -> Ran:
    """The sample's module called within `scope`, from one seed, on copies; and differentiated when it is learning."""
    sample = sample.copy()
    seed(1)
    with scope as recording, torch.set_grad_enabled(learning):
        output = sample.module(*sample.args, **sample.kwargs)
        tensors = [t for t in _pytree.tree_leaves(output) if isinstance(t, torch.Tensor)]
        sums = [t.sum() for t in tensors if t.is_floating_point() and t.requires_grad]
        if sums:
            torch.autograd.backward(sum(sums[1:], start=sums[0]))
    generator = torch.get_rng_state()
    types = [type(output), *(type(t) for t in tensors)]
    return Ran([copied(t) for t in tensors], types, sample.leaves(), generator, recording)


def differences(ours: Ran, theirs: Ran) -> Iterator[str]:
    """What a program could tell the two runs apart by."""
    if ours.types != theirs.types:
        yield "types of the output"
    if not torch.equal(ours.generator, theirs.generator):
        yield "random numbers"
    for i, (a, b) in enumerate(zip(ours.outputs, theirs.outputs, strict=True)):
        if not same_bits(a, b):
            yield f"output {i}"
    for (name, a), b in zip(ours.leaves.items(), theirs.leaves.values(), strict=True):
        if not same_bits(a.grad, b.grad):
            yield f"gradient of {name}"
        if not same_bits(a, b):
            yield f"value of {name}"
        if a._version != b._version:
            yield f"version of {name}"


def missing_from(snapshot: Snapshot, ran: Ran) -> Iterator[str]:
    """The leaves whose `.grad` the snapshot does not have among its accumulated gradients."""
    passes = [backward for iteration in snapshot.iterations for backward in iteration.backward]
    shown = [numbers(tensor, snapshot) for backward in passes for tensor in backward.accumulated.values()]
    for name, leaf in ran.leaves.items():
        gradient = leaf.grad
        stored = gradient is not None and gradient.numel() <= GENEROUS.stored_elements
        if stored and not any(same_bits(tensor, gradient) for tensor in shown):
            yield f"gradient of {name} in the snapshot"


def compare(sample: Sample, theirs: Ran, learning: bool = True) -> list[str]:
    """Everything in which the recording is not what it should be."""
    hooks = registered()
    try:
        ours = run(sample, trace(GENEROUS), learning)
        found = list(differences(ours, theirs))
        if learning and ours.recording is not None:
            snapshot = ours.recording.snapshot()
            found += [f"contributions of {name} do not add up ({by:.1e})" for _, name, by in unbalanced(snapshot)]
            found += missing_from(snapshot, theirs)
    except Exception as error:
        return [f"{type(error).__name__} in the recorder: {error}"]
    return found if registered() == hooks else [*found, "global hooks"]


def plain(sample: Sample, learning: bool = True) -> Ran | None:
    """Null where PyTorch itself refuses. A warning is no refusal: it must be looked at, not passed over."""
    try:
        return run(sample, nullcontext(), learning)
    except Warning:
        raise
    except Exception:
        return None


def test_recorded_and_plain_are_the_same_bits(module: str, most: int | None, add_up: AddUp) -> None:
    wrong: dict[str, list[str]] = {}
    count = 0
    for sample in samples(module, most):
        theirs = plain(sample)
        assert theirs is not None, f"PyTorch itself does not run {sample.name}"
        count += 1
        found = compare(sample, theirs)
        if found:
            wrong[sample.name] = found
    add_up("samples of PyTorch's modules, bit-identical", count - len(wrong))
    print(f"{count - len(wrong)} of {count} samples bit-identical")
    assert count
    assert not wrong


def test_inference_without_gradients_is_the_same_bits(module: str, most: int | None) -> None:
    """Where torch takes fused paths that it takes at no other time."""
    wrong: dict[str, list[str]] = {}
    for sample in samples(module, most, modes=(False,)):
        theirs = plain(sample, learning=False)
        found = [] if theirs is None else compare(sample, theirs, learning=False)
        if found:
            wrong[sample.name] = found
    assert not wrong
