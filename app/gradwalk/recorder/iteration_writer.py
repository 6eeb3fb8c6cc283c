"""The writer of iterations: it turns records into the models of a snapshot, numbers them, lets equal structures share a
graph, and sorts steps into phases.
"""

from collections.abc import Iterator
from typing import Any

from gradwalk.contract.models import build
from gradwalk.contract.snapshot import (
    BackwardPass,
    Edge,
    Frame,
    GradientChange,
    Graph,
    Group,
    Iteration,
    LoopTurn,
    Node,
    Phase,
    Root,
    Step,
    StepKind,
    Tensor,
    Update,
)
from gradwalk.contract.training_history import TrainingHistory
from gradwalk.recorder.call_sites import CallPath
from gradwalk.recorder.progress import loss_of
from gradwalk.recorder.records import (
    ChangeRecord,
    EdgeRecord,
    GroupRecord,
    IterationRecord,
    NodeRecord,
    PassRecord,
    Port,
    StepSource,
    UpdateRecord,
)
from gradwalk.recorder.saved_tensors_writer import write_autograd
from gradwalk.recorder.shared_graphs import StructureIndex
from gradwalk.recorder.tensor_numbers import item
from gradwalk.recorder.tensor_writer import TensorWriter
from gradwalk.recorder.training_history_writer import TrainingHistoryWriter
from gradwalk.recorder.turns import Turn

LOSS_FUNCTIONS = ("_loss", "cross_entropy", "cross_entropy_with_logits", "kl_div")
"""The endings of the names of torch functions that are a loss by themselves."""


class IterationWriter:
    """The writer of a snapshot's graphs and iterations."""

    def __init__(self, index: StructureIndex, tensors: TensorWriter) -> None:
        self._tensors = tensors
        self._index = index
        self.graphs = [write_graph(i, index) for i in range(len(index.sharing))]
        self._history = TrainingHistoryWriter(len(self.graphs))

    @property
    def training_history(self) -> TrainingHistory:
        """The training history of the iterations that were taken so far."""
        return self._history.training_history()

    def iterations(self) -> Iterator[Iteration]:
        """Yield the iterations one by one."""
        for index, (record, graph) in enumerate(zip(self._index.iterations, self._index.graphs, strict=True)):
            with self._index.numbered(record, graph):
                written = self._write(index, record, graph)
            yield written
            # counted only when the next iteration is asked for: before that, this one may not have been taken
            with self._index.numbered(record, graph):
                self._history.add(graph, record)

    def _write(self, index: int, record: IterationRecord, graph: int) -> Iteration:
        write = self._tensors.write
        passes = [p for p in record.passes if any(node.id for node, _ in p.roots)]
        updates = [u for u in record.updates if u.node.id]
        changes = [source for _, node, source in record.steps if isinstance(source, ChangeRecord) and node.id]
        return build(
            Iteration,
            {
                "index": index,
                "graph": graph,
                "kind": record.kind,
                "turns": [write_turn(turn) for turn in record.turns],
                "arguments": self._index.own_arguments(record, graph),
                "operations": _runs([node.number for node in record.nodes if node.leaf is None]),
                "passes_before": record.passes_before,
                "loss": loss_of(passes) if passes or record.loss is None else item(record.loss),
                "values": {n.id: [write(v) for v in n.values] for n in record.nodes if n.id},
                "inside": {
                    n.id: {name: write(c) for name, c in n.inside.items()} for n in record.nodes if n.inside and n.id
                },
                "backward": [self._write_pass(p) for p in passes],
                "changes": [self._write_change(change) for change in changes],
                "updates": [self._write_update(u) for u in updates],
                "steps": _write_steps(record, passes, [*updates, *changes]),
            },
        )

    def _by_node(self, ports: dict[Port, Any]) -> dict[str, list[Tensor | None]]:
        rows: dict[str, list[Tensor | None]] = {}
        for (node, output), captured in ports.items():
            if not node.id:
                continue
            if node.outputs == 1:
                rows[node.id] = [self._tensors.write(captured)]
            else:
                rows.setdefault(node.id, [None] * node.outputs)[output] = self._tensors.write(captured)
        return rows

    def _write_pass(self, p: PassRecord) -> BackwardPass:
        write = self._tensors.write
        roots = [Root(node=node.id, output=output) for node, output in p.roots if node.id]
        return build(
            BackwardPass,
            {
                "root": roots[0],
                "roots": roots,
                "seeds": self._by_node(p.seeds),
                "gradients": self._by_node(p.gradients),
                "contributions": {edge.id: write(c) for edge, c in p.contributions.items() if edge.id},
                "accumulated": {node.id: write(c) for node, c in p.accumulated.items() if node.id},
                "line": p.line,
                "failed": p.failed,
            },
        )

    def _write_change(self, change: ChangeRecord) -> GradientChange:
        write = self._tensors.write
        return build(
            GradientChange,
            {
                "node": change.node.id,
                "function": change.function,
                "before": write(change.before),
                "after": write(change.after),
                "settings": change.settings,
                "line": change.line,
            },
        )

    def _write_update(self, u: UpdateRecord) -> Update:
        write = self._tensors.write
        state = {name: value if _is_data(value) else write(value) for name, value in u.state.items()}
        return build(
            Update,
            {
                "node": u.node.id,
                "optimizer": u.optimizer,
                "before": write(u.before),
                "after": write(u.after),
                "gradient": write(u.gradient) if u.gradient is not None else None,
                "settings": u.settings,
                "state": state,
                "line": u.line,
            },
        )


