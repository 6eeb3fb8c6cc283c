"""Every operator of PyTorch, with every sample that PyTorch tests it with: recorded and plain must be the same bits.

The samples are those of `torch.testing._internal.common_methods_invocations.op_db`, in float32 and, where the operator
differentiates complex numbers, in complex64.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import pytest
import torch
from torch.testing._internal import common_methods_invocations
from torch.utils import _pytree

from gradwalk.contract.snapshot import Snapshot
from gradwalk.recorder import Limits, Recording, trace
from tests.conftest import AddUp
from tests.recorder.oracle import copied, numbers, registered, same_bits, seed, unbalanced

OperatorInfo = Any
"""torch.testing._internal.opinfo.core.OpInfo."""

pytestmark = [
    pytest.mark.usefixtures("nameless_samples"),
    # torch's own remarks on what it will remove and on samples that it resizes
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


GENEROUS = Limits(steps=1_000_000, bytes=1 << 30)
SOME = 2
"""The number of samples of each operator that run on a push; at night all of them run."""

COMPLEX = {"abs", "add", "angle", "div", "fft.fft", "index_put", "linalg.eig", "matmul", "mul", "sgn", "view_as_real"}
"""Operators that run on a push in complex numbers too, of each kind one; at night all do that can."""

MOST_TRIES = 100
"""The number of plain runs that a sample gets before a difference counts as the recorder's."""

RANDOM_MEMORY = {"empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided"}
"""Operators whose result is whatever the memory holds: no two runs agree."""


@dataclass
class Sample:
    """The arguments of one call, before they were touched."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def tensors(self) -> list[torch.Tensor]:
        """Return the tensors among the arguments."""
        return [t for t in _pytree.tree_leaves((self.args, self.kwargs)) if isinstance(t, torch.Tensor)]

    def copy(self) -> "Sample":
        """Return the sample with tensors of its own."""
        args, kwargs = _pytree.tree_map_only(
            torch.Tensor, lambda t: copied(t).requires_grad_(t.requires_grad), (self.args, self.kwargs)
        )
        return Sample(self.name, args, kwargs)


@dataclass
class Ran:
    """What one run of a sample left behind."""

    outputs: list[torch.Tensor]
    leaves: list[torch.Tensor]
    generator: torch.Tensor
    recording: Recording | None


def samples(info: OperatorInfo, dtype: torch.dtype) -> Iterator[Sample]:
    """Yield the samples, made anew at each call from the same seed."""
    differentiable = dtype in info.supported_backward_dtypes(torch.device("cpu")) and info.supports_autograd
    seed(0)
    for number, given in enumerate(info.sample_inputs(torch.device("cpu"), dtype, requires_grad=differentiable)):
        yield Sample(f"{number}: {given.name}", (given.input, *given.args), dict(given.kwargs))


def run(info: OperatorInfo, sample: Sample, scope: AbstractContextManager[Any]) -> Ran:
    """Call the operator within `scope`, from one seed, on copies, and differentiate what can be differentiated."""
    sample = sample.copy()
    seed(1)
    with scope as recording:
        output = info.op(*sample.args, **sample.kwargs)
        tensors = [t for t in _pytree.tree_leaves(output) if isinstance(t, torch.Tensor)]
        roots = [t for t in tensors if t.requires_grad and t.layout is torch.strided]
        sums = [(t.abs() if t.is_complex() else t).sum() for t in roots]
        if sums:
            torch.autograd.backward(sum(sums[1:], start=sums[0]))
    return Ran([copied(t) for t in tensors], sample.tensors(), torch.get_rng_state(), recording)


def differences(ours: Ran, theirs: Ran) -> Iterator[str]:
    """Yield what a program could tell the two runs apart by."""
    if not torch.equal(ours.generator, theirs.generator):
        yield "random numbers"
    if len(ours.outputs) != len(theirs.outputs):
        yield "number of outputs"
    for i, (a, b) in enumerate(zip(ours.outputs, theirs.outputs, strict=False)):
        if not same_bits(a, b):
            yield f"output {i}"
    for i, (a, b) in enumerate(zip(ours.leaves, theirs.leaves, strict=True)):
        if not same_bits(a.grad, b.grad):
            yield f"gradient of argument {i}"
        if not same_bits(a, b):
            yield f"value of argument {i}"
        if a._version != b._version:
            yield f"version of argument {i}"


def missing_from(snapshot: Snapshot, ran: Ran) -> Iterator[str]:
    """Yield the outputs that are no node's value, and the leaves whose `.grad` is not among those accumulated."""
    values = [numbers(t, snapshot) for i in snapshot.iterations for row in i.values.values() for t in row]
    for i, output in enumerate(ran.outputs):
        if output.requires_grad and not any(same_bits(t, output) for t in values):
            yield f"output {i} in the snapshot"
    passes = [backward for iteration in snapshot.iterations for backward in iteration.backward]
    shown = [numbers(tensor, snapshot) for backward in passes for tensor in backward.accumulated.values()]
    for i, leaf in enumerate(ran.leaves):
        gradient = leaf.grad
        stored = gradient is not None and gradient.numel() <= GENEROUS.stored_elements
        if stored and not any(same_bits(tensor, gradient) for tensor in shown):
            yield f"gradient of argument {i} in the snapshot"


