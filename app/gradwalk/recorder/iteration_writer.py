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
    Graph,
    Group,
    Iteration,
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
from gradwalk.recorder.records import (
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
from gradwalk.recorder.shared_graphs import StructureIndex, common_arguments
from gradwalk.recorder.tensor_capture import TensorWriter, item
from gradwalk.recorder.training_history_writer import TrainingHistoryWriter

LOSS_FUNCTIONS = ("_loss", "cross_entropy", "cross_entropy_with_logits", "kl_div")
"""The endings of the names of torch functions that are a loss by themselves."""


class IterationWriter:
    """The writer of a snapshot's graphs and iterations. Iterations in which nothing was recorded are left out."""

    def __init__(self, iterations: list[IterationRecord], tensors: TensorWriter) -> None:
        self._tensors = tensors
        self._records = [record for record in iterations if record.nodes]
        index = StructureIndex()
        self._graph_of = [index.assign_graph(record) for record in self._records]
        self.graphs = [write_graph(i, records) for i, records in enumerate(index.sharing)]
        self._history = TrainingHistoryWriter(len(self.graphs))

    @property
    def training_history(self) -> TrainingHistory:
        """The training history of the iterations that were taken so far."""
        return self._history.training_history()

    def iterations(self) -> Iterator[Iteration]:
        """Yield the iterations one by one."""
        for index, record in enumerate(self._records):
            yield self._write(index, record, self._graph_of[index])
            # counted only when the next iteration is asked for: before that, this one may not have been taken
            self._history.add(self._graph_of[index], record)

    def _write(self, index: int, record: IterationRecord, graph: int) -> Iteration:
        write = self._tensors.write
        passes = [p for p in record.passes if any(node.id for node, _ in p.roots)]
        updates = [u for u in record.updates if u.node.id]
        return build(
            Iteration,
            {
                "index": index,
                "graph": graph,
                "loss": loss_of(passes),
                "values": {n.id: [write(v) for v in n.values] for n in record.nodes if n.id},
                "inside": {
                    n.id: {name: write(c) for name, c in n.inside.items()} for n in record.nodes if n.inside and n.id
                },
                "backward": [self._write_pass(p) for p in passes],
                "updates": [self._write_update(u) for u in updates],
                "steps": _write_steps(record, passes, updates),
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


def write_graph(index: int, records: list[IterationRecord]) -> Graph:
    """Return the graph that the iterations `records` share, made from the first of them. Its records are numbered."""
    first = records[0]
    groups = _groups(first)
    for number, group in enumerate(groups):
        group.id = f"g{number}"
    arguments = common_arguments(records)
    # most nodes have one of a few paths
    frames: dict[CallPath, list[Frame]] = {}
    return build(
        Graph,
        {
            "id": index,
            "nodes": [_write_node(node, arguments.get(node.id, node.arguments), frames) for node in first.nodes],
            "edges": [_write_edge(edge) for edge in first.edges],
            "groups": [_write_group(group) for group in groups],
        },
    )


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


def _write_edge(edge: EdgeRecord) -> Edge:
    return build(
        Edge,
        {
            "id": edge.id,
            "source": edge.source[0].id,
            "output": edge.source[1],
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


def _groups(record: IterationRecord) -> list[GroupRecord]:
    """Return the groups that hold a node, parents before children, in the order of their first node."""
    found: dict[GroupRecord, None] = {}
    for node in record.nodes:
        path: list[GroupRecord] = []
        group = node.group
        while group is not None and group not in found:
            path.append(group)
            group = group.parent
        found.update(dict.fromkeys(reversed(path)))
    return list(found)


def loss_of(passes: list[PassRecord]) -> Any:
    """Return the number that the first backward pass started from."""
    if not passes:
        return None
    node, output = passes[0].roots[0]
    return item(node.values[output]) if output < len(node.values) else None


def _write_steps(record: IterationRecord, passes: list[PassRecord], updates: list[UpdateRecord]) -> list[Step]:
    incoming: dict[NodeRecord, list[EdgeRecord]] = {}
    for edge in record.edges:
        incoming.setdefault(edge.target, []).append(edge)
    loss = _loss_nodes(record, passes)
    number_of: dict[StepSource, int | None] = {
        None: None,
        **{p: i for i, p in enumerate(passes)},
        **dict.fromkeys(updates),
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
            "line": source.line if type(source) is UpdateRecord else node.line,
            "backward_pass": number_of[source],
        }
        written.append(build(Step, fields))
    return written


def _phase(kind: StepKind, node: NodeRecord, loss: set[NodeRecord]) -> Phase:
    if kind == "update":
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
