"""What plain PyTorch says about the values and gradients of a program, to hold a recording against.

A program is run plainly while Python itself tells which tensors its variables hold; right before each backward pass all
of them get `retain_grad`, PyTorch's own way to show a gradient that it would otherwise throw away. Nothing here asks
the recorder for the answer.
"""

import contextlib
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from types import FrameType
from typing import Any
from unittest import mock

import torch

from tests.recorder.oracle import PLAIN_FILE, copied, refuses, run_plainly


@dataclass
class PlainPass:
    """One backward pass of the plain run, seen by PyTorch's own means.

    `loss`: the first root. `functions`: the autograd nodes that can be reached from the roots, without namespaces.
    `intermediates`: name, value and gradient of each tensor among them that a variable ever held. `returned`: variable
    -> what autograd.grad gave for it. `accumulated`: the `.grad` of every leaf that the pass gave one.
    """

    loss: torch.Tensor
    functions: Counter[str]
    intermediates: list[tuple[str, torch.Tensor, torch.Tensor | None]] = field(default_factory=list)
    returned: dict[str, torch.Tensor] = field(default_factory=dict)
    accumulated: list[torch.Tensor] = field(default_factory=list)


@dataclass
class Watched:
    """A plain run. `values`: what each variable held, in order, whenever it held something differentiable and new."""

    passes: list[PlainPass]
    values: list[tuple[str, torch.Tensor]]


@lru_cache(maxsize=256)
def watch_plainly(source: str) -> Watched:
    """The program run plainly, its variables and backward passes watched."""
    variables = _Variables()
    passes = _Passes(variables)
    with (
        mock.patch.object(torch.Tensor, "backward", passes.around(torch.Tensor.backward)),
        mock.patch.object(torch.autograd, "backward", passes.around(torch.autograd.backward)),
        mock.patch.object(torch.autograd, "grad", passes.around(torch.autograd.grad)),
        warnings.catch_warnings(),
    ):
        # reading .grad of a non-leaf warns, also after retain_grad on another version of it
        warnings.filterwarnings("ignore", message="The .grad attribute of a Tensor that is not a leaf")
        # Python 3.12 does when the variable of a comprehension was looked at
        warnings.filterwarnings("ignore", message="assigning None to unbound local")
        earlier = sys.gettrace()
        sys.settrace(variables.trace)
        try:
            run_plainly.__wrapped__(source)
        finally:
            sys.settrace(earlier)
    return Watched(passes.passes, variables.values)


class _Variables:
    """The tensors that variables of the program hold, in its functions too, looked at after each of its lines."""

    def __init__(self) -> None:
        self.held: list[tuple[str, torch.Tensor]] = []
        self.values: list[tuple[str, torch.Tensor]] = []
        self._seen: set[tuple[int, int]] = set()

    def trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        """Called by Python at each line of the program, before it runs, and when a function returns."""
        if frame.f_code.co_filename != PLAIN_FILE:
            return None
        for name, value in list(frame.f_locals.items()):
            if isinstance(value, torch.Tensor) and name.isidentifier():
                self._look(name, value)
        return self.trace

    def _look(self, name: str, tensor: torch.Tensor) -> None:
        if torch._C._functorch.is_functorch_wrapped_tensor(tensor) or tensor.is_inference():
            return
        if not tensor.requires_grad or refuses(tensor) or tensor.is_leaf or (id(tensor), tensor._version) in self._seen:
            return
        # a view changes with its base and nobody need have asked for what it is then
        if not tensor._is_view() or not any(tensor is held for _, held in self.held):
            self.values.append((name, copied(tensor)))
        self._seen.add((id(tensor), tensor._version))
        # held on to, so that no other tensor gets its identity
        self.held.append((name, tensor))

    @staticmethod
    def names_of(tensor: torch.Tensor) -> Iterator[str]:
        """The variables of the running functions of the program that hold this very tensor now."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == PLAIN_FILE:
                yield from (name for name, value in list(frame.f_locals.items()) if value is tensor)
            frame = frame.f_back


class _Passes:
    """Stands around the three ways to ask for gradients; a pass inside a pass belongs to the outer one."""

    def __init__(self, variables: _Variables) -> None:
        self.passes: list[PlainPass] = []
        self._variables = variables
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
        if args and isinstance(args[0], Iterable) and not isinstance(args[0], torch.Tensor):
            # an iterator of inputs can be read only once
            args = [list(args[0]), *args[1:]]
        functions = list(_reachable(roots))
        # of autograd.grad with one input, what made that input is not run
        inputs = list(tensors_asked_for(call, args, kwargs))
        visited = _reachable(roots, inputs[0].grad_fn) if len(inputs) == 1 else functions
        names = Counter(f.name().split("::")[-1] for f in visited if not hasattr(f, "variable"))
        seen = PlainPass(copied(roots[0]), names)
        held = [(name, t) for name, t in self._variables.held if not refuses(t) and t.grad_fn in set(functions)]
        if kwargs.get("is_grads_batched"):
            held = []  # many passes in one, which retain_grad cannot show
        leaves = [f.variable for f in functions if hasattr(f, "variable")] + [t for t in roots if t.is_leaf]
        grads = [(t.grad, None if t.grad is None else t.grad._version) for t in leaves]
        values = [copied(tensor) for _, tensor in held]
        with _retaining([tensor for _, tensor in held]):
            result = call(first, *args, **kwargs)
            for (name, tensor), value in zip(held, values, strict=True):
                seen.intermediates.append((name, value, None if tensor.grad is None else copied(tensor.grad)))
        for leaf, (before, version) in zip(leaves, grads, strict=True):
            if leaf.grad is not None and (leaf.grad is not before or leaf.grad._version != version):
                seen.accumulated.append(copied(leaf.grad))
        if call.__name__ == "grad" and not kwargs.get("is_grads_batched"):
            for tensor, gradient in zip(inputs, result, strict=True):
                if gradient is not None:
                    seen.returned |= dict.fromkeys(self._variables.names_of(tensor), copied(gradient))
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


def tensors_asked_for(call: Callable[..., Any], args: Any, kwargs: Any) -> list[torch.Tensor]:
    """The inputs of autograd.grad; none of backward."""
    if call.__name__ != "grad":
        return []
    inputs = args[0] if args else kwargs["inputs"]
    return list(inputs) if isinstance(inputs, list | tuple) else [inputs]


def _reachable(roots: list[torch.Tensor], end: Any = None) -> Iterator[Any]:
    """Every autograd node that a backward pass from `roots` may visit, once; not `end` and what lies behind it."""
    pending: list[Any] = [t.grad_fn for t in roots]
    visited: set[Any] = set() if end is None else {end}
    while pending:
        function = pending.pop()
        if function is not None and function not in visited:
            visited.add(function)
            yield function
            pending += [f for f, _ in function.next_functions]
