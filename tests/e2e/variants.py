"""Pairs of programs that differ in one thing, for the tests of the comparison."""

import json
from pathlib import Path

from gradwalk.contract.snapshot import Program
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program

FIXTURES = Path(__file__).parents[2] / "static" / "src" / "features" / "compare" / "fixtures"

BASE = """import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(2, 3),
    nn.ReLU(),
    nn.Linear(3, 1),
)
x = torch.ones(1, 2)
h = net(x)
loss = (h - 1).square().sum()
loss.backward()
"""
LOOP = """import torch
w = torch.tensor(0.5, requires_grad=True)
x = torch.tensor(1.0)
for _ in range(3):
    x = x * w
    x = torch.tanh(x)
loss = x.square()
loss.backward()
"""
TRAINING = """import torch
from torch import nn

torch.manual_seed(0)
x = torch.linspace(-1, 1, 6).unsqueeze(1)
y = 2 * x + 1
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for step in range(12):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
"""

PROGRAMS = {
    "base": BASE,
    "seed": BASE.replace("manual_seed(0)", "manual_seed(1)"),
    "layer": BASE.replace("    nn.ReLU(),\n", "    nn.ReLU(),\n    nn.Linear(3, 3),\n    nn.ReLU(),\n"),
    "activation": BASE.replace("ReLU", "Tanh"),
    "renamed": BASE.replace("h = net(x)", "hidden = model(x)")
    .replace("(h - 1)", "(hidden - 1)")
    .replace("net = ", "model = "),
    "loop": LOOP,
    "longer": LOOP.replace("range(3)", "range(5)"),
    "training": TRAINING,
    "adam": TRAINING.replace("SGD", "Adam").replace(", momentum=0.9", ""),
    "by-hand": TRAINING.replace("    optimizer.step()\n", ""),
}


def main() -> None:
    """Every program's first graph and iteration into one file: python -m tests.e2e.variants."""
    for name, source in PROGRAMS.items():
        snapshot = run_program(Program(source=source, seed=0), Limits()).snapshot()
        recorded = {
            "source": source,
            "graph": snapshot.graphs[0].model_dump(mode="json"),
            "iteration": snapshot.iterations[0].model_dump(mode="json", by_alias=True),
        }
        (FIXTURES / f"{name}.json").write_text(json.dumps(recorded, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
