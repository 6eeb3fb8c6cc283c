"""The lines of an update against plain PyTorch: what the optimizer remembered, and what clipping made of a gradient."""

from typing import Any

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
for step in range(STEPS):
    optimizer.zero_grad()
    loss = ((w * torch.tensor([1.0, 2.0]) - step) ** 2).sum()
    loss.backward()
    CHANGE
    optimizer.step()
"""
STATES = {"v": "momentum_buffer", "m": "exp_avg", "s": "exp_avg_sq"}
SQUARES = {"s": "square_avg", r"\bar{g}": "grad_avg", "v": "momentum_buffer", "d": "acc_delta"}
OPTIMIZERS = [
    ("SGD([w], lr=0.1, momentum=0.9)", STATES),
    ("SGD([w], lr=0.1, momentum=0.9, dampening=0.5, weight_decay=0.1)", STATES),
    ("Adam([w], lr=0.1)", STATES),
    ("Adam([w], lr=0.1, weight_decay=0.2)", STATES),
    ("AdamW([w], lr=0.1, amsgrad=True)", STATES),
    ("SGD([w], lr=0.1, momentum=0.9, nesterov=True)", STATES),
    ("RMSprop([w], lr=0.1)", SQUARES),
    ("RMSprop([w], lr=0.1, centered=True, momentum=0.9)", SQUARES),
    ("RMSprop([w], lr=0.1, momentum=0.9, weight_decay=0.1)", SQUARES),
    ("Adagrad([w], lr=0.1)", {"s": "sum"}),
    ("Adadelta([w], lr=0.5)", SQUARES),
    ("Adadelta([w], lr=0.5, weight_decay=0.1)", SQUARES),
    ("Adamax([w], lr=0.1)", STATES),
    ("NAdam([w], lr=0.1)", STATES),
    ("NAdam([w], lr=0.1, weight_decay=0.1)", STATES),
    ("NAdam([w], lr=0.1, weight_decay=0.1, decoupled_weight_decay=True)", STATES),
    ("RAdam([w], lr=0.1)", STATES),
    ("RAdam([w], lr=0.1, weight_decay=0.1, decoupled_weight_decay=True)", STATES),
]


def recorded(optimizer: str, change: str = "pass") -> Snapshot:
    source = PROGRAM.replace("OPTIMIZER", optimizer).replace("CHANGE", change).replace("STEPS", "8")
    return run_program(Program(source=source), Limits()).snapshot()


def told(snapshot: Snapshot, number: int) -> UpdateExplanation:
    body = snapshot.iterations[number]
    return explain_update(IndexedIteration.of(snapshot.graphs[body.graph], body), body.updates[0].node, element=[0])


def plain(optimizer: str, steps: int) -> dict[str, float]:
    """Return the optimizer's state after some steps of the program without the recorder."""
    source = PROGRAM.replace("OPTIMIZER", optimizer).replace("CHANGE", "pass").replace("STEPS", str(steps))
    names: dict[str, object] = {}
    exec(source, names)
    state = names["optimizer"].state[names["w"]]  # type: ignore[attr-defined]
    return {key: float(value.reshape(-1)[0]) for key, value in state.items() if isinstance(value, torch.Tensor)}


@pytest.mark.parametrize(("optimizer", "states"), OPTIMIZERS)
def test_what_it_remembers_is_computed_from_what_it_remembered(optimizer: str, states: dict[str, str]) -> None:
    page, before, after = told(recorded(optimizer), 6), plain(optimizer, 6), plain(optimizer, 7)
    lines = {line.symbol: line for line in page.remembered if line.symbol in states and states[line.symbol] in after}
    assert lines
    for symbol, line in lines.items():
        key = states[symbol]
        assert float(line.value) == pytest.approx(after[key], rel=1e-12)
        assert latex_numbers.factor(before[key]) in line.numbers
    assert page.agrees


@pytest.mark.parametrize(
    "optimizer",
    [
        *(optimizer for optimizer, _ in OPTIMIZERS),
        *(f"{name}([w], lr=0.1, maximize=True)" for name in ("SGD", "Adam", "Adadelta", "Adamax", "NAdam", "RAdam")),
        "Rprop([w], lr=0.1)", "Rprop([w], lr=0.1, maximize=True)", "ASGD([w], lr=0.1, lambd=0.01, weight_decay=0.1)",
        "ASGD([w], lr=0.1)",
    ],
)  # fmt: skip
def test_every_step_is_what_plain_pytorch_makes(optimizer: str) -> None:
    snapshot = recorded(optimizer)
    pages = [told(snapshot, number) for number in range(8)]
    assert [page.kind for page in pages] == ["hand-written"] * 8
    assert [float(str(page.computed)) for page in pages] == pytest.approx(
        [weight(optimizer, number) for number in range(1, 9)], rel=1e-9
    )


def weight(optimizer: str, steps: int) -> float:
    """Return the number that is explained after some steps of the program without the recorder."""
    names: dict[str, Any] = {}
    exec(PROGRAM.replace("OPTIMIZER", optimizer).replace("CHANGE", "pass").replace("STEPS", str(steps)), names)
    return float(names["w"].detach()[0])


EMBEDDED = """
import torch
torch.manual_seed(0)
table = torch.nn.Embedding(3, 1, sparse=True)
optimizer = torch.optim.SparseAdam(table.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    table(torch.tensor([0, 2])).square().sum().backward()
    optimizer.step()
"""


@pytest.mark.parametrize(("row", "words"), [(0, "step size of its own"), (1, "was not looked up")])
def test_a_sparse_step_moves_the_rows_that_were_looked_up(row: int, words: str) -> None:
    snapshot = run_program(Program(source=EMBEDDED), Limits()).snapshot()
    body = snapshot.iterations[2]
    iteration = IndexedIteration.of(snapshot.graphs[body.graph], body)
    page = explain_update(iteration, body.updates[0].node, element=[row, 0])
    assert page.agrees
    assert words in page.meaning


CLOSED = """
import torch
torch.manual_seed(0)
w = torch.nn.Parameter(torch.randn(3, 2))
optimizer = torch.optim.OPTIMIZER
def closure():
    optimizer.zero_grad()
    loss = (w - 1).square().sum()
    loss.backward()
    return loss
for step in range(2):
    optimizer.step(closure)
"""


def closed(optimizer: str) -> UpdateExplanation:
    """Return the page of the second update of a program whose steps compute the gradient."""
    snapshot = run_program(Program(source=CLOSED.replace("OPTIMIZER", optimizer)), Limits()).snapshot()
    body = snapshot.iterations[1]
    return explain_update(IndexedIteration.of(snapshot.graphs[body.graph], body), body.updates[0].node)


@pytest.mark.parametrize("optimizer", ["LBFGS([w], max_iter=1)", "Muon([w])", "Adafactor([w])"])
def test_a_rule_of_whole_tensors_is_told_to_be_one(optimizer: str) -> None:
    page = closed(optimizer)
    assert page.kind == "unknown"
    assert "no rule for one number alone gives the change" in page.meaning


def test_a_step_that_computes_the_gradient_uses_that_one() -> None:
    assert closed("SGD([w], lr=0.1)").agrees


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
