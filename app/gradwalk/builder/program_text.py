"""The text of the program for a plan, in the style of a teacher: every choice is visible in it."""

from collections.abc import Iterator
from typing import Final

from gradwalk.builder.datasets import data_lines
from gradwalk.builder.plan import LOSS_NAMES, NetworkPlan
from gradwalk.builder.spec import OptimizerSpec

_LAST_OUTPUT: Final = """

class LastOutput(nn.Module):
    # a recurrent layer gives an output for every place of the sequence, and its memory; the last output has seen all
    def forward(self, result):
        outputs, _ = result
        return outputs[:, -1]

"""

_TRAINING: Final = """
for iteration in range({iterations}):
{batch}    # 2. forward: what the network says now
    prediction = net({x})
{guard}
    # 3. loss: how wrong that is
    loss = loss_function(prediction, {y})

    # 4. backward: the gradient of the loss for every parameter
    optimizer.zero_grad()
    loss.backward()

    # 5. update: a small step against the gradient
    optimizer.step()

    print(f"iteration {{iteration}}: loss {{loss.item():.4f}}")
"""

_BATCH: Final = """    # some of the examples, drawn by lot
    chosen = torch.randperm(len(x))[:{size}]

"""

_GUARD: Final = """    if prediction.isnan().any():
        print("The prediction is no number any more: take a smaller learning rate.")
        break
"""
"""The lines that stop at NaN, which BCELoss refuses; every other loss accepts it."""


def write_program(plan: NetworkPlan) -> str:
    """Return the text of the program."""
    return "\n".join([*_beginning(plan), *_network(plan), _training(plan).lstrip("\n")])


def _beginning(plan: NetworkPlan) -> Iterator[str]:
    data, needs_math = data_lines(plan.spec)
    if needs_math:
        yield from ("import math", "")
    yield from ("import torch", "from torch import nn", "", f"torch.manual_seed({plan.spec.seed})")
    if _recurs(plan):
        yield _LAST_OUTPUT.rstrip("\n") + "\n"
    yield ""
    yield from data


def _network(plan: NetworkPlan) -> Iterator[str]:
    yield from ("", "# 1. initialise: the network, its loss and its optimizer", "net = nn.Sequential(")
    for layer, chosen in zip(plan.layers, plan.spec.layers, strict=True):
        yield f"    {layer.call},"
        if chosen.kind in ("rnn", "lstm"):
            yield "    LastOutput(),"
    yield ")"
    yield f"loss_function = nn.{LOSS_NAMES[plan.spec.loss]}()"
    yield f"optimizer = {_optimizer(plan.spec.optimizer)}"
    yield ""


def _optimizer(optimizer: OptimizerSpec) -> str:
    rate = f"lr={optimizer.learning_rate}"
    match optimizer.kind:
        case "sgd":
            return f"torch.optim.SGD(net.parameters(), {rate})"
        case "momentum":
            return f"torch.optim.SGD(net.parameters(), {rate}, momentum=0.9)"
        case "adam":
            return f"torch.optim.Adam(net.parameters(), {rate})"
        case "adamw":
            return f"torch.optim.AdamW(net.parameters(), {rate})"


def _training(plan: NetworkPlan) -> str:
    size = plan.spec.batch_size
    part = size is not None and size < plan.data.size
    return _TRAINING.format(
        iterations=plan.spec.iterations,
        batch=_BATCH.format(size=size) if part else "",
        guard=_GUARD if plan.spec.loss == "bce" else "",
        x="x[chosen]" if part else "x",
        y="y[chosen]" if part else "y",
    )


def _recurs(plan: NetworkPlan) -> bool:
    return any(layer.kind in ("rnn", "lstm") for layer in plan.spec.layers)
