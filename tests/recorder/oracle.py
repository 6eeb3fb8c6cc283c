"""Programs run with and without the recorder, and what it takes to compare the two."""

import contextlib
import gc
import io
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as optimizer_hooks

from gradwalk.contract.snapshot import BackwardPass, Graph, Iteration, Program, Snapshot, Tensor
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

kept: dict[str, Any] = {}
"""The variables of the program that was recorded last."""

_KEEP = f"\n__import__({__name__!r}, fromlist=['kept']).kept.update(globals())\n"
PLAIN_FILE = "plain.py"
"""The file name that the frames of a plainly run program carry."""

RTOL = 1e-5
"""How well contributions add up, against the norm; half precision rounds more than that in one addition."""


# ------------------------------------------------------------------ running


def seed(number: int) -> None:
    """Seed the processor's generator. `torch.manual_seed` also writes down where it was called from, for each kind of
    device that is not there, which takes longer than most samples of PyTorch's databases.
    """
    torch.default_generator.manual_seed(number)


@dataclass
class Ran:
    """How a program ended: its variables, what it printed, where the random numbers stand."""

    variables: dict[str, Any]
    printed: str
    generator: torch.Tensor


@dataclass
class Recorded(Ran):
    """A recorded run."""

    snapshot: Snapshot


@lru_cache(maxsize=256)
def record(source: str) -> Recorded:
    """The program recorded by run_program, its variables kept."""
    kept.clear()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run = run_program(Program(source=source + _KEEP), Limits(bytes=256 << 20))
    generator = torch.get_rng_state()
    return Recorded(dict(kept), printed.getvalue(), generator, run.snapshot())


@lru_cache(maxsize=256)
def run_plainly(source: str) -> Ran:
    """The program without the recorder, from the same seed."""
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    printed = io.StringIO()
    variables: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(printed):
        exec(compile(source, PLAIN_FILE, "exec"), variables)
    return Ran(variables, printed.getvalue(), torch.get_rng_state())


# ------------------------------------------------------------------ comparing


def copied(tensor: torch.Tensor) -> torch.Tensor:
    """A detached copy."""
    return tensor.detach().clone()


