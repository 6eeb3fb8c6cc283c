"""The probe that measures a local derivative: it calls the autograd nodes of one operation on basis vectors.

It works in a run of its own, which ends there, so that what the calls print, count or change has no effect.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch import get_rng_state, no_grad, set_rng_state, zeros

from gradwalk.contract.measurement import MOST_OUTPUTS, Measurement, Response, Trouble, Wanted
from gradwalk.recorder.autograd_structure import AutogradFunction, Ownership, grad_fn_of, key_of
from gradwalk.recorder.calls import TorchFunction, tensors_of
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import EdgeRecord

_MOST_RECORDED_CALLS: Final = 1000
_LARGEST_RECORDED_CALL: Final = 1 << 16
"""The most calls of custom Functions that are kept, and the most elements in the tensors of one."""
_MOST_SEEN_LATE: Final = 16
_LONGEST_ERROR: Final = 500
_STEP, _ERROR = 1e-6, 1e-5
_COARSE_STEP, _COARSE_ERROR = 5e-3, 2e-2
"""The step by which an element is moved, relative to numbers around 1, and the possible error of the slope: in float64,
and in coarser dtypes.
"""

RecordOperation = Callable[[TorchFunction, Any, dict[str, Any]], Any]
OwnedNodes = list[tuple[AutogradFunction, Ownership]]


ArgumentOf = Callable[["_RecordedCall"], torch.Tensor]
"""A function that returns the argument of a recorded call whose element is moved."""


class MeasurementDone(BaseException):
    """The signal that the program has run as far as it was needed. It is no Exception, which a program may catch."""


@dataclass(frozen=True)
class _RecordedCall:
    """A call that can be repeated: its function, copies of its arguments, and the random state at that time."""

    func: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    random_state: torch.Tensor

    def results_moved(self, argument_of: ArgumentOf, element: int, step: float) -> list[torch.Tensor]:
        """Return the results of the call when one element of an argument is moved by `step`."""
        repeated = self.copy()
        argument_of(repeated).view(-1)[element] += step
        set_rng_state(self.random_state)
        with no_grad():
            results = tensors_of(self.func(*repeated.args, **repeated.kwargs))
            return [result.detach().clone() for result in results]

    def copy(self, dtype: torch.dtype | None = None) -> "_RecordedCall":
        """Return the same call with copied arguments; floating-point tensors are cast to `dtype` if it is given."""
        return replace(self, args=_copy_arguments(self.args, dtype), kwargs=_copy_arguments(self.kwargs, dtype))


class JacobianProbe:
    """The measurement of one local derivative. `result` is null until the program has come to its place."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._call: tuple[TorchFunction, _RecordedCall] | None = None
        self._functions: deque[tuple[int, _RecordedCall]] = deque(maxlen=_MOST_RECORDED_CALLS)
        self.result: Measurement | None = None

    def recording_calls(self, operation: RecordOperation, recording: Recording) -> RecordOperation:
        """Wrap `operation` so that it also records the call whose edge is asked for."""

        def recorded_call(call: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
            # custom Functions that made the arguments may be seen only during the call, and come first
            if self._call is not None or not 0 <= self._wanted.operation - recording.steps <= _MOST_SEEN_LATE:
                return operation(call, args, kwargs)
            recorded = _record_call(call.original, args, kwargs)
            result = operation(call, args, kwargs)
            nodes = recording.current.nodes
            if recorded is not None and nodes and nodes[-1].number == self._wanted.operation:
                self._call = call, recorded
            return result

        return recorded_call

    @contextmanager
    def recording_custom_functions(self) -> Iterator[None]:
        """Record the calls of custom Functions inside the block, because no mode sees them."""
        applied = torch.autograd.Function.__dict__["apply"]

        def apply(function_class: Any, *args: Any, **kwargs: Any) -> Any:
            recorded = _record_call(lambda *a, **k: applied.__get__(None, function_class)(*a, **k), args, kwargs)
            result = applied.__get__(None, function_class)(*args, **kwargs)
            function = next((f for t in tensors_of(result) if (f := grad_fn_of(t)) is not None), None)
            if recorded is not None and function is not None:
                self._functions.append((key_of(function), recorded))
            return result

        torch.autograd.Function.apply = classmethod(apply)  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            torch.autograd.Function.apply = applied  # type: ignore[method-assign]

    def measure(self, recording: Recording, owned_nodes: OwnedNodes) -> None:
        """Measure the derivative if the pass that is about to run is the one asked for; raise MeasurementDone then."""
        if self.result is not None or recording.passes - 1 != self._wanted.backward_pass:
            return
        edges = (edge for segment in recording.segments for edge in segment.edges)
        into = [edge for edge in edges if edge.target.number == self._wanted.operation]
        if self._wanted.edge >= len(into):
            return
        try:
            with no_grad():
                self.result = self._measure_edge(into[self._wanted.edge], owned_nodes)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR].encode("utf-8", "backslashreplace").decode()
            self.result = _not_measured("backward_failed", text)
        raise MeasurementDone

    def _measure_edge(self, edge: EdgeRecord, owned_nodes: OwnedNodes) -> Measurement:
        operation = _OperationBackward([(f, o) for f, o in owned_nodes if o.owner is edge.target], edge)
        shapes = operation.shapes()
        if not any(shape is not None for shape in shapes):
            return _not_measured("not_reached")
        if operation.is_complex():
            return _not_measured("not_real")
        if sum(shape.numel() for shape in shapes if shape is not None) > MOST_OUTPUTS:
            return _not_measured("too_large")
        backward = {
            (output, index): operation.derivative(output, index, self._wanted.element)
            for output, shape in enumerate(shapes)
            if shape is not None
            for index in range(shape.numel())
        }
        forward, forward_error = self._forward(operation, edge, shapes) or (None, None)
        responses = [
            Response(output=at[0], index=at[1], backward=_json_number(value), forward=_json_number_or_none(forward, at))
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
        self, operation: "_OperationBackward", edge: EdgeRecord, shapes: list[torch.Size | None]
    ) -> tuple[dict[tuple[int, int], float], float] | None:
        """Return how each element of the results moves with the element, by central differences, and the error that
        these may have.

        Null where the call was not recorded or cannot be repeated.
        """
        if self._call is not None:
            call, recorded = self._call

            def argument_of(recorded_call: _RecordedCall) -> torch.Tensor:
                return next(
                    t
                    for name, t in call.arguments(recorded_call.args, recorded_call.kwargs)[0]
                    if name == edge.argument
                )
        else:
            found = next((n for key, n in reversed(self._functions) if key in operation.keys), None)
            position = operation.argument_position()
            if found is None or position is None:
                return None
            recorded, at = found, position

            def argument_of(recorded_call: _RecordedCall) -> torch.Tensor:
                argument: torch.Tensor = recorded_call.args[at]
                return argument

        for one, step, error in (
            (recorded.copy(torch.float64), _STEP, _ERROR),
            (recorded, _COARSE_STEP, _COARSE_ERROR),
        ):
            try:
                differences = _central_difference(one, argument_of, self._wanted.element, step)
            except Exception:
                continue
            if all(shape is None or shape == differences[i].shape for i, shape in enumerate(shapes)):
                known = [i for i, shape in enumerate(shapes) if shape is not None]
                return {(i, k): n for i in known for k, n in enumerate(differences[i].reshape(-1).tolist())}, error
        return None