def _is_data(value: Any) -> bool:
    """Return whether an entry of an optimizer's state is a plain value and not a captured tensor."""
    return value is None or type(value) in (bool, int, float, str, list)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Return numbers as pairs: the first one, and how many follow each other from there."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    return runs


def write_turn(turn: Turn) -> LoopTurn:
    """Return one turn of a loop."""
    loop = turn.run.loop
    variable = loop.variables[0] if loop.variables else None
    return build(
        LoopTurn,
        {"line": loop.line, "number": turn.number, "variable": variable, "value": turn.value},
    )


def write_graph(graph: int, index: StructureIndex) -> Graph:
    """Return a graph, made from the first of the iterations that share it, and from what others have besides."""
    first = index.sharing[graph][0]
    arguments = index.common_arguments(graph)
    # most nodes have one of a few paths
    frames: dict[CallPath, list[Frame]] = {}
    groups = _number_groups([*first.nodes, *(node for _, node in index.added_looks(graph))])
    with index.numbered(first, graph):
        nodes = [_write_node(node, arguments.get(node, node.arguments), frames) for node in first.nodes]
        edges = [_write_edge(edge, first) for edge in first.edges]
    for record, node in index.added_looks(graph):
        with index.numbered(record, graph):
            nodes.append(_write_node(node, node.arguments, frames))
            edges += [_write_edge(edge, record) for edge in record.edges if edge.target is node]
    fields = {"id": graph, "nodes": nodes, "edges": edges, "groups": [_write_group(group) for group in groups]}
    for group in groups:
        group.id = ""
    return build(Graph, fields)


def _number_groups(nodes: list[NodeRecord]) -> list[GroupRecord]:
    """Give an id to each group that holds a node. Return them: parents before children, by their first node."""
    found: dict[GroupRecord, None] = {}
    for node in nodes:
        path: list[GroupRecord] = []
        group = node.group
        while group is not None and group not in found:
            path.append(group)
            group = group.parent
        found.update(dict.fromkeys(reversed(path)))
    for number, group in enumerate(found):
        group.id = f"g{number}"
    return list(found)


def _frames(path: CallPath) -> list[Frame]:
    return [Frame(line=site.line, function=site.function) for site in path]


def _write_node(node: NodeRecord, arguments: dict[str, Any] | None, frames: dict[CallPath, list[Frame]]) -> Node:
    return build(
        Node,
        {
            "id": node.id,
            "kind": node.kind,
            "op": node.op,
            "name": node.name,
            "line": node.line,
            "path": frames.get(node.path) or frames.setdefault(node.path, _frames(node.path)),
            "group": node.group.id if node.group is not None else None,
            "arguments": arguments or {},
            "outputs": node.outputs,
            "failed": node.failed,
            "requires_grad": node.requires_grad,
            "autograd": write_autograd(node),
        },
    )


def _write_edge(edge: EdgeRecord, record: IterationRecord) -> Edge:
    source, output = record.source(edge)
    return build(
        Edge,
        {
            "id": edge.id,
            "source": source.id,
            "output": output,
            "target": edge.target.id,
            "argument": edge.argument,
        },
    )


def _write_group(group: GroupRecord) -> Group:
    return build(
        Group,
        {
            "id": group.id,
            "parent": group.parent.id if group.parent is not None else None,
            "kind": group.kind,
            "name": group.name,
            "type": group.type,
        },
    )


def _write_steps(
    record: IterationRecord, passes: list[PassRecord], writes: list[UpdateRecord | ChangeRecord]
) -> list[Step]:
    """Return the steps. `writes`: the updates, and the changes of gradients before them."""
    incoming: dict[NodeRecord, list[EdgeRecord]] = {}
    for edge in record.edges:
        incoming.setdefault(edge.target, []).append(edge)
    loss = _loss_nodes(record, passes)
    number_of: dict[StepSource, int | None] = {
        None: None,
        **{p: i for i, p in enumerate(passes)},
        **dict.fromkeys(writes),
    }
    written: list[Step] = []
    for kind, node, source in record.steps:
        if source not in number_of or not node.id:
            continue
        travelled = source.contributions if type(source) is PassRecord else ()
        fields = {
            "index": len(written),
            "phase": _phase(kind, node, loss),
            "kind": kind,
            "node": node.id,
            # in the forward pass a value moves along every edge, in backward only where there is a contribution
            "edges": [e.id for e in incoming.get(node, ()) if kind == "operation" or e in travelled],
            "line": source.line if isinstance(source, UpdateRecord | ChangeRecord) else node.line,
            "backward_pass": number_of[source],
        }
        written.append(build(Step, fields))
    return written


def _phase(kind: StepKind, node: NodeRecord, loss: set[NodeRecord]) -> Phase:
    if kind in ("change", "update"):
        return "update"
    if kind in ("backward", "accumulate") or node.derived:
        return "backward"
    return "loss" if kind == "operation" and node in loss else "forward"


def _loss_nodes(record: IterationRecord, passes: list[PassRecord]) -> set[NodeRecord]:
    """Return the operations that make up the loss: only the root of the backward pass when it is a loss function, else
    every operation on the root's line.
    """
    found: set[NodeRecord] = set()
    for node, _ in (root for p in passes for root in p.roots):
        if node.derived:
            continue
        if node.op is not None and (node.op.endswith(LOSS_FUNCTIONS)):
            found.add(node)
        else:
            found |= {n for n in record.nodes if n.kind == "operation" and n.line == node.line and not n.derived}
    return found
