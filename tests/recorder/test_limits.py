"""A limit cuts the recording and never the program, whatever it cuts through."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from gradwalk.config import Settings
from gradwalk.recorder import Limits, Recording, trace
from gradwalk.recorder.records import IterationRecord, NodeRecord, Port, StepSource
from gradwalk.recorder.tensor_capture import as_tensor

LIMITS = {
    "steps": Limits(steps=30),
    "bytes": Limits(bytes=8_000),
    "at_once": Limits(steps=1),
    "in_a_pass": Limits(steps=8),
    "time": Limits(seconds=0.0),
    "text": Limits(text_bytes=60_000),
    "never": Limits(),
}


def train(recorded: bool, limits: Limits | None = None) -> tuple[list[float], list[torch.Tensor], Recording | None]:
    """Losses and parameters of a training run with random numbers, hand-written and optimizer updates."""
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Dropout(0.5), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    extra = torch.randn(1, requires_grad=True)
    optimizer = torch.optim.Adam(model.parameters())
    losses = []

    def loop() -> None:
        for _ in range(10):
            loss = (model(torch.randn(4, 2)) * extra).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                extra.sub_(0.1 * extra.grad if extra.grad is not None else 0)
            extra.grad = None
            losses.append(loss.item())

    recording = None
    if recorded:
        with trace(limits) as recording:
            loop()
    else:
        loop()
    return losses, [*model.parameters(), extra], recording


@pytest.mark.parametrize("name", LIMITS)
def test_past_a_limit_the_program_computes_the_same_bits(name: str) -> None:
    plain_losses, plain, _ = train(recorded=False)
    losses, parameters, recording = train(recorded=True, limits=LIMITS[name])
    assert losses == plain_losses
    assert all(torch.equal(a, b) for a, b in zip(parameters, plain, strict=True))
    assert recording is not None
    snapshot = recording.snapshot()
    assert (snapshot.truncated is None) is (name == "never")
    kept = [float(i.loss) for i in snapshot.iterations if i.loss is not None]
    rest = [] if snapshot.truncated is None else [float(x) for x in snapshot.truncated.losses]
    # none is told twice and none is missing: a pass that was being recorded has its loss in its iteration
    assert kept + rest == pytest.approx(losses)


def test_a_cut_recording_can_be_written_and_says_why() -> None:
    _, _, recording = train(recorded=True, limits=Limits(bytes=2 << 10))
    assert recording is not None
    truncated = recording.snapshot().truncated
    assert truncated is not None
    assert "tensor data" in truncated.reason
    assert truncated.recorded_steps > 0
    _, _, recording = train(recorded=True, limits=Limits(steps=30))
    assert recording is not None
    truncated = recording.snapshot().truncated
    assert truncated is not None
    assert "30 steps" in truncated.reason


def test_a_limit_in_the_middle_of_a_pass_takes_the_hooks_away() -> None:
    x = torch.ones(2, requires_grad=True)
    with trace(Limits(steps=6)) as recording:
        y = x.exp().sin().sum()
        y.backward(retain_graph=True)  # type: ignore[no-untyped-call]
        assert recording.truncated is not None
        y.backward()  # type: ignore[no-untyped-call]
    assert torch.equal(x.grad if x.grad is not None else x, 2 * (x.exp() * x.exp().cos()).detach())


def test_only_so_large_tensors_are_kept_and_written_inside() -> None:
    with trace(Limits(inline_elements=2, stored_elements=4)) as recording:
        small, large, huge = torch.ones(2), torch.ones(4), torch.ones(5)
    assert small.sum() + large.sum() + huge.sum() == 11
    snapshot = recording.snapshot()
    shown = [values[0] for values in snapshot.iterations[0].values.values()]
    assert [t.data for t in shown] == [[1, 1], None, None]
    assert [t.id in snapshot.tensors for t in shown] == [False, True, False]
    assert [t.stats is None for t in shown] == [True, False, False]


def identity_holds(recording: Recording) -> None:
    """Every gradient of every recorded pass is the sum of its contributions and its seed."""
    for iteration in recording.iterations:
        for one in iteration.passes:
            incoming: dict[Port, torch.Tensor] = {}
            parts = [*((edge.source, c) for edge, c in one.contributions.items()), *one.seeds.items()]
            for port, captured in parts:
                part = as_tensor(captured)
                assert part is not None
                incoming[port] = incoming[port] + part if port in incoming else part
            assert incoming.keys() == one.gradients.keys()
            for port, total in incoming.items():
                gradient = as_tensor(one.gradients[port])
                assert gradient is not None
                assert torch.allclose(gradient, total, rtol=1e-5)
            assert {node for node, _, source in iteration_steps(iteration) if source is one} == {
                port[0] for port in one.gradients
            }


def iteration_steps(iteration: IterationRecord) -> list[tuple[NodeRecord, str, StepSource]]:
    return [(node, kind, source) for kind, node, source in iteration.steps]


def layers(x: torch.Tensor, weights: list[torch.Tensor]) -> torch.Tensor:
    for weight in weights:
        x = torch.tanh(x @ weight)
    return x.square().mean()


def several_losses(x: torch.Tensor, weights: list[torch.Tensor]) -> None:
    first, second = layers(x, weights[:3]), layers(x, weights[2:])
    torch.autograd.backward([first, second])


def twice(x: torch.Tensor, weights: list[torch.Tensor]) -> None:
    loss = layers(x, weights)
    loss.backward(retain_graph=True)  # type: ignore[no-untyped-call]
    loss.backward()  # type: ignore[no-untyped-call]


def by_grad(x: torch.Tensor, weights: list[torch.Tensor]) -> None:
    torch.autograd.grad(layers(x, weights), weights)


def once(x: torch.Tensor, weights: list[torch.Tensor]) -> None:
    layers(x, weights).backward()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("kibibytes", [*range(60, 200, 9), 400, 800])
@pytest.mark.parametrize("step", [once, twice, several_losses, by_grad])
def test_a_pass_is_recorded_whole_or_not_at_all(
    step: Callable[[torch.Tensor, list[torch.Tensor]], None], kibibytes: int
) -> None:
    torch.manual_seed(0)
    x = torch.randn(15, 15)
    weights = [torch.randn(15, 15).mul_(0.2).requires_grad_() for _ in range(7)]
    with trace(Limits(bytes=kibibytes << 10)) as recording:
        for _ in range(6):
            for weight in weights:
                weight.grad = None
            step(x, weights)
            x = x + 0.01
    assert recording.truncated is not None or kibibytes > 200
    identity_holds(recording)
    assert recording.snapshot()


@pytest.mark.parametrize("steps", [*range(20, 100, 7)])
def test_a_pass_that_the_limit_of_steps_meets_is_whole_or_not_there(steps: int) -> None:
    torch.manual_seed(0)
    weights = [torch.randn(3, 3).requires_grad_() for _ in range(7)]
    with trace(Limits(steps=steps)) as recording:
        for number in range(6):
            once(torch.full((3, 3), number / 10), weights)
    identity_holds(recording)
    truncated = recording.snapshot().truncated
    assert truncated is not None
    assert truncated.recorded_steps <= 1.5 * steps + 1
    assert sum(len(iteration.passes) for iteration in recording.iterations) + len(truncated.losses) == 6


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("gradwalk.recorder.recording.perf_counter", clock)
    return clock


def test_a_share_of_the_time_that_is_left_at_the_first_step_is_for_recording(clock: Clock) -> None:
    x = torch.ones(2, requires_grad=True)
    with trace(Limits(seconds=5)) as recording:
        clock.now += 1.5  # data are made, and nothing is recorded
        for _ in range(10):
            x.exp().sum().backward()  # type: ignore[no-untyped-call]
            clock.now += 0.4
    snapshot = recording.snapshot()
    assert sum(len(iteration.backward) for iteration in snapshot.iterations) == 4
    assert snapshot.truncated is not None
    assert len(snapshot.truncated.losses) == 6
    assert "5 s" in snapshot.truncated.reason
    assert "GRADWALK_WALL_SECONDS" in snapshot.truncated.reason
    assert x.grad is not None
    assert torch.allclose(x.grad, 10 * x.detach().exp())


def test_a_pass_that_has_begun_in_time_is_recorded_to_its_end(clock: Clock) -> None:
    x = torch.ones(2, requires_grad=True)

    class Slow(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, value: torch.Tensor) -> torch.Tensor:
            return value * 2

        @staticmethod
        def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:
            clock.now += 10
            return gradient * 2

    with trace(Limits(seconds=5)) as recording:
        Slow.apply(x.sin()).sum().backward()  # type: ignore[no-untyped-call]
        x.cos()
    assert recording.truncated is not None
    identity_holds(recording)
    assert len(recording.snapshot().iterations) == 1


def test_a_program_without_a_limit_of_time_is_never_cut_by_it(clock: Clock) -> None:
    with trace() as recording:
        for _ in range(3):
            torch.ones(2).sin()
            clock.now += 1e6
    assert recording.truncated is None


SETTINGS = {
    "steps": (Limits(steps=30), "30 steps", "GRADWALK_RECORDED_STEPS"),
    "bytes": (Limits(bytes=8_000), "tensor data", "GRADWALK_RECORDED_MIB"),
    "time": (Limits(seconds=0.0), "that a program may run", "GRADWALK_WALL_SECONDS"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_cut_recording_says_how_much_is_there_and_how_to_see_more(name: str) -> None:
    limits, cause, setting = SETTINGS[name]
    _, _, recording = train(recorded=True, limits=limits)
    assert recording is not None
    snapshot = recording.snapshot()
    assert snapshot.truncated is not None
    count = len(snapshot.iterations)
    assert f"in {count} iteration" in snapshot.truncated.reason
    assert cause in snapshot.truncated.reason
    assert setting.removeprefix("GRADWALK_").lower() in Settings.model_fields
    assert f"raise {setting}" in snapshot.truncated.reason
