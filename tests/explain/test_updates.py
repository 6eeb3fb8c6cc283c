"""The lines of an update against plain PyTorch: what the optimizer remembered, and what clipping made of a gradient."""

import pytest
import torch

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.explain import latex_numbers
from gradwalk.explain.explanation import UpdateExplanation
from gradwalk.explain.update_explanation import explain_update
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program

PROGRAM = """
import torch
w = torch.tensor([0.5, -1.5], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.OPTIMIZER
for step in range(4):
    optimizer.zero_grad()
    loss = ((w * torch.tensor([1.0, 2.0]) - step) ** 2).sum()
    loss.backward()
    CHANGE
    optimizer.step()
"""
STATES = {"v": "momentum_buffer", "m": "exp_avg", "s": "exp_avg_sq"}
OPTIMIZERS = [
    ("SGD([w], lr=0.1, momentum=0.9)", STATES),
    ("SGD([w], lr=0.1, momentum=0.9, dampening=0.5, weight_decay=0.1)", STATES),
    ("Adam([w], lr=0.1)", STATES),
    ("Adam([w], lr=0.1, weight_decay=0.2)", STATES),
    ("AdamW([w], lr=0.1, amsgrad=True)", STATES),
    ("RMSprop([w], lr=0.1)", {"s": "square_avg"}),
    ("Adagrad([w], lr=0.1)", {"s": "sum"}),
]


def recorded(optimizer: str, change: str = "pass") -> Snapshot:
    source = PROGRAM.replace("OPTIMIZER", optimizer).replace("CHANGE", change)
    return run_program(Program(source=source), Limits()).snapshot()


def told(snapshot: Snapshot, number: int) -> UpdateExplanation:
    body = snapshot.iterations[number]
    return explain_update(IndexedIteration.of(snapshot.graphs[body.graph], body), body.updates[0].node, element=[0])


def plain(optimizer: str, steps: int) -> dict[str, float]:
    """Return the optimizer's state after some steps of the program without the recorder."""
    source = PROGRAM.replace("OPTIMIZER", optimizer).replace("CHANGE", "pass").replace("range(4)", f"range({steps})")
    names: dict[str, object] = {}
    exec(source, names)
    state = names["optimizer"].state[names["w"]]  # type: ignore[attr-defined]
    return {key: float(value.reshape(-1)[0]) for key, value in state.items() if isinstance(value, torch.Tensor)}


@pytest.mark.parametrize(("optimizer", "states"), OPTIMIZERS)
def test_what_it_remembers_is_computed_from_what_it_remembered(optimizer: str, states: dict[str, str]) -> None:
    page, before, after = told(recorded(optimizer), 3), plain(optimizer, 3), plain(optimizer, 4)
    lines = {line.symbol: line for line in page.remembered if line.symbol in states and states[line.symbol] in after}
    assert lines
    for symbol, line in lines.items():
        key = states[symbol]
        assert float(line.value) == pytest.approx(after[key], rel=1e-12)
        assert latex_numbers.factor(before[key]) in line.numbers
    assert page.agrees


def test_adam_is_corrected_for_its_start() -> None:
    page, state = told(recorded("Adam([w], lr=0.1)"), 2), plain("Adam([w], lr=0.1)", 3)
    hats = {line.symbol: float(line.value) for line in page.remembered if "hat" in line.symbol}
    assert hats[r"\hat{m}"] == pytest.approx(state["exp_avg"] / (1 - 0.9**3))
    assert hats[r"\hat{s}"] == pytest.approx(state["exp_avg_sq"] / (1 - 0.999**3))


def test_the_first_step_has_nothing_before() -> None:
    adam, momentum = told(recorded("Adam([w], lr=0.1)"), 0), told(recorded("SGD([w], lr=0.1, momentum=0.9)"), 0)
    assert adam.remembered[0].numbers.startswith(r"0.9 \cdot 0 + ")
    assert momentum.remembered[0].formula == "g"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("torch.nn.utils.clip_grad_norm_([w], 0.5)", "as clipping to a norm does"),
        ("torch.nn.utils.clip_grad_value_([w], 0.5)", "as clipping to a value does"),
    ],
)
def test_clipping_is_told_with_the_gradient_before_and_after(change: str, words: str) -> None:
    w = torch.tensor([0.5, -1.5], dtype=torch.float64, requires_grad=True)
    torch.autograd.backward((w * torch.tensor([1.0, 2.0])).square().sum())
    assert w.grad is not None
    before = float(w.grad[0])
    exec(change, {"torch": torch, "w": w})
    page = told(recorded("SGD([w], lr=0.1)", change), 0)
    assert page.changed is not None
    assert (float(page.changed.before), float(page.changed.after)) == pytest.approx((before, float(w.grad[0])))
    assert words in page.changed.meaning
    assert page.stages.local.endswith(latex_numbers.latex(before))


def test_a_gradient_that_is_left_alone_is_not_told_to_be_changed() -> None:
    assert told(recorded("SGD([w], lr=0.1)"), 1).changed is None
