"""A limit cuts the recording and never the program, whatever it cuts through."""

import pytest
import torch

from gradwalk.recorder import Limits, Recording, trace

LIMITS = {
    "steps": Limits(steps=30),
    "bytes": Limits(bytes=8_000),
    "at_once": Limits(steps=1),
    "in_a_pass": Limits(steps=8),
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
