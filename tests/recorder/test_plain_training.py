"""The order of passes and updates that test_loops compares recordings with."""

import torch

from tests.recorder.oracle import record
from tests.recorder.plain_training import (
    Event,
    TrainingPass,
    TrainingUpdate,
    add_change,
    fingerprint,
    recorded_events,
    train_plainly,
)

BY_HAND = """import torch
w = torch.tensor(3.0, requires_grad=True)
for step in range(2):
    loss = w * 2
    loss.backward()
    with torch.no_grad():
        w -= 0.5 * w.grad
    w.grad = None
"""
CLOSURE = """import torch
w = torch.tensor([1.0, 4.0], requires_grad=True)
optimizer = torch.optim.LBFGS([w], max_iter=2)
def closure():
    optimizer.zero_grad()
    loss = (w ** 4).sum()
    loss.backward()
    return loss
optimizer.step(closure)
"""


def scalar(number: float) -> str:
    return fingerprint(torch.tensor(number))


def test_passes_and_updates_are_told_in_order() -> None:
    expected: list[Event] = [
        TrainingPass(scalar(6.0), [scalar(2.0)]),
        TrainingUpdate([(scalar(3.0), scalar(2.0))]),
        TrainingPass(scalar(4.0), [scalar(2.0)]),
        TrainingUpdate([(scalar(2.0), scalar(1.0))]),
    ]
    assert train_plainly(BY_HAND).events == expected
    assert recorded_events(record(BY_HAND).snapshot) == expected


def test_a_step_that_evaluates_a_closure_is_one_update_after_its_passes() -> None:
    events = train_plainly(CLOSURE).events
    assert [type(event) for event in events] == [TrainingPass, TrainingPass, TrainingUpdate]


def test_the_values_of_a_variable_are_told_by_its_path() -> None:
    source = "import torch\np = {'w': torch.tensor(1.0)}\nfor _ in range(2):\n    p['w'] = p['w'] * 2\n"
    assert train_plainly(source, ("p['w']",)).histories == {"p['w']": [scalar(1.0), scalar(2.0), scalar(4.0)]}


def test_writes_into_one_leaf_are_one_change_and_a_write_of_the_same_bits_is_none() -> None:
    events: list[Event] = []
    add_change(events, "1", "2")
    add_change(events, "2", "3")
    assert events == [TrainingUpdate([("1", "3")])]
    add_change(events, "3", "1")
    add_change(events, "5", "5")
    assert events == []


def test_fingerprints_tell_bits_shapes_and_dtypes_apart() -> None:
    tensors = [
        torch.tensor([0.0, 1.0]),
        torch.tensor([-0.0, 1.0]),
        torch.tensor([[0.0, 1.0]]),
        torch.tensor([0.0, 1.0], dtype=torch.float64),
        torch.tensor([0.0, 1.0 + 2**-23]),
    ]
    assert len(set(map(fingerprint, tensors))) == len(tensors)
    assert fingerprint(tensors[0]) == fingerprint(tensors[0].clone())
