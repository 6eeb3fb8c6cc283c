"""Programs as students write them, recorded and run plainly: both must compute the same bits."""

import contextlib
import io
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from app.models import json_of
from app.snapshot import BackwardPass, Graph, Program, Snapshot, Tensor
from app.tracing import Limits
from app.tracing.program import run_program

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.py"))


def recorded(source: str) -> tuple[Snapshot, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        snapshot = run_program(Program(source=source), Limits()).snapshot()
    assert Snapshot.model_validate_json(json_of(snapshot)) == snapshot
    return snapshot, printed.getvalue()


def plain(source: str) -> tuple[dict[str, Any], str, torch.Tensor]:
    """The program's variables, what it printed and where the random numbers stand after a run without the recorder."""
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    printed = io.StringIO()
    variables: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "plain.py", "exec"), variables)
    return variables, printed.getvalue(), torch.get_rng_state()


def as_tensor(tensor: Tensor) -> torch.Tensor:
    assert tensor.data is not None
    numbers = [float(x) if isinstance(x, str) else x for x in tensor.data]
    return torch.tensor(numbers, dtype=getattr(torch, tensor.dtype)).reshape(tensor.shape)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_the_recorder_leaves_no_trace(path: Path) -> None:
    snapshot, printed = recorded(path.read_text())
    generator = torch.get_rng_state()
    _, expected, plain_generator = plain(path.read_text())
    assert snapshot.outcome.error is None
    assert printed == expected
    assert torch.equal(generator, plain_generator)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_gradients_of_the_leaves_are_those_of_plain_pytorch(path: Path) -> None:
    snapshot, _ = recorded(path.read_text())
    variables, _, _ = plain(path.read_text())
    expected = {name: v for name, v in variables.items() if isinstance(v, torch.Tensor) and v.is_leaf}
    for name, value in variables.items():
        if isinstance(value, torch.nn.Module):
            expected |= {f"{name}.{inner}": p for inner, p in value.named_parameters()}
    last = last_accumulated(snapshot)
    for name, leaf in expected.items():
        if leaf.grad is not None and name in last and not was_cleared(leaf):
            # clipping changes .grad after the pass that is compared here
            assert torch.equal(as_tensor(last[name]), leaf.grad) or "clip_grad" in path.read_text(), name
    with_gradient = {n for n, leaf in expected.items() if leaf.requires_grad and leaf.grad is not None}
    assert with_gradient <= set(last)


def was_cleared(leaf: torch.Tensor) -> bool:
    return leaf.grad is not None and not leaf.grad.any()


def last_accumulated(snapshot: Snapshot) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for iteration in snapshot.iterations:
        names = {n.id: n.name for n in snapshot.graphs[iteration.graph].nodes}
        for backward in iteration.backward:
            for node, tensor in backward.accumulated.items():
                found[names[node] or node] = tensor
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_contributions_add_up_to_gradients(path: Path) -> None:
    snapshot, _ = recorded(path.read_text())
    for iteration in snapshot.iterations:
        for backward in iteration.backward:
            check_sums(snapshot.graphs[iteration.graph], backward, hooked=path.stem == "tensor_hook")


def check_sums(graph: Graph, backward: BackwardPass, hooked: bool) -> None:
    sums: dict[tuple[str, int], list[torch.Tensor]] = defaultdict(list)
    for node, seeds in backward.seeds.items():
        for output, seed in enumerate(seeds):
            if seed is not None:
                sums[node, output].append(as_tensor(seed))
    for edge in graph.edges:
        if edge.id in backward.contributions:
            sums[edge.source, edge.output].append(as_tensor(backward.contributions[edge.id]))
    for node, gradients in backward.gradients.items():
        for output, gradient in enumerate(gradients):
            if gradient is not None and not hooked:
                total = torch.stack(sums[node, output]).sum(0)
                torch.testing.assert_close(total, as_tensor(gradient), rtol=1e-5, atol=1e-7)


def by_name(graph: Graph) -> dict[str, str]:
    return {n.name: n.id for n in graph.nodes if n.name is not None}


def test_the_neuron_is_the_one_of_the_text() -> None:
    snapshot, _ = recorded((CASES[0].parent / "neuron.py").read_text())
    graph, iteration = snapshot.graphs[0], snapshot.iterations[0]
    assert [n.name for n in graph.nodes if n.kind != "operation"] == ["x", "y", "w", "b"]
    assert [n.op for n in graph.nodes if n.kind == "operation"] == ["mul", "add", "sigmoid", "binary_cross_entropy"]
    names = by_name(graph)
    accumulated = iteration.backward[0].accumulated
    assert round(as_tensor(accumulated[names["w"]]).item(), 4) == -0.0898
    assert round(as_tensor(accumulated[names["b"]]).item(), 4) == -0.0817


def test_finite_differences_agree_in_float64() -> None:
    source = (CASES[0].parent / "neuron.py").read_text().replace("]", "], dtype=torch.float64").replace("],", "],", 1)

    def loss(w: float) -> float:
        x, y = torch.tensor([1.1], dtype=torch.float64), torch.tensor([1.0], dtype=torch.float64)
        a = torch.sigmoid(x * w)
        return torch.nn.functional.binary_cross_entropy(a, y).item()

    snapshot, _ = recorded(source)
    assert snapshot.outcome.error is None
    gradient = as_tensor(snapshot.iterations[0].backward[0].accumulated[by_name(snapshot.graphs[0])["w"]]).item()
    step = 1e-6
    assert gradient == pytest.approx((loss(2.2 + step) - loss(2.2 - step)) / (2 * step), rel=1e-7)


def test_intermediate_gradients_are_those_of_retain_grad() -> None:
    source = (CASES[0].parent / "cross_entropy.py").read_text()
    snapshot, _ = recorded(source)
    variables, _, _ = plain(source.replace("loss.backward()", "logits.retain_grad()\nloss.backward()"))
    gradient = snapshot.iterations[0].backward[0].gradients[by_name(snapshot.graphs[0])["logits"]][0]
    assert gradient is not None
    assert torch.equal(as_tensor(gradient), variables["logits"].grad)


def test_a_tensor_hook_changes_what_is_shown() -> None:
    source = (CASES[0].parent / "tensor_hook.py").read_text()
    snapshot, _ = recorded(source)
    variables, _, _ = plain(source)
    gradient = snapshot.iterations[0].backward[0].gradients[by_name(snapshot.graphs[0])["y"]][0]
    assert gradient is not None
    assert torch.equal(as_tensor(gradient), variables["y"].grad)


def test_iterations_of_one_structure_share_one_graph() -> None:
    snapshot, _ = recorded((CASES[0].parent / "module_training.py").read_text())
    assert [i.graph for i in snapshot.iterations] == [0, 0, 0]
    losses = [float(i.loss) for i in snapshot.iterations if i.loss is not None]
    assert losses == sorted(losses, reverse=True)


def test_an_update_starts_where_the_last_one_ended() -> None:
    for name in ("module_training", "update_by_hand", "data_attribute"):
        snapshot, _ = recorded((CASES[0].parent / f"{name}.py").read_text())
        after: dict[str, Tensor] = {}
        for iteration in snapshot.iterations:
            assert iteration.updates, name
            names = {n.id: n.name or "" for n in snapshot.graphs[iteration.graph].nodes}
            for update in iteration.updates:
                previous = after.get(names[update.node])
                assert previous is None or previous.data == update.before.data
                assert update.before.data != update.after.data
                after[names[update.node]] = update.after
