"""Programs as students write them, recorded and run plainly: both must compute the same bits, and what the recording
says about a program must be what PyTorch says about it.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from gradwalk.contract.snapshot import Graph, Tensor
from tests.recorder.checks import CHECKS, check_contributions_add_up
from tests.recorder.oracle import (
    named_outputs,
    numbers,
    record,
    run_plainly,
    same_bits,
    tensors_in,
)

# torch's own, when forward-mode differentiation is used for the first time
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.py"))

CHANGED_BY_HOOKS = {
    "tensor_hook": {"y"},
    "module_hooks": {"mul", "tanh", "linear"},
    "node_hooks": {"y"},
    "hooks_on_leaves": {"w"},
    "hook_removed": {"y"},
}
"""Where a user's hook puts another gradient in the place of the sum: case -> name (or operation) of the node."""

RESTARTED = {"reptile": {"fast"}}
"""The variables that a program gives a value of their own again, between two updates."""

each_case = pytest.mark.parametrize("source", [pytest.param(p.read_text(), id=p.stem) for p in CASES])


def case(name: str) -> str:
    return (CASES[0].parent / f"{name}.py").read_text()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 66


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__).removeprefix("check_"))
@each_case
def test_the_recording_is_what_plain_pytorch_says(source: str, check: Callable[[str], None]) -> None:
    check(source)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_contributions_add_up_to_gradients(path: Path) -> None:
    check_contributions_add_up(path.read_text(), CHANGED_BY_HOOKS.get(path.stem, ()))


@each_case
def test_every_operation_has_a_line_of_the_program(source: str) -> None:
    written = {number for number, line in enumerate(source.splitlines(), start=1) if line.strip()}
    for graph in record(source).snapshot.graphs:
        for node in graph.nodes:
            if node.kind == "operation":
                assert node.line in written, (node.op, node.line)


@each_case
def test_the_last_update_ends_where_the_program_ended(source: str) -> None:
    recorded, plain = record(source).snapshot, run_plainly(source)
    after: dict[str, Tensor] = {}
    for iteration in recorded.iterations:
        names = leaf_names(recorded.graphs[iteration.graph])
        after |= {names[u.node]: u.after for u in iteration.updates if u.node in names}
    leaves = {name: t for name, t in tensors_in(plain.variables).items() if t.is_leaf and name in after}
    for name, leaf in leaves.items():
        assert same_bits(numbers(after[name], recorded), leaf), name
    optimizers = {type(v).__name__ for v in plain.variables.values() if isinstance(v, torch.optim.Optimizer)}
    assert optimizers == {u.optimizer for i in recorded.iterations for u in i.updates if u.optimizer is not None}


def test_the_neuron_is_the_one_of_the_text() -> None:
    recorded = record(case("neuron")).snapshot
    graph, iteration = recorded.graphs[0], recorded.iterations[0]
    assert [n.name for n in graph.nodes if n.kind != "operation"] == ["x", "y", "w", "b"]
    assert [n.op for n in graph.nodes if n.kind == "operation"] == ["mul", "add", "sigmoid", "binary_cross_entropy"]
    names = {n.id: n.name for n in graph.nodes}
    accumulated = {names[n]: numbers(tensor, recorded) for n, tensor in iteration.backward[0].accumulated.items()}
    shown = {name: None if tensor is None else round(tensor.item(), 4) for name, tensor in accumulated.items()}
    assert shown == {"w": -0.0898, "b": -0.0817}


@pytest.mark.parametrize(
    ("name", "graphs"), [("module_training", [0] * 3), ("data_loader", [0] * 6), ("fifty_iterations", [0] * 50)]
)
def test_iterations_of_one_structure_share_one_graph(name: str, graphs: list[int]) -> None:
    assert [i.graph for i in record(case(name)).snapshot.iterations] == graphs


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_an_update_starts_where_the_last_one_ended(path: Path) -> None:
    """Unless the program itself wrote in between, which is an update too."""
    recorded = record(path.read_text()).snapshot
    after: dict[str, Tensor] = {}
    for iteration in recorded.iterations:
        names = leaf_names(recorded.graphs[iteration.graph])
        for update in iteration.updates:
            name = names.get(update.node, "")
            restarted = name in RESTARTED.get(path.stem, ())
            assert restarted or name not in after or after[name].data == update.before.data, name
            if name:
                after[name] = update.after


