"""Measuring a local derivative: the autograd nodes of one operation are called on basis vectors.

Done in a run of its own, which ends there: what the calls print, count or change reaches nobody.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import torch

from gradwalk.contract.measurement import MOST_OUTPUTS, Measurement, Response, Trouble, Wanted
from gradwalk.recorder.autograd_structure import AutogradFunction, Owned, function_of, key_of
from gradwalk.recorder.calls import Call, tensors_of
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import EdgeRecord

_MOST_NOTED: Final = 1000
_LARGEST_NOTED: Final = 1 << 16
"""Calls of custom Functions that are noted, and elements in the tensors of one."""
_LONGEST_ERROR: Final = 500
_STEP, _ERROR = 1e-6, 1e-5
_COARSE_STEP, _COARSE_ERROR = 5e-3, 2e-2
"""By how much an element is moved, relative to numbers around 1, and how far the slope may be off: in float64, and in
coarser dtypes.
"""

Operation = Callable[[Call, Any, dict[str, Any]], Any]
Walked = list[tuple[AutogradFunction, Owned]]


class Measured(BaseException):
    """The program has been run as far as it was needed. Not an Exception, which a program may catch."""


class _Noted:
    """A call that can be made again: its function and copies of its arguments, with the random numbers of then.

    `moved`: the copy of an argument, by its name or, of a custom Function, by its position.
    """

    def __init__(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.func = func
        self.args, self.kwargs = _copied(args), _copied(kwargs)
        self.random = torch.get_rng_state()

    def results(self, place: Callable[["_Noted"], torch.Tensor], element: int, step: float) -> list[torch.Tensor]:
        """What the call gives when one element of an argument is moved by `step`."""
        again = _Noted.__new__(_Noted)
        again.func, again.args, again.kwargs = self.func, _copied(self.args), _copied(self.kwargs)
        place(again).view(-1)[element] += step
        torch.set_rng_state(self.random)
        with torch.no_grad():
            return [result.detach().clone() for result in tensors_of(self.func(*again.args, **again.kwargs))]

    def widened(self) -> "_Noted":
        """The same call in float64."""
        wide = _Noted.__new__(_Noted)
        wide.func, wide.random = self.func, self.random
        wide.args, wide.kwargs = _copied(self.args, torch.float64), _copied(self.kwargs, torch.float64)
        return wide


class JacobianProbe:
    """One measurement. `result`: null until the program has come to the place."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._edge = int(wanted.edge[1:])
        self._call: tuple[Call, _Noted] | None = None
        self._functions: deque[tuple[int, _Noted]] = deque(maxlen=_MOST_NOTED)
        self.result: Measurement | None = None

    def noting(self, operation: Operation, recording: Recording) -> Operation:
        """`operation`, which also notes the call whose edge is asked for."""

        def noted(call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
            if self._call is not None or not self._is_now(recording):
                return operation(call, args, kwargs)
            note = _note(call.original, args, kwargs)
            result = operation(call, args, kwargs)
            current = recording.current
            # a custom Function that made an argument may have been seen only now: its edges stand before
            there = self._is_now(recording) and self._edge < len(current.edges)
            if note is not None and there and current.edges[self._edge].target is current.nodes[-1]:
                self._call = call, note
            return result

        return noted

    @contextmanager
    def watching_functions(self) -> Iterator[None]:
        """Notes the calls of custom Functions, which no mode sees, inside."""
        applied = torch.autograd.Function.__dict__["apply"]

        def apply(kind: Any, *args: Any, **kwargs: Any) -> Any:
            note = _note(lambda *a, **k: applied.__get__(None, kind)(*a, **k), args, kwargs)
            result = applied.__get__(None, kind)(*args, **kwargs)
            function = next((f for t in tensors_of(result) if (f := function_of(t)) is not None), None)
            if note is not None and function is not None:
                self._functions.append((key_of(function), note))
            return result

        torch.autograd.Function.apply = classmethod(apply)  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            torch.autograd.Function.apply = applied  # type: ignore[method-assign]

    def measure(self, recording: Recording, walked: Walked) -> None:
        """Called when a backward pass is about to run. Raises Measured when it was the one."""
        current = recording.current
        if self.result is not None or len(current.passes) - 1 != self._wanted.backward_pass:
            return
        if not self._is_now(recording) or self._edge >= len(current.edges):
            return
        try:
            with torch.no_grad():
                self.result = self._measured(current.edges[self._edge], walked)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR].encode("utf-8", "backslashreplace").decode()
            self.result = _without("backward_failed", text)
        raise Measured

    def _is_now(self, recording: Recording) -> bool:
        """Whether this is the iteration, as the snapshot counts them: without those in which nothing was recorded."""
        current = recording.current
        before = sum(1 for iteration in recording.iterations if iteration.nodes and iteration is not current)
        return before == self._wanted.iteration

    def _measured(self, edge: EdgeRecord, walked: Walked) -> Measurement:
        operation = _Operation([(f, o) for f, o in walked if o.owner is edge.target], edge)
        shapes = operation.shapes()
        if not any(shape is not None for shape in shapes):
            return _without("not_reached")
        if operation.is_complex():
            return _without("not_real")
        if sum(shape.numel() for shape in shapes if shape is not None) > MOST_OUTPUTS:
            return _without("too_large")
        backward = {
            (output, index): operation.pulled(output, index, self._wanted.element)
            for output, shape in enumerate(shapes)
            if shape is not None
            for index in range(shape.numel())
        }
        forward, forward_error = self._forward(operation, edge, shapes) or (None, None)
        responses = [
            Response(output=at[0], index=at[1], backward=_real(value), forward=_real_or_none(forward, at))
            for at, value in backward.items()
            if value != 0 or (forward is not None and forward.get(at, 0.0) != 0)
        ]
        outputs = [None if shape is None else list(shape) for shape in shapes]
        return Measurement(
            outputs=outputs,
            calls=len(backward),
            responses=responses,
            forward_error=forward_error,
            shared=operation.is_shared(),
            trouble=None,
            error=None,
        )

    def _forward(
        self, operation: "_Operation", edge: EdgeRecord, shapes: list[torch.Size | None]
    ) -> tuple[dict[tuple[int, int], float], float] | None:
        """How each element of the results moves with the element, by central differences, and how far that may be off.
        Null where the call was not noted or cannot be made again.
        """
        if self._call is not None:
            call, note = self._call

            def place(noted: _Noted) -> torch.Tensor:
                return next(t for name, t in call.arguments(noted.args, noted.kwargs)[0] if name == edge.argument)
        else:
            found = next((n for key, n in reversed(self._functions) if key in operation.keys), None)
            position = operation.argument_position()
            if found is None or position is None:
                return None
            note, at = found, position

            def place(noted: _Noted) -> torch.Tensor:
                argument: torch.Tensor = noted.args[at]
                return argument

        for one, step, error in ((note.widened(), _STEP, _ERROR), (note, _COARSE_STEP, _COARSE_ERROR)):
            try:
                moved = _difference(one, place, self._wanted.element, step)
            except Exception:
                continue
            if all(shape is None or shape == moved[i].shape for i, shape in enumerate(shapes)):
                known = [i for i, shape in enumerate(shapes) if shape is not None]
                return {(i, k): n for i in known for k, n in enumerate(moved[i].reshape(-1).tolist())}, error
        return None