class _OperationBackward:
    """The autograd nodes of one recorded operation, in the order in which backward runs them."""

    def __init__(self, owned: OwnedNodes, edge: EdgeRecord) -> None:
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
        """Return the shapes of the results by number, null for those that no gradient reaches."""
        count = max(self._starts, default=-1) + 1
        return [self._shape(*self._starts[i]) if i in self._starts else None for i in range(count)]

    def is_complex(self) -> bool:
        """Return whether any of its gradients is complex."""
        return any(meta.dtype.is_complex for function, _ in self._owned for meta in function._input_metadata)

    def is_shared(self) -> bool:
        """Return whether another recorded node is a result of it too: each result of a custom Function is a node."""
        ports = [port for _, one in self._owned for port in one.outputs if port is not None]
        return any(port[0] is not self._edge.target for port in ports)

    def argument_position(self) -> int | None:
        """Return which argument of a custom Function the edge leads into; null for other operations."""
        for function, one in self._owned:
            needs = getattr(function, "needs_input_grad", None)
            if needs is None or self._edge not in one.slots:
                continue
            differentiable = [i for i, (following, _) in enumerate(function.next_functions) if following is not None]
            return [i for i, need in enumerate(needs) if need][differentiable.index(one.slots.index(self._edge))]
        return None

    def derivative(self, output: int, index: int, element: int) -> float:
        """Return what comes back to the element for a gradient that is 1 at one element of a result and 0 elsewhere."""
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
    """Return what an autograd node computes for these gradients of its outputs, one value for each of its next
    functions.
    """
    metadata = function._input_metadata
    if callable(function):
        found = function(*(gradients.get(i) for i in range(len(metadata))))
        return list(found) if isinstance(found, tuple) else [found]
    # a custom Function: the engine passes zeros to it for gradients that do not exist
    given = function.apply(*(gradients[i] if i in gradients else _zeros(meta) for i, meta in enumerate(metadata)))
    found = list(given) if isinstance(given, tuple | list) else [given]
    differentiable = iter([gradient for gradient, need in zip(found, function.needs_input_grad, strict=False) if need])
    return [next(differentiable, None) if following is not None else None for following, _ in function.next_functions]


