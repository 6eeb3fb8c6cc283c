"""From records to the document: numbering, equal structures sharing one graph, the phases of steps."""

from collections.abc import Hashable
from typing import Any

from app.tracing.records import (
    EdgeRecord,
    GroupRecord,
    IterationRecord,
    NodeRecord,
    PassRecord,
    Port,
    StepRecord,
    UpdateRecord,
)
from app.tracing.tensors import Captured, TensorWriter

Document = dict[str, Any]

LOSS_FUNCTIONS = ("_loss", "cross_entropy", "cross_entropy_with_logits", "kl_div")
"""Endings of the torch functions that are a loss by themselves."""


def write_iterations(iterations: list[IterationRecord], writer: TensorWriter) -> tuple[list[Document], list[Document]]:
    """The graphs and iterations of app.snapshot. Iterations in which nothing was recorded are left out."""
    graphs: list[Document] = []
    known: dict[Hashable, Numbering] = {}
    written: list[Document] = []
    for record in iterations:
        if not record.nodes:
            continue
        key = _structure(record)
        shared = known.get(key)
        if shared is None:
            shared = known[key] = Numbering(record, len(graphs))
            graphs.append(shared.write_graph())
            numbering = shared
        else:
            numbering = shared.again(record)
            _keep_common_arguments(graphs[shared.graph], numbering)
        written.append(_write_iteration(len(written), record, numbering, writer))
    return graphs, written


def _connected(record: IterationRecord) -> list[NodeRecord]:
    """Operations in the order they ran, each preceded by the leaves that it is the first to use. A leaf that nothing
    uses, or that is created earlier than it is used, does not make a structure another one.
    """
    sources: dict[NodeRecord, list[NodeRecord]] = {}
    for edge in record.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    found: dict[NodeRecord, None] = {}
    for node in record.nodes:
        if node.kind == "operation":
            found.update(dict.fromkeys(sources.get(node, ())))
            found[node] = None
    return list(found)


def _structure(record: IterationRecord) -> Hashable:
    nodes = _connected(record)
    position = {node: i for i, node in enumerate(nodes)}
    return (
        tuple(
            (n.kind, n.op, n.name, n.line if n.kind == "operation" else 0, n.outputs, n.failed, _path(n.group))
            for n in nodes
        ),
        tuple((position[e.source], e.output, position[e.target], e.argument) for e in record.edges),
    )


def _path(group: GroupRecord | None) -> tuple[str, ...]:
    path: list[str] = []
    while group is not None:
        path.append(f"{group.name}:{group.type}")
        group = group.parent
    return tuple(path)


class Numbering:
    """The ids of one iteration's nodes, edges and groups within its graph."""

    def __init__(self, record: IterationRecord, graph: int) -> None:
        self.record = record
        self.graph = graph
        self.nodes = {n: f"n{i}" for i, n in enumerate(record.nodes)}
        self.edges = {e: f"e{i}" for i, e in enumerate(record.edges)}
        self.groups = {g: f"g{i}" for i, g in enumerate(_groups(record))}

    def again(self, record: IterationRecord) -> "Numbering":
        """The same ids for an iteration of the same structure; its leaves without edges have none."""
        other = Numbering.__new__(Numbering)
        other.record, other.graph = record, self.graph
        pairs = zip(_connected(record), _connected(self.record), strict=True)
        other.nodes = {mine: self.nodes[theirs] for mine, theirs in pairs}
        edges = zip(record.edges, self.record.edges, strict=True)
        other.edges = {mine: self.edges[theirs] for mine, theirs in edges}
        other.groups = {}
        return other

    def write_graph(self) -> Document:
        """A snapshot Graph."""
        nodes = [self._write_node(n, i) for n, i in self.nodes.items()]
        edges = [
            {
                "id": i,
                "source": self.nodes[e.source],
                "output": e.output,
                "target": self.nodes[e.target],
                "argument": e.argument,
            }
            for e, i in self.edges.items()
        ]
        groups = [
            {
                "id": i,
                "parent": self.groups[g.parent] if g.parent else None,
                "kind": "module",
                "name": g.name,
                "type": g.type,
            }
            for g, i in self.groups.items()
        ]
        return {"id": self.graph, "nodes": nodes, "edges": edges, "groups": groups}

    def _write_node(self, node: NodeRecord, identifier: str) -> Document:
        return {
            "id": identifier,
            "kind": node.kind,
            "op": node.op,
            "name": node.name,
            "line": node.line,
            "group": self.groups[node.group] if node.group else None,
            "arguments": node.arguments,
            "outputs": node.outputs,
            "failed": node.failed,
            "requires_grad": node.requires_grad,
            "autograd": [{"name": name, "saved": saved} for name, saved in node.autograd],
        }