class _Operation:
    """The autograd nodes of one recorded operation, in the order in which backward runs them."""

    def __init__(self, owned: Walked, edge: EdgeRecord) -> None:
        self._owned = sorted(owned, key=lambda pair: -key_of(pair[0]))
        self._edge = edge
        self.keys = {key_of(function) for function, _ in owned}
        self._starts: dict[int, tuple[AutogradFunction, int]] = {
            port[1]: (function, number)
            for function, one in owned
            for number, port in enumerate(one.outputs)
            if port is not None and port[0] is edge.target
        }

    def shapes(self) -> list[torch.Size | None]:
        """Of the results, by number; null for those that no gradient reaches."""
        count = max(self._starts, default=-1) + 1
        return [self._shape(*self._starts[i]) if i in self._starts else None for i in range(count)]

    def is_complex(self) -> bool:
        """Whether a gradient of it is."""
        return any(meta.dtype.is_complex for function, _ in self._owned for meta in function._input_metadata)

    def is_shared(self) -> bool:
        """Whether another recorded node is a result of it too: each result of a custom Function is a node."""
        ports = [port for _, one in self._owned for port in one.outputs if port is not None]
        return any(port[0] is not self._edge.target for port in ports)

    def argument_position(self) -> int | None:
        """Of a custom Function: which of its arguments the edge leads into."""
        for function, one in self._owned:
            needs = getattr(function, "needs_input_grad", None)
            if needs is None or self._edge not in one.slots:
                continue
            learning = [i for i, (following, _) in enumerate(function.next_functions) if following is not None]
            return [i for i, need in enumerate(needs) if need][learning.index(one.slots.index(self._edge))]
        return None

    def pulled(self, output: int, index: int, element: int) -> float:
        """What comes back to the element for a gradient that is 1 at one element of a result and 0 elsewhere."""
        arrived: dict[int, dict[int, torch.Tensor]] = {}
        start, number = self._starts[output]
        seed = _zeros(start._input_metadata[number])
        seed.view(-1)[index] = 1.0
        arrived[key_of(start)] = {number: seed}
        total = 0.0
        for function, one in self._owned:
            gradients = arrived.pop(key_of(function), None)
            if gradients is None:
                continue
            following = zip(function.next_functions, one.slots, _call(function, gradients), strict=False)
            for (after, to), slot, gradient in following:
                if gradient is None or after is None:
                    continue
                gradient = _as_engine_hands_on(gradient, after._input_metadata[to])
                if slot is self._edge:
                    total += float(gradient.reshape(-1)[element])
                elif slot is None and key_of(after) in self.keys:
                    waiting = arrived.setdefault(key_of(after), {})
                    waiting[to] = waiting[to] + gradient if to in waiting else gradient
        return total

    @staticmethod
    def _shape(function: AutogradFunction, number: int) -> torch.Size:
        return torch.Size(function._input_metadata[number].shape)


