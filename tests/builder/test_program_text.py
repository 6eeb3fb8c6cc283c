"""Every spec that is accepted gives a program that runs to its end, and whose network is the one that was asked for."""

import contextlib
import io
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gradwalk.builder import NetworkPlan, plan_network, write_program
from gradwalk.builder.plan import LAYER_NAMES
from tests.builder.specs import plans, spec_of
from tests.processes import ServerProcess

DEEPEST = spec_of(layers=[{"kind": "linear", "width": 64}] * 19 + [{"kind": "linear"}], iterations=100)
STEEP = spec_of(
    data="moons",
    layers=[{"kind": "linear", "width": 64}] * 12 + [{"kind": "linear"}, {"kind": "sigmoid"}],
    loss="bce",
    optimizer={"kind": "momentum", "learning_rate": 1.0},
)
PICTURES = spec_of(
    data="pictures",
    layers=[{"kind": "conv2d", "channels": 3}, {"kind": "relu"}, {"kind": "flatten"}, {"kind": "linear"}],
    loss="cross_entropy",
    batch_size=4,
    optimizer={"kind": "adam", "learning_rate": 0.01},
)
SENTENCE = spec_of(
    data="sentence",
    sentence='say "it\'s" \\n',
    layers=[{"kind": "embedding"}, {"kind": "lstm"}, {"kind": "layer_norm"}, {"kind": "dropout"}, {"kind": "linear"}],
    loss="cross_entropy",
    optimizer={"kind": "adamw", "learning_rate": 0.05},
)
NAMED = {"xor": spec_of(), "steep": STEEP, "pictures": PICTURES, "sentence": SENTENCE}


def run(planned: NetworkPlan) -> tuple[dict[str, Any], list[str]]:
    """The program's names after it has run in plain PyTorch, and the lines that it printed."""
    names: dict[str, Any] = {}
    return names, printed_by(write_program(planned), names)


def printed_by(text: str, names: dict[str, Any]) -> list[str]:
    """The lines that a program prints; its names are put into `names`."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "program.py", "exec"), names)
    return printed.getvalue().splitlines()


def is_what_was_asked_for(planned: NetworkPlan, names: dict[str, Any]) -> None:
    chosen = [module for module in names["net"] if type(module).__name__ != "LastOutput"]
    assert [type(module).__name__ for module in chosen] == [LAYER_NAMES[layer.kind] for layer in planned.spec.layers]
    learned = sum(parameter.numel() for parameter in names["net"].parameters())
    assert learned == sum(layer.parameters for layer in planned.layers)
    value = names["x"]
    assert tuple(value.shape) == (planned.data.size, *planned.data.shape)
    assert len(names["y"]) == planned.data.size
    shapes = []
    for module in names["net"]:
        value = module(value)
        if not isinstance(value, tuple):
            shapes.append(tuple(value.shape[1:]))
    assert shapes == [layer.output for layer in planned.layers]
    group = names["optimizer"].param_groups[0]
    assert group["lr"] == planned.spec.optimizer.learning_rate


@pytest.mark.parametrize("examples", [50, pytest.param(300, marks=pytest.mark.slow)])
def test_any_program_runs_to_its_end_with_the_network_that_was_asked_for(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(planned=plans())
    def runs(planned: NetworkPlan) -> None:
        names, printed = run(planned)
        assert len(printed) == planned.spec.iterations or "no number any more" in printed[-1]
        is_what_was_asked_for(planned, names)

    runs()


@pytest.mark.parametrize("name", NAMED)
def test_these_run_to_their_end(name: str) -> None:
    planned = plan_network(NAMED[name])
    names, printed = run(planned)
    is_what_was_asked_for(planned, names)
    assert len(printed) == planned.spec.iterations


def test_a_learning_rate_that_is_too_large_is_told_and_not_an_error() -> None:
    text = write_program(plan_network(STEEP)).replace("lr=1.0", "lr=1e38")
    assert "lr=1e38" in text
    printed = printed_by(text, {})
    assert printed[-1] == "The prediction is no number any more: take a smaller learning rate."


def test_xor_is_learned() -> None:
    steep = spec_of(optimizer={"kind": "adam", "learning_rate": 0.1}, iterations=100)
    _, printed = run(plan_network(steep))
    first, last = (float(line.rpartition(" ")[2]) for line in (printed[0], printed[-1]))
    assert last < first / 5
    assert math.isfinite(last)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(planned=plans())
def test_the_text_is_formatted_and_clean(planned: NetworkPlan) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    text = write_program(planned)
    done = subprocess.run(
        [ruff, "format", "--stdin-filename", "program.py", "-"], input=text, text=True, capture_output=True
    )
    assert done.stdout == text
    checked = subprocess.run([ruff, "check", "--select", "E,F,W,I", "-"], input=text, text=True, capture_output=True)
    assert checked.returncode == 0, checked.stdout


def test_the_five_steps_have_their_comments() -> None:
    text = write_program(plan_network(spec_of()))
    places = [
        text.index(f"# {k}. {step}")
        for k, step in enumerate(["initialise", "forward", "loss", "backward", "update"], 1)
    ]
    assert places == sorted(places)


def test_the_real_sandbox_runs_them_too(gradwalk_server: ServerProcess) -> None:
    with gradwalk_server.client() as client:
        for spec in (*NAMED.values(), DEEPEST):
            source = write_program(plan_network(spec))
            answer = client.post("/api/v1/runs", json={"source": source, "seed": 0, "overrides": []}, timeout=120)
            assert answer.json()["outcome"] == {"status": "completed", "error": None}