@each_case
def test_a_leaf_that_learns_carries_the_name_of_a_variable_or_parameter(source: str) -> None:
    """Any of its names: `w`, `net.fc1.weight`, `net.out.weight` where that is the same tensor as `net.embed.weight`."""
    variables = run_plainly(source).variables
    names: dict[torch.Tensor, set[str]] = {}
    for name, value in variables.items():
        if isinstance(value, torch.Tensor):
            names.setdefault(value, set()).add(name)
        elif isinstance(value, torch.nn.Module):
            for path, parameter in value.named_parameters(remove_duplicate=False):
                names.setdefault(parameter, set()).add(f"{name}.{path}")
    recorded = record(source).snapshot
    shown = {n.name for graph in recorded.graphs for n in graph.nodes if n.kind == "parameter"}
    for leaf, possible in names.items():
        if leaf.requires_grad and leaf.is_leaf and leaf.grad is not None:
            assert possible & shown, possible


NAMES = {
    "attention": {"q": "matmul", "k": "matmul", "v": "matmul", "scores": "masked_fill", "out": "mean"},
    "attributes": {"z": "add", "a": "tanh", "loss": "pow"},
    "closures": {"y": "mul"},
    "helper_in_module": {"g": "sigmoid"},
    "loop_variable": {"h": "sigmoid", "loss": "sum"},
    "several_outputs": {"left": "split", "right": "split", "best": "max", "index": "max", "loss": "sum"},
    "rnn": {"out": "lstm", "h": "lstm", "c": "lstm"},
    "unrolled_rnn": {"h": "rnn_tanh_cell", "loss": "add"},
    "split_chunk_unbind": {"a": "unbind", "c": "unbind", "first": "split", "bottom": "chunk", "indices": "topk"},
    "in_place": {"h": "__setitem__", "loss": "sum"},
    "views": {"flat": "flatten", "turned": "contiguous", "windows": "unfold"},
}
"""case -> variable -> the operation that made what the variable held last."""


@pytest.mark.parametrize("name", NAMES)
def test_the_last_operation_of_a_variable_carries_its_name(name: str) -> None:
    graph = record(case(name)).snapshot.graphs[0]
    operations = {n.id: n.op for n in graph.nodes if n.kind == "operation"}
    found = {variable: [operations.get(node) for node, _ in ports] for variable, ports in named_outputs(graph).items()}
    assert {variable: found.get(variable, [None])[-1] for variable in NAMES[name]} == NAMES[name]


def test_a_leaf_by_requires_grad_is_one_node() -> None:
    """`x = torch.arange(6.0).reshape(2, 3).requires_grad_()`: the reshaped tensor itself becomes the leaf."""
    graph = record(case("several_outputs")).snapshot.graphs[0]
    assert [n.kind for n in graph.nodes if n.name == "x"] == ["parameter"]
    split = next(n.id for n in graph.nodes if n.op == "split")
    assert [(e.argument, e.output) for e in graph.edges if e.target == split] == [("self", 0)]


def leaf_names(graph: Graph) -> dict[str, str]:
    """Node -> name of the leaves whose name is no other leaf's."""
    names = Counter(n.name for n in graph.nodes if n.op is None)
    return {n.id: n.name for n in graph.nodes if n.name is not None and names[n.name] == 1}


@pytest.mark.parametrize("name", ["module_training", "update_by_hand", "data_attribute", "momentum_by_hand"])
def test_every_iteration_of_a_training_loop_has_its_updates(name: str) -> None:
    for iteration in record(case(name)).snapshot.iterations:
        assert iteration.updates
        assert all(update.before.data != update.after.data for update in iteration.updates)


def test_leaves_in_containers_and_objects_are_named_by_where_they_are() -> None:
    graph = record(case("held_in_containers")).snapshot.graphs[0]
    names = {n.name for n in graph.nodes if n.kind == "parameter"}
    assert names == {"params['w1']", "params['b1']", "layers[0]", "layers[1]", "neuron.w", "neuron.b"}