def _call(function: AutogradFunction, gradients: dict[int, torch.Tensor]) -> list[torch.Tensor | None]:
    """What an autograd node gives for these gradients of its outputs, one for each of its next functions."""
    metadata = function._input_metadata
    if callable(function):
        found = function(*(gradients.get(i) for i in range(len(metadata))))
        return list(found) if isinstance(found, tuple) else [found]
    # a custom Function: the engine hands zeros to it for what it does not know
    given = function.apply(*(gradients[i] if i in gradients else _zeros(meta) for i, meta in enumerate(metadata)))
    found = list(given) if isinstance(given, tuple | list) else [given]
    learning = iter([gradient for gradient, need in zip(found, function.needs_input_grad, strict=False) if need])
    return [next(learning, None) if following is not None else None for following, _ in function.next_functions]


def _as_engine_hands_on(gradient: torch.Tensor, meta: Any) -> torch.Tensor:
    """Summed where the input was broadcast, and in its dtype: that is the engine's work, and not the node's."""
    dense = gradient.to_dense() if gradient.layout is not torch.strided else gradient
    return dense.sum_to_size(tuple(meta.shape)).to(meta.dtype)


def _zeros(meta: Any) -> torch.Tensor:
    return torch.zeros(tuple(meta.shape), dtype=meta.dtype)


def _note(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Noted | None:
    """Null for arguments that are too large, or that cannot be copied."""
    try:
        if sum(t.numel() for t in (*tensors_of(args), *tensors_of(kwargs))) > _LARGEST_NOTED:
            return None
        # unseen: where a custom Function is called, the recorder's mode is on
        with torch.no_grad(), torch._C.DisableTorchFunction():
            return _Noted(func, args, kwargs)
    except Exception:
        return None


def _copied(value: Any, dtype: torch.dtype | None = None) -> Any:
    """The same arguments with copies of their tensors: each a tensor of its own, also where one stood twice."""
    if isinstance(value, torch.Tensor):
        copy = value.detach().clone(memory_format=torch.contiguous_format)
        return copy.to(dtype) if dtype is not None and copy.is_floating_point() else copy
    if type(value) in (list, tuple):
        return type(value)(_copied(item, dtype) for item in value)
    if type(value) is dict:
        return {key: _copied(item, dtype) for key, item in value.items()}
    return value


def _difference(note: _Noted, place: Callable[[_Noted], torch.Tensor], element: int, step: float) -> list[torch.Tensor]:
    here = abs(float(place(note).reshape(-1)[element]))
    width = step * max(1.0, here)
    above, below = (note.results(place, element, sign * width) for sign in (1.0, -1.0))
    return [(a.double() - b.double()) / (2 * width) for a, b in zip(above, below, strict=True)]


def _without(trouble: Trouble, error: str | None = None) -> Measurement:
    return Measurement(
        outputs=[], calls=0, responses=[], forward_error=None, shared=False, trouble=trouble, error=error
    )


def _real(value: float) -> Any:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _real_or_none(found: dict[tuple[int, int], float] | None, at: tuple[int, int]) -> Any:
    return None if found is None else _real(found.get(at, 0.0))
