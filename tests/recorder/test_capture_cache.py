"""A tensor that is captured already is the same capture in every role, and its bytes count once."""

from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest
import torch

from gradwalk.recorder import Limits, Recording, trace
from gradwalk.recorder.records import UpdateRecord
from gradwalk.recorder.tensor_capture import CaptureCache, Captured

LIMITS = Limits(inline_elements=8, stored_elements=5000)

SIZES = {"inline": (2, 3), "large": (40, 40), "summarized": (80, 80)}


@pytest.mark.parametrize("size", SIZES)
def test_an_unchanged_tensor_is_the_same_capture(size: str) -> None:
    cache = CaptureCache(LIMITS)
    tensor = torch.rand(SIZES[size])
    first = cache.capture(tensor)
    counted = cache.bytes
    assert cache.capture(tensor) is first
    assert cache.capture(tensor.detach()) is first
    assert cache.capture(tensor.view(SIZES[size])) is first
    assert cache.bytes == counted


WRITES: dict[str, Callable[[torch.Tensor], object]] = {
    "in_place": lambda x: x.add_(1),
    "past_the_version": lambda x: x.data.add_(1),
    "through_numpy": lambda x: np.copyto(x.numpy(), 7),
    "one_element": lambda x: x.view(-1)[-1:].zero_(),
    "sign_of_zero": lambda x: x.view(-1)[:1].fill_(-0.0),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("size", SIZES)
def test_a_written_tensor_is_another_capture(size: str, write: str) -> None:
    cache = CaptureCache(LIMITS)
    tensor = torch.ones(SIZES[size])
    tensor.view(-1)[0] = 0.0
    first = cache.capture(tensor)
    WRITES[write](tensor)
    assert cache.capture(tensor) is not first


def test_another_shape_or_type_of_the_same_memory_is_another_capture_of_the_same_bytes() -> None:
    cache = CaptureCache(LIMITS)
    tensor = torch.rand(40, 40)
    first = cache.capture(tensor)
    counted = cache.bytes
    flat, whole = cache.capture(tensor.view(-1)), cache.capture(tensor.view(torch.int32))
    assert type(first) is type(flat) is type(whole) is tuple
    assert first[2] is flat[2] is whole[2]
    assert (flat[0], whole[1]) == ((1600,), torch.int32)
    assert cache.bytes < counted + 1000


def test_a_transposed_tensor_is_the_same_capture_again() -> None:
    cache = CaptureCache(LIMITS)
    tensor = torch.rand(40, 30).T
    assert cache.capture(tensor) is cache.capture(tensor)
    large = torch.rand(80, 90).T
    assert cache.capture(large) is cache.capture(large)


def test_captures_do_not_depend_on_where_tensors_lie() -> None:
    for size in SIZES.values():
        cache = CaptureCache(LIMITS)
        first, other = torch.rand(size), torch.rand(size)
        again = first.clone()
        captured = cache.capture(first)
        assert cache.capture(other) is not captured
        assert cache.capture(again) is captured


def test_a_whole_data_set_is_looked_at_once() -> None:
    cache = CaptureCache(LIMITS)
    data = torch.rand(600, 600)
    first = cache.capture(data)
    assert cache.capture(data) is first
    data[3, 4] = 7
    assert cache.capture(data) is not first
    parameter = torch.rand(600, 600, requires_grad=True)
    before = cache.capture(parameter)
    assert cache.capture(parameter) is before
    parameter.data[3, 4] = 7
    assert cache.capture(parameter) is not before


def test_near_the_limit_of_bytes_only_small_tensors_keep_their_numbers() -> None:
    limits = Limits(bytes=100_000, inline_elements=8)
    with trace(limits) as recording:
        x, w = torch.rand(50, 50), torch.rand(50, 50, requires_grad=True)
        for _ in range(20):
            w.grad = None
            (x @ w).sum().backward()  # type: ignore[no-untyped-call]
            w.data -= 0.1 * w.grad if w.grad is not None else 0
    assert recording.truncated is None
    snapshot = recording.snapshot()
    kept = [{"w": i.updates[0].after.id in snapshot.tensors, "loss": i.loss is not None} for i in snapshot.iterations]
    assert len(kept) == 20
    assert kept[0] == {"w": True, "loss": True}
    assert kept[-1] == {"w": False, "loss": True}
    assert all(i.updates[0].after.stats is not None for i in snapshot.iterations)
    assert len(snapshot.tensors) * 10_000 <= 100_000


def record(step: Callable[[torch.Tensor], None], shape: tuple[int, ...]) -> Recording:
    torch.manual_seed(0)
    w = torch.rand(shape, requires_grad=True)
    with trace(LIMITS) as recording:
        for _ in range(3):
            w.grad = None
            (w * w).sum().backward()  # type: ignore[no-untyped-call]
            step(w)
    return recording


def by_data(w: torch.Tensor) -> None:
    assert w.grad is not None
    w.data -= 0.1 * w.grad


def without_grad(w: torch.Tensor) -> None:
    assert w.grad is not None
    with torch.no_grad():
        w -= 0.1 * w.grad


def by_sgd(w: torch.Tensor) -> None:
    torch.optim.SGD([w], lr=0.1).step()


def by_adam(w: torch.Tensor) -> None:
    torch.optim.Adam([w], lr=0.1).step()


@pytest.mark.parametrize("step", [by_data, without_grad, by_sgd, by_adam])
@pytest.mark.parametrize("size", SIZES)
def test_every_role_of_a_parameter_and_of_its_gradient_is_one_capture(
    size: str, step: Callable[[torch.Tensor], None]
) -> None:
    recording = record(step, SIZES[size])
    iterations = [iteration for iteration in recording.iterations if iteration.nodes]
    assert len(iterations) == 3
    before: Captured | None = None
    for iteration in iterations:
        (w,) = (node for node in iteration.nodes if node.kind == "parameter")
        (one,), (update,) = iteration.passes, iteration.updates
        assert w.values[0] is update.before
        assert before is None or update.before is before
        assert update.after is not update.before
        assert one.gradients[w, 0] is one.accumulated[w] is update.gradient
        before = update.after


def test_the_bytes_of_all_roles_count_once() -> None:
    limits = Limits(bytes=1_500_000)
    w = torch.rand(250, 250, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    with trace(limits) as recording:
        # the value, its square, the gradients of both, and the value after the step
        w.square().sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert recording.truncated is None
    captured = {id(c): c for c in chain.from_iterable(_all_captured(recording))}
    assert sum(len(c[2]) for c in captured.values() if type(c) is tuple and c[0] == (250, 250)) == 5 * 250_000


def _all_captured(recording: Recording) -> list[list[Captured]]:
    found: list[list[Captured]] = []
    for iteration in recording.iterations:
        for node in iteration.nodes:
            found.append(list(node.values))
        for one in iteration.passes:
            found.append([*one.gradients.values(), *one.contributions.values(), *one.accumulated.values()])
        for update in iteration.updates:
            found.append(_of_update(update))
    return found


def _of_update(update: UpdateRecord) -> list[Captured]:
    return [c for c in (update.before, update.after, update.gradient) if c is not None]


def test_small_numbers_that_are_written_for_each_role_are_limited_as_text() -> None:
    x = torch.ones(1000, requires_grad=True)
    with trace(Limits(text_bytes=40_000)) as recording:
        for _ in range(20):
            x.sum()
            x.detach().requires_grad_()
        torch.stack([torch.ones(1000)] * 5)
    assert recording.truncated is not None


def test_a_snapshot_has_one_id_for_the_value_after_an_update_and_the_one_before_the_next() -> None:
    snapshot = record(by_sgd, (40, 40)).snapshot()
    for earlier, later in zip(snapshot.iterations, snapshot.iterations[1:], strict=False):
        assert earlier.updates[0].after.id == later.updates[0].before.id
    ids = {u.after.id for i in snapshot.iterations for u in i.updates}
    assert ids <= set(snapshot.tensors)