def same_bits(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    """Equal in dtype, shape and every bit: 0.0 is not -0.0. Any NaN is any other, for JSON knows but one."""
    if a is None or b is None:
        return a is b
    return a.dtype == b.dtype and a.shape == b.shape and bits(a) == bits(b)


def bits(tensor: torch.Tensor) -> bytes:
    """The memory of a tensor, row-major, with one NaN for all."""
    plain = tensor.detach()
    if plain.layout is not torch.strided:
        plain = plain.to_dense()
    flat = plain.resolve_conj().resolve_neg().contiguous().reshape(-1)
    if flat.is_complex():
        flat = torch.view_as_real(flat).reshape(-1)
    if flat.is_floating_point():
        flat = flat.masked_fill(flat.isnan(), torch.nan)
    return flat.view(torch.uint8).numpy().tobytes()


def tensors_in(variables: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Every tensor that a program's variables hold, by path: through containers, modules, optimizers and objects."""
    found: dict[str, torch.Tensor] = {}
    visited: set[int] = set()

    def visit(path: str, value: Any) -> None:
        if isinstance(value, torch.Tensor):
            found[path] = value
        if id(value) in visited:
            return
        visited.add(id(value))
        if isinstance(value, torch.nn.Module):
            value = {**dict(value.named_parameters()), **dict(value.named_buffers())}
        elif isinstance(value, torch.optim.Optimizer):
            value = list(value.state.values())
        elif type(value).__module__ == "__main__" and hasattr(value, "__dict__"):
            value = vars(value)
        if isinstance(value, dict):
            for key, item in value.items():
                visit(f"{path}.{key}", item)
        elif isinstance(value, list | tuple):
            for i, item in enumerate(value):
                visit(f"{path}[{i}]", item)

    for name, value in variables.items():
        if not name.startswith("__"):
            visit(name, value)
    return found


def state(tensor: torch.Tensor) -> dict[str, Any]:
    """What a program can find out about a tensor besides its numbers."""
    return {
        "requires_grad": tensor.requires_grad,
        "grad_fn": None if refuses(tensor) or tensor.grad_fn is None else tensor.grad_fn.name(),
        "version": 0 if tensor.is_inference() else tensor._version,
        "stride": tensor.stride() if tensor.layout is torch.strided else None,
        "retains_grad": tensor.retains_grad,
        "type": type(tensor).__name__,
    }


def refuses(tensor: torch.Tensor) -> bool:
    """Whether a tensor refuses to tell its grad_fn: one of several views whose base was written in place does."""
    try:
        return tensor.grad_fn is not tensor.grad_fn
    except RuntimeError:
        return True


def numbers(tensor: Tensor, snapshot: Snapshot) -> torch.Tensor | None:
    """A snapshot's tensor as PyTorch's; null where it was too large to be stored."""
    data: Any = tensor.data if tensor.data is not None else getattr(snapshot.tensors.get(tensor.id), "data", None)
    if data is None:
        return None
    dtype = getattr(torch, tensor.dtype)
    if dtype.is_complex:
        wide = torch.tensor([[float(x) for x in pair] for pair in data], dtype=torch.float64).reshape(-1, 2)
        return torch.view_as_complex(wide).to(dtype).reshape(tensor.shape)
    return torch.tensor([float(x) if isinstance(x, str) else x for x in data], dtype=dtype).reshape(tensor.shape)


# ------------------------------------------------------------------ reading snapshots


def passes_of(snapshot: Snapshot) -> Iterator[tuple[Graph, Iteration, BackwardPass]]:
    """Every recorded backward pass in order, with its iteration and graph."""
    for iteration in snapshot.iterations:
        for backward in iteration.backward:
            yield snapshot.graphs[iteration.graph], iteration, backward


def named_outputs(graph: Graph) -> dict[str, list[tuple[str, int]]]:
    """Variable -> the nodes and outputs that carry its name, in order; one operation may name several outputs."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for node in graph.nodes:
        names = [] if node.name is None else node.name.split(", ")
        if len(names) == node.outputs:
            for output, name in enumerate(names):
                found[name].append((node.id, output))
    return found


def unbalanced(snapshot: Snapshot) -> Iterator[tuple[str, str, float]]:
    """(node id, name or op, relative error) wherever contributions and seeds do not add up to the gradient."""
    for graph, _, backward in passes_of(snapshot):
        sums: dict[tuple[str, int], list[Tensor]] = defaultdict(list)
        for node, seeds in backward.seeds.items():
            for output, seed in enumerate(seeds):
                if seed is not None:
                    sums[node, output].append(seed)
        for edge in graph.edges:
            if edge.id in backward.contributions:
                sums[edge.source, edge.output].append(backward.contributions[edge.id])
        labels = {n.id: n.name or n.op or n.id for n in graph.nodes}
        for node, gradients in backward.gradients.items():
            for output, gradient in enumerate(gradients):
                if gradient is not None:
                    error = _distance(gradient, sums[node, output], snapshot)
                    if not error <= _tolerance(gradient.dtype):
                        yield node, labels[node], error


def _distance(gradient: Tensor, parts: list[Tensor], snapshot: Snapshot) -> float:
    """Norm of gradient - sum(parts) against the norm of what was added, in double precision."""
    whole = numbers(gradient, snapshot)
    terms = [numbers(part, snapshot) for part in parts]
    if whole is None or any(t is None for t in terms):
        return 0.0
    if not terms:
        return float("inf")
    dtype = torch.complex128 if whole.is_complex() else torch.float64
    wide = [t.to(dtype) for t in terms if t is not None]
    total, whole = torch.stack(wide).sum(0), whole.to(dtype)
    if total.shape != whole.shape:
        return float("inf")
    # where a program's own numbers overflow there is nothing to subtract: NaN and infinity must be at the same places
    finite = torch.isfinite(total)
    if not torch.equal(finite, torch.isfinite(whole)):
        return float("inf")
    difference = torch.linalg.vector_norm((total - whole)[finite]).item()
    scale = max(torch.linalg.vector_norm(t[finite]).item() for t in [*wide, whole])
    return difference / scale if difference else 0.0


def _tolerance(dtype: str) -> float:
    return max(RTOL, 4 * float(torch.finfo(getattr(torch, dtype)).eps))


def registered() -> tuple[object, ...]:
    """Every place outside of a program where a recorder could leave something behind."""
    return (
        len(module_hooks._global_forward_hooks),
        len(module_hooks._global_forward_hooks_always_called),
        len(module_hooks._global_forward_hooks_with_kwargs),
        len(module_hooks._global_forward_pre_hooks),
        len(module_hooks._global_backward_hooks),
        len(module_hooks._global_backward_pre_hooks),
        len(optimizer_hooks._global_optimizer_pre_hooks),
        len(optimizer_hooks._global_optimizer_post_hooks),
        torch._C._len_torch_function_stack(),
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
        gc.isenabled(),
        gc.get_threshold(),
        # Python 3.12 counts its own immortal objects, and only those that a collection has met
        gc.get_freeze_count() > 1000 if sys.version_info[:2] == (3, 12) else gc.get_freeze_count(),
    )