def _groups(record: IterationRecord) -> list[GroupRecord]:
    """Groups that hold a node, parents before children, in the order of their first node."""
    found: dict[GroupRecord, None] = {}
    for node in record.nodes:
        path: list[GroupRecord] = []
        group = node.group
        while group is not None and group not in found:
            path.append(group)
            group = group.parent
        found.update(dict.fromkeys(reversed(path)))
    return list(found)


def _keep_common_arguments(graph: Document, numbering: Numbering) -> None:
    """A shared graph states only the arguments that all its iterations have in common."""
    by_id = {n["id"]: n for n in graph["nodes"]}
    for node, identifier in numbering.nodes.items():
        first = by_id[identifier]
        if first["arguments"] != node.arguments:
            first["arguments"] = {k: v for k, v in first["arguments"].items() if node.arguments.get(k) == v}


def _write_iteration(index: int, record: IterationRecord, ids: Numbering, writer: TensorWriter) -> Document:
    def ports(values: dict[Port, Captured]) -> dict[str, list[Document | None]]:
        by_node: dict[str, list[Document | None]] = {}
        for (node, output), captured in values.items():
            if node in ids.nodes:
                row = by_node.setdefault(ids.nodes[node], [None] * node.outputs)
                row[output] = writer.write(captured)
        return by_node

    def write_pass(p: PassRecord) -> Document:
        roots = [{"node": ids.nodes[n], "output": o} for n, o in p.roots if n in ids.nodes]
        return {
            "root": roots[0],
            "roots": roots,
            "seeds": ports(p.seeds),
            "gradients": ports(p.gradients),
            "contributions": {ids.edges[e]: writer.write(c) for e, c in p.contributions.items() if e in ids.edges},
            "accumulated": {ids.nodes[n]: writer.write(c) for n, c in p.accumulated.items() if n in ids.nodes},
            "line": p.line,
        }

    def write_update(u: UpdateRecord) -> Document:
        state = {k: writer.write(v) if isinstance(v, Captured) else v for k, v in u.state.items()}
        return {
            "node": ids.nodes[u.node],
            "optimizer": u.optimizer,
            "before": writer.write(u.before),
            "after": writer.write(u.after),
            "gradient": writer.write(u.gradient) if u.gradient else None,
            "settings": u.settings,
            "state": state,
            "line": u.line,
        }

    passes = [p for p in record.passes if any(n in ids.nodes for n, _ in p.roots)]
    updates = [u for u in record.updates if u.node in ids.nodes]
    return {
        "index": index,
        "graph": ids.graph,
        "loss": _loss(passes),
        "values": {i: [writer.write(v) for v in n.values] for n, i in ids.nodes.items()},
        "backward": [write_pass(p) for p in passes],
        "updates": [write_update(u) for u in updates],
        "steps": _write_steps(record, passes, updates, ids),
    }


def _loss(passes: list[PassRecord]) -> Any:
    """The number that the first backward pass started from."""
    if not passes:
        return None
    node, output = passes[0].roots[0]
    return node.values[output].item() if output < len(node.values) else None


def _write_steps(
    record: IterationRecord, passes: list[PassRecord], updates: list[UpdateRecord], ids: Numbering
) -> list[Document]:
    incoming: dict[NodeRecord, list[EdgeRecord]] = {}
    for edge in record.edges:
        incoming.setdefault(edge.target, []).append(edge)
    loss = _loss_nodes(record, passes)
    written: list[Document] = []
    for step in record.steps:
        gone = step.source is not None and step.source not in passes and step.source not in updates
        if gone or step.node not in ids.nodes:
            continue
        edges = [e for e in incoming.get(step.node, ()) if _travels(step, e)]
        written.append(
            {
                "index": len(written),
                "phase": _phase(step, loss),
                "kind": step.kind,
                "node": ids.nodes[step.node],
                "edges": [ids.edges[e] for e in edges],
                "line": step.line,
                "pass": passes.index(step.source) if isinstance(step.source, PassRecord) else None,
            }
        )
    return written


def _travels(step: StepRecord, edge: EdgeRecord) -> bool:
    """Whether something moves along this edge in this step: a value forwards, a contribution backwards."""
    if step.kind == "operation":
        return True
    return isinstance(step.source, PassRecord) and edge in step.source.contributions


def _phase(step: StepRecord, loss: set[NodeRecord]) -> str:
    if step.kind == "update":
        return "update"
    if step.kind in ("backward", "accumulate"):
        return "backward"
    return "loss" if step.kind == "operation" and step.node in loss else "forward"


def _loss_nodes(record: IterationRecord, passes: list[PassRecord]) -> set[NodeRecord]:
    """The operations that make up the loss: the root of the backward pass alone when it is a loss function, else
    every operation on the root's own line.
    """
    found: set[NodeRecord] = set()
    for node, _ in (root for p in passes for root in p.roots):
        if node.op is not None and (node.op.endswith(LOSS_FUNCTIONS)):
            found.add(node)
        else:
            found |= {n for n in record.nodes if n.kind == "operation" and n.line == node.line}
    return found
