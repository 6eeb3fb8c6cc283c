"""Which autograd nodes belong to which recorded node, read from autograd's own graph."""

from collections.abc import Callable, Iterator
from typing import Any

import torch

from app.tracing.records import EdgeRecord, NodeRecord, Port

AutogradFunction = Any
"""A node of autograd's graph (torch.autograd.graph.Node); its Python type is private to torch."""

Key = tuple[int, int]
"""A gradient edge: the identity of an autograd node and the number of its output."""


def gradient_edge(tensor: torch.Tensor) -> tuple[AutogradFunction, int] | None:
    """The autograd node whose output number `nr` is this tensor; null when no gradient flows to it."""
    try:
        if not tensor.requires_grad:
            return None
        edge = torch.autograd.graph.get_gradient_edge(tensor)
    except RuntimeError:
        # a view written under no_grad refuses to tell its grad_fn; an inference tensor has none
        return None
    return edge.node, edge.output_nr


_SAVED: dict[type, list[str]] = {}


def saved_names(function: AutogradFunction) -> list[str]:
    """What an autograd node saves for backward, by the names of derivatives.yaml."""
    kind = type(function)
    if kind not in _SAVED:
        _SAVED[kind] = [name.removeprefix("_saved_") for name in dir(kind) if name.startswith("_saved_")]
    return _SAVED[kind]


class Structure:
    """The autograd side of one iteration's nodes. Holds the autograd nodes, so that their identities stay unique."""

    def __init__(self) -> None:
        self._alive: list[AutogradFunction] = []
        self.producers: dict[Key, Port] = {}
        self.outputs: dict[int, list[tuple[int, Port]]] = {}
        self.slots: dict[int, list[tuple[int, EdgeRecord]]] = {}
        self.owners: dict[int, NodeRecord] = {}

    def produce(self, tensor: torch.Tensor, port: Port) -> None:
        """Notes that this tensor's gradient is the gradient of `port`."""
        edge = gradient_edge(tensor)
        if edge is None:
            return
        function, number = edge
        self._alive.append(function)
        self.producers[id(function), number] = port
        self.outputs.setdefault(id(function), []).append((number, port))
        self.owners.setdefault(id(function), port[0])

    def attach(
        self,
        record: NodeRecord,
        results: list[torch.Tensor],
        edges: list[EdgeRecord],
        reach: Callable[[AutogradFunction, int], Port | None],
    ) -> list[EdgeRecord]:
        """Claims for `record` the autograd nodes between `results` and its inputs; gives back all of its edges.

        `reach` turns an autograd edge that leads to an unknown leaf into a port (a leaf used where no recorded call
        showed it). Edges that autograd has and the call did not show are added.
        """
        free = list(edges)
        pending = [e[0] for t in results if (e := gradient_edge(t)) is not None]
        while pending:
            function = pending.pop()
            if id(function) in self.owners:
                continue
            self.owners[id(function)] = record
            self._alive.append(function)
            record.autograd.append((function.name(), saved_names(function)))
            slots = self.slots.setdefault(id(function), [])
            for index, (following, number) in enumerate(function.next_functions):
                if following is None:
                    continue
                port = self.producers.get((id(following), number)) or reach(following, number)
                if port is not None:
                    slots.append((index, _edge_for(port, record, free, edges)))
                elif id(following) not in self.owners:
                    pending.append(following)
        return edges


def _edge_for(port: Port, record: NodeRecord, free: list[EdgeRecord], edges: list[EdgeRecord]) -> EdgeRecord:
    """The next unused edge from `port`, else a used one (its contributions add), else a new one."""
    for pool in (free, edges):
        for edge in pool:
            if (edge.source, edge.output) == port:
                if pool is free:
                    free.remove(edge)
                return edge
    edge = EdgeRecord(port[0], port[1], record, "")
    edges.append(edge)
    return edge


def reachable(roots: list[AutogradFunction]) -> Iterator[AutogradFunction]:
    """Every autograd node that a backward pass from `roots` may visit, once. A loop: chains may be 100,000 long."""
    seen: set[int] = set()
    pending = list(roots)
    while pending:
        function = pending.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        yield function
        pending += [f for f, _ in function.next_functions if f is not None]