def _as_engine_hands_on(gradient: torch.Tensor, meta: Any) -> torch.Tensor:
    """Sum the gradient where the input was broadcast, and cast it to the input's dtype: the engine does so, not the
    node.
    """
    dense = gradient.to_dense() if gradient.layout is not torch.strided else gradient
    return dense.sum_to_size(tuple(meta.shape)).to(meta.dtype)


def _zeros(meta: Any) -> torch.Tensor:
    return zeros(tuple(meta.shape), dtype=meta.dtype, device="cpu")


def _record_call(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _RecordedCall | None:
    """Copy a call so that it can be repeated. Null for arguments that are too large, or that cannot be copied."""
    try:
        if sum(t.numel() for t in (*tensors_of(args), *tensors_of(kwargs))) > _LARGEST_RECORDED_CALL:
            return None
        # without the recorder's mode, which is on where a custom Function is called
        with no_grad(), torch._C.DisableTorchFunction():
            return _RecordedCall(func, _copy_arguments(args), _copy_arguments(kwargs), get_rng_state())
    except Exception:
        return None


def _copy_arguments(value: Any, dtype: torch.dtype | None = None) -> Any:
    """Return the same arguments with copies of their tensors, each a tensor of its own even where one tensor was given
    twice.
    """
    if isinstance(value, torch.Tensor):
        copy = value.detach().clone(memory_format=torch.contiguous_format)
        return copy.to(dtype) if dtype is not None and copy.is_floating_point() else copy
    if type(value) in (list, tuple):
        return type(value)(_copy_arguments(item, dtype) for item in value)
    if type(value) is dict:
        return {key: _copy_arguments(item, dtype) for key, item in value.items()}
    return value


def _central_difference(
    recorded: _RecordedCall, argument_of: ArgumentOf, element: int, step: float
) -> list[torch.Tensor]:
    here = abs(float(argument_of(recorded).reshape(-1)[element]))
    width = step * max(1.0, here)
    above, below = (recorded.results_moved(argument_of, element, sign * width) for sign in (1.0, -1.0))
    return [(a.double() - b.double()) / (2 * width) for a, b in zip(above, below, strict=True)]


def _not_measured(trouble: Trouble, error: str | None = None) -> Measurement:
    return Measurement(
        outputs=[], calls=0, responses=[], forward_error=None, shared=False, trouble=trouble, error=error
    )


def _json_number(value: float) -> Any:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _json_number_or_none(found: dict[tuple[int, int], float] | None, at: tuple[int, int]) -> Any:
    return None if found is None else _json_number(found.get(at, 0.0))
