"""Training programs as courses write them: the turns, graphs and names that a person would give, and the numbers of
plain PyTorch.
"""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from gradwalk.contract.snapshot import Graph, Iteration, Node, Snapshot
from tests.recorder.checks import (
    check_contributions_add_up,
    check_has_every_autograd_node,
    check_has_gradients_of_intermediates,
    check_leaves_no_trace,
)
from tests.recorder.loop_programs import PATHS, LoopProgram, loop_program
from tests.recorder.oracle import named_outputs, record
from tests.recorder.plain_training import TrainingPass, TrainingUpdate, recorded_events, recorded_history, train_plainly

LOOP = re.compile(r"^\s*(for|while)\b", re.MULTILINE)
DIFFERENTIATED = re.compile(r"create_graph=True|vmap|torch\.func import .*grad")
"""What makes autograd's own nodes operations of the program: torch.func.grad creates their graph as well."""
AUTOGRAD_NODE = re.compile(r"Backward\d*$")

each_program = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def recorded(path: Path) -> tuple[LoopProgram, Snapshot]:
    program = loop_program(path)
    snapshot = record(program.source).snapshot
    assert snapshot.outcome.error is None
    assert snapshot.truncated is None
    return program, snapshot


def turns_of(snapshot: Snapshot) -> list[Iteration]:
    """The iterations that train."""
    return [i for i in snapshot.iterations if i.backward or i.updates]


def graphs_of_turns(snapshot: Snapshot) -> list[Graph]:
    return [snapshot.graphs[number] for number in sorted({i.graph for i in turns_of(snapshot)})]


def shown_names(graph: Graph, turn: Iteration) -> set[str]:
    """The names of leaves, and of data that the turn prepares: a batch that a loader collates is an operation."""
    data = {node.id for node in graph.nodes if node.id in turn.values and (node.op is None or not node.requires_grad)}
    return {name for name, ports in named_outputs(graph).items() if any(node in data for node, _ in ports)}


def derivatives(graph: Graph) -> list[Node]:
    """The operations that only autograd knows, called as its nodes are: MulBackward0."""
    return [node for node in graph.nodes if node.op is not None and AUTOGRAD_NODE.search(node.op)]


def test_there_are_enough_programs() -> None:
    assert len(PATHS) >= 80


@each_program
def test_turns(path: Path) -> None:
    """One iteration for each turn of the loop, one for each validation, none for what comes before the loop."""
    program, snapshot = recorded(path)
    turns = turns_of(snapshot)
    assert len(turns) in program.turns
    assert len(snapshot.iterations) - len(turns) in program.evaluations


@pytest.mark.parametrize("path", [p for p in PATHS if loop_program(p).loops], ids=lambda path: path.stem)
def test_loops_around_a_turn(path: Path) -> None:
    """Epoch and batch are both told, each counted from 0."""
    program, snapshot = recorded(path)
    told = [tuple(loop["number"] for loop in turn.model_dump()["turns"]) for turn in turns_of(snapshot)]
    assert told == list(product(*(range(count) for count in program.loops.values())))


@each_program
def test_each_turn_has_its_passes_and_updates(path: Path) -> None:
    program, snapshot = recorded(path)
    for turn in turns_of(snapshot):
        names = {node.id: node.name for node in snapshot.graphs[turn.graph].nodes}
        assert len(turn.backward) in program.passes
        assert set(program.updates) - {names[update.node] for update in turn.updates} == set()


@each_program
def test_graphs(path: Path) -> None:
    program, snapshot = recorded(path)
    assert len(graphs_of_turns(snapshot)) in program.graphs


@each_program
def test_names(path: Path) -> None:
    program, snapshot = recorded(path)
    for turn in turns_of(snapshot):
        assert set(program.names) - shown_names(snapshot.graphs[turn.graph], turn) == set()


@each_program
def test_leaves(path: Path) -> None:
    """A tensor is one leaf, with its name, its value, and an edge for each argument that it is."""
    program, snapshot = recorded(path)
    assert turns_of(snapshot)
    first = turns_of(snapshot)[0]
    for name, value in program.leaf.items():
        named = [node.id for node in snapshot.graphs[first.graph].nodes if node.op is None and node.name == name]
        assert [first.values[leaf][0].data for leaf in named] == [value], name
    for graph in snapshot.graphs:
        leaves = {node.id for node in graph.nodes if node.op is None}
        # an operation of a pass that created a graph reads what was saved for it, which has no name
        reading = {node.id for node in graph.nodes} - {node.id for node in derivatives(graph)}
        assert [e for e in graph.edges if e.source in leaves and e.target in reading and not e.argument] == []
        assert [node.line for node in graph.nodes if node.kind == "parameter" and node.name is None] == []
    for graph in graphs_of_turns(snapshot):
        for node in graph.nodes:
            if node.op in program.edges:
                assert len([e for e in graph.edges if e.target == node.id]) == program.edges[node.op], node.op


@each_program
def test_operations_are_those_that_the_program_calls(path: Path) -> None:
    """Autograd's own nodes are operations only where their derivatives are wanted."""
    program, snapshot = recorded(path)
    if not DIFFERENTIATED.search(program.source):
        assert [(node.op, node.line) for graph in snapshot.graphs for node in derivatives(graph)] == []


@each_program
def test_numbers(path: Path) -> None:
    """Losses, gradients of leaves and updates are those of plain PyTorch, bit for bit and in the same order."""
    program, snapshot = recorded(path)
    plain = train_plainly(program.source, tuple(program.by_hand))
    ours = recorded_events(snapshot, program.by_hand)
    if ours and isinstance(ours[0], TrainingUpdate) and not LOOP.search(program.source):
        del ours[0]  # without a loop nobody can say that a leaf is only initialised before the first pass
    assert ours == plain.events
    for mine, theirs in zip(ours, plain.events, strict=True):
        if isinstance(mine, TrainingPass) and isinstance(theirs, TrainingPass):
            assert theirs.returned <= mine.returned
    for name, history in plain.histories.items():
        values = recorded_history(snapshot, name)
        assert len(values) - 1 in program.turns
        assert values == history[-len(values) :]


GENERATOR = re.compile(r"(^|\.)(gen\w*|netG|G)(\.|$)")
CRITIC = re.compile(r"(^|\.)(disc\w*|netD|D)(\.|$)")


@pytest.mark.parametrize("path", [p for p in PATHS if p.stem.startswith("gan_")], ids=lambda path: path.stem)
def test_both_players_of_a_gan_learn_in_one_turn(path: Path) -> None:
    """The generator's gradient comes through the critic, in the turn in which both are updated."""
    _, snapshot = recorded(path)
    for turn in turns_of(snapshot):
        graph = snapshot.graphs[turn.graph]
        names = {node.id: node.name or "" for node in graph.nodes if node.op is None}
        generator = {node for node, name in names.items() if GENERATOR.search(name)}
        critic = {node for node, name in names.items() if CRITIC.search(name)}
        critics_operations = {edge.target for edge in graph.edges if edge.source in critic}
        updated = {update.node for update in turn.updates}
        assert updated & generator
        assert updated & critic
        through = [set(each.gradients) for each in turn.backward if generator & set(each.gradients)]
        assert through
        assert all(reached & critics_operations for reached in through)


CHECKS = (
    check_leaves_no_trace,
    check_contributions_add_up,
    check_has_gradients_of_intermediates,
    check_has_every_autograd_node,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__).removeprefix("check_"))
@each_program
def test_the_recording_is_what_plain_pytorch_says(path: Path, check: Callable[[str], None]) -> None:
    check(loop_program(path).source)