def compare(info: OperatorInfo, sample: Sample, theirs: Ran) -> list[str]:
    """Return everything in which the recording is not what it should be."""
    hooks = registered()
    try:
        ours = run(info, sample, trace(GENEROUS))
        found = list(differences(ours, theirs))
        assert ours.recording is not None
        snapshot = ours.recording.snapshot()
        found += [f"contributions of {name} do not add up ({by:.1e})" for _, name, by in unbalanced(snapshot)]
        found += missing_from(snapshot, ours)
    except Exception as error:
        return [f"{type(error).__name__} in the recorder: {error}"]
    return found if registered() == hooks else [*found, "global hooks"]


def plain(info: OperatorInfo, sample: Sample) -> Ran | None:
    """Return the plain run; null where PyTorch itself refuses the sample."""
    try:
        return run(info, sample, nullcontext())
    except Exception:
        return None


def varies(info: OperatorInfo, sample: Sample, theirs: Ran, tries: int) -> bool:
    """Return whether PyTorch itself gives other numbers in one of so many more runs, as the least squares of LAPACK do,
    which depend on where the matrices lie in memory.
    """
    again = (plain(info, sample) for _ in range(tries))
    return any(ran is None or bool(list(differences(ran, theirs))) for ran in again)


def dtypes(info: OperatorInfo) -> list[torch.dtype]:
    """Return the dtypes of the samples of an operator: float32, and complex64 if it differentiates that."""
    supported = info.supported_dtypes("cpu")
    found = [torch.float32] if torch.float32 in supported else []
    if torch.complex64 in supported and torch.complex64 in info.supported_backward_dtypes(torch.device("cpu")):
        found.append(torch.complex64)
    return found


def on_push(info: OperatorInfo, dtype: torch.dtype) -> bool:
    """Return whether a push runs this operator in this dtype."""
    return dtype is torch.float32 or info.name in COMPLEX or torch.float32 not in dtypes(info)


@cache
def each() -> dict[str, tuple[OperatorInfo, torch.dtype]]:
    """Return each operator in each dtype by a name of the two."""
    return {
        f"{info.formatted_name}, {str(dtype)[6:]}": (info, dtype)
        for info in common_methods_invocations.op_db
        if info.name not in RANDOM_MEMORY
        for dtype in dtypes(info)
    }


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the tests each operator by its name, and how many of its samples run: null for all.

    The recorder looks for the names of leaves in all that the variables of the tests lead to. So these lead neither to
    PyTorch's descriptions of its operators nor, by a mark, to the parameters of all tests.
    """
    found = each()
    for_push = [pytest.param(name, SOME, id=name) for name, (info, dtype) in found.items() if on_push(info, dtype)]
    at_night = [pytest.param(name, None, id=f"{name}, every sample", marks=pytest.mark.slow) for name in found]
    metafunc.parametrize(("operator", "most"), for_push + at_night)


def wrong_samples(operator: str, most: int | None) -> tuple[int, dict[str, list[str]]]:
    """Return how many samples ran, and what is wrong with those that are."""
    info, dtype = each()[operator]
    wrong: dict[str, list[str]] = {}
    count = 0
    for sample in islice(samples(info, dtype), most):
        theirs = plain(info, sample)
        if theirs is None or varies(info, sample, theirs, 1):
            continue
        count += 1
        found = compare(info, sample, theirs)
        if found and not varies(info, sample, theirs, MOST_TRIES):
            wrong[sample.name] = found
    return count, wrong


def test_recorded_and_plain_are_the_same_bits(operator: str, most: int | None, add_up: AddUp) -> None:
    count, wrong = wrong_samples(operator, most)
    add_up("samples of PyTorch's operators, bit-identical", count - len(wrong))
    assert not wrong
