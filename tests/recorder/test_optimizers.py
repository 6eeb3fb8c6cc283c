"""Every optimizer of torch.optim: what each step did to each parameter, and the state it did it with."""

from typing import Any

import pytest
import torch

from gradwalk.contract.snapshot import Snapshot, Tensor, Update
from tests.recorder.oracle import numbers, record, run_plainly, same_bits

OPTIMIZERS = [
    name
    for name, value in vars(torch.optim).items()
    if isinstance(value, type) and issubclass(value, torch.optim.Optimizer) and value is not torch.optim.Optimizer
]

SETTINGS = {
    "SGD": "lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01",
    "RMSprop": "lr=0.01, centered=True, momentum=0.5",
    "Adam": "lr=0.1, amsgrad=True",
    "LBFGS": "lr=0.5, max_iter=3",
}

PROGRAM = """import torch
torch.manual_seed(0)
w = torch.randn(3, 2, requires_grad=True)
b = torch.zeros(2, requires_grad=True)
x = torch.randn(4, 3)
optimizer = torch.optim.{name}([{parameters}], {settings})
history = []
def closure():
    optimizer.zero_grad()
    loss = {loss}
    loss.backward()
    return loss
for step in range(3):
    {step}
"""

PROBED = """    before = w.detach().clone()
    {step}
    state = {{k: v.clone() if isinstance(v, torch.Tensor) else v for k, v in optimizer.state[w].items()}}
    history.append((before, w.grad.clone(), w.detach().clone(), state))
"""
"""What the plain run does in the place of its step, to note what the recording must show."""


def program(name: str, probed: bool) -> str:
    sparse = name == "SparseAdam"
    source = PROGRAM.replace("    {step}\n", PROBED) if probed else PROGRAM
    return source.format(
        name=name,
        parameters="w, b" if name not in ("Muon", "SparseAdam") else "w",
        settings=SETTINGS.get(name, "lr=0.1"),
        loss=f"torch.nn.functional.embedding(torch.tensor([0, 2]), w, sparse={sparse}).square().sum()"
        if sparse
        else "((x @ w + b - 1) ** 2).mean()",
        step="optimizer.step(closure)" if name == "LBFGS" else "closure(); optimizer.step()",
    )


def updates_of(snapshot: Snapshot, name: str) -> list[Update]:
    found = []
    for iteration in snapshot.iterations:
        names = {n.id: n.name for n in snapshot.graphs[iteration.graph].nodes}
        found += [update for update in iteration.updates if names[update.node] == name]
    return found


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_step_is_an_update(name: str) -> None:
    recorded, plain = record(program(name, probed=False)), run_plainly(program(name, probed=True))
    assert recorded.snapshot.outcome.error is None
    for variable in ("w", "b"):
        assert same_bits(recorded.variables[variable], plain.variables[variable])
    updates = updates_of(recorded.snapshot, "w")
    assert [update.optimizer for update in updates] == [name] * 3
    for update, (before, gradient, after, _) in zip(updates, plain.variables["history"], strict=True):
        assert same_bits(numbers(update.before, recorded.snapshot), before)
        assert same_bits(numbers(update.after, recorded.snapshot), after)
        assert update.gradient is not None
        if name != "LBFGS":  # its step asks for gradients itself, several times
            assert same_bits(numbers(update.gradient, recorded.snapshot), gradient.to_dense())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_update_tells_the_state_and_the_settings_that_made_it(name: str) -> None:
    recorded, plain = record(program(name, probed=False)), run_plainly(program(name, probed=True))
    group: dict[str, Any] = plain.variables["optimizer"].param_groups[0]
    updates = updates_of(recorded.snapshot, "w")
    assert updates
    for update, (_, _, _, state) in zip(updates, plain.variables["history"], strict=True):
        assert update.settings["lr"] == group["lr"]
        shown: dict[str, Any] = {key: update.state.get(key) for key in state}
        for key, value in state.items():
            if isinstance(value, torch.Tensor):
                assert isinstance(shown[key], Tensor), key
                assert shown[key].data == pytest.approx(value.flatten().tolist(), rel=1e-6), key
            elif isinstance(value, int | float):
                assert shown[key] == value, key
