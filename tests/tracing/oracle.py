"""What plain PyTorch says about a program, to hold a recording against: nothing here asks the recorder for the answer.

A program is run three times: recorded; plainly; and plainly with `retain_grad` on every named intermediate right
before each backward pass, which is PyTorch's own way to show a gradient that it would otherwise throw away.
"""

import contextlib
import io
import random
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from types import FrameType
from typing import Any
from unittest import mock

import numpy as np
import torch

from app.snapshot import BackwardPass, Graph, Iteration, Program, Snapshot, Tensor
from app.tracing import Limits
from app.tracing.program import run_program

kept: dict[str, Any] = {}
"""The variables of the program that was recorded last."""

_KEEP = f"\n__import__({__name__!r}, fromlist=['kept']).kept.update(globals())\n"
_PLAIN_FILE = "plain.py"

RTOL = 1e-5
"""How well contributions add up, against the norm; half precision rounds more than that in one addition."""


# ------------------------------------------------------------------ running


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


@dataclass
class PlainPass:
    """One backward pass of the plain run, seen by PyTorch's own means.

    `loss`: the first root. `intermediates`: variable -> (value, gradient) of every non-leaf that a variable held when
    the pass began. `returned`: variable -> what autograd.grad gave for it. `accumulated`: the `.grad` of every leaf
    that the pass gave one. `functions`: the autograd nodes reachable from the roots.
    """

    loss: torch.Tensor
    functions: Counter[str]
    intermediates: dict[str, tuple[torch.Tensor, torch.Tensor | None]] = field(default_factory=dict)
    returned: dict[str, torch.Tensor] = field(default_factory=dict)
    accumulated: list[torch.Tensor] = field(default_factory=list)


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
        exec(compile(source, _PLAIN_FILE, "exec"), variables)
    return Ran(variables, printed.getvalue(), torch.get_rng_state())


@lru_cache(maxsize=256)
def passes_of_plain(source: str) -> list[PlainPass]:
    """The backward passes of the program, in order, run plainly with retain_grad on what variables hold."""
    watched = _Watched()
    with (
        mock.patch.object(torch.Tensor, "backward", watched.around(torch.Tensor.backward)),
        mock.patch.object(torch.autograd, "backward", watched.around(torch.autograd.backward)),
        mock.patch.object(torch.autograd, "grad", watched.around(torch.autograd.grad)),
        warnings.catch_warnings(),
    ):
        # reading .grad of a non-leaf warns, also after retain_grad on another version of it
        warnings.filterwarnings("ignore", message="The .grad attribute of a Tensor that is not a leaf")
        run_plainly.__wrapped__(source)
    return watched.passes


class _Watched:
    """Stands around the three ways to ask for gradients; a pass inside a pass belongs to the outer one."""

    def __init__(self) -> None:
        self.passes: list[PlainPass] = []
        self._inside = False

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def watching(first: Any, *args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return call(first, *args, **kwargs)
            self._inside = True
            try:
                return self._watch(call, first, args, kwargs)
            finally:
                self._inside = False

        return watching

    def _watch(self, call: Callable[..., Any], first: Any, args: Any, kwargs: Any) -> Any:
        roots = list(first) if isinstance(first, list | tuple) else [first]
        functions = list(_reachable(roots))
        names = Counter(f.name() for f in functions if not hasattr(f, "variable"))
        seen = PlainPass(copied(roots[0]), names)
        variables = dict(_variables_of_the_program())
        held = {name: t for name, t in variables.items() if t.requires_grad and not t.is_leaf}
        leaves = [f.variable for f in functions if hasattr(f, "variable")] + [t for t in roots if t.is_leaf]
        grads = [(t.grad, None if t.grad is None else t.grad._version) for t in leaves]
        values = {name: copied(tensor) for name, tensor in held.items()}
        with _retaining(list(held.values())):
            result = call(first, *args, **kwargs)
            for name, tensor in held.items():
                seen.intermediates[name] = values[name], None if tensor.grad is None else copied(tensor.grad)
        for leaf, (before, version) in zip(leaves, grads, strict=True):
            if leaf.grad is not None and (leaf.grad is not before or leaf.grad._version != version):
                seen.accumulated.append(copied(leaf.grad))
        if call.__name__ == "grad":
            inputs = args[0] if args else kwargs["inputs"]
            wanted = inputs if isinstance(inputs, list | tuple) else [inputs]
            for tensor, gradient in zip(wanted, result, strict=True):
                same = [n for n, t in variables.items() if t is tensor]
                seen.returned |= {n: copied(gradient) for n in same if gradient is not None}
        self.passes.append(seen)
        return result


@contextlib.contextmanager
def _retaining(tensors: list[torch.Tensor]) -> Iterator[None]:
    """Their `.grad` is this pass's alone inside; afterwards what the program would find, which may retain them too."""
    before = [(t, t.retains_grad, t.grad) for t in dict.fromkeys(tensors)]
    for tensor, _, _ in before:
        tensor.grad = None
        tensor.retain_grad()
    yield
    for tensor, retained, gradient in before:
        if not retained:
            tensor.grad = None
        elif gradient is not None:
            tensor.grad = gradient if tensor.grad is None else gradient + tensor.grad


def _variables_of_the_program() -> Iterator[tuple[str, torch.Tensor]]:
    """Tensors in the variables of the running functions of the program; the innermost function's names win."""
    seen: set[str] = set()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == _PLAIN_FILE:
            for name, value in list(frame.f_locals.items()):
                if isinstance(value, torch.Tensor) and name not in seen and not name.startswith("_"):
                    seen.add(name)
                    yield name, value
        frame = frame.f_back


def _reachable(roots: list[torch.Tensor]) -> Iterator[Any]:
    """Every autograd node that a backward pass from `roots` may visit, once."""
    pending: list[Any] = [t.grad_fn for t in roots]
    visited: set[Any] = set()
    while pending:
        function = pending.pop()
        if function is not None and function not in visited:
            visited.add(function)
            yield function
            pending += [f for f, _ in function.next_functions]


# ------------------------------------------------------------------ comparing


def copied(tensor: torch.Tensor) -> torch.Tensor:
    """A detached copy."""
    return tensor.detach().clone()


def same_bits(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    """Equal in dtype, shape and every bit: 0.0 is not -0.0. Any NaN is any other, for JSON knows but one."""
    if a is None or b is None:
        return a is b
    return a.dtype == b.dtype and a.shape == b.shape and _bytes(a) == _bytes(b)


def _bytes(tensor: torch.Tensor) -> bytes:
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
        "grad_fn": _grad_fn_name(tensor),
        "version": 0 if tensor.is_inference() else tensor._version,
        "stride": tensor.stride() if tensor.layout is torch.strided else None,
        "retains_grad": tensor.retains_grad,
        "type": type(tensor).__name__,
    }


def _grad_fn_name(tensor: torch.Tensor) -> str | None:
    try:
        return None if tensor.grad_fn is None else tensor.grad_fn.name()
    except RuntimeError:
        return "refused"  # one of several views, whose base was written in place


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
