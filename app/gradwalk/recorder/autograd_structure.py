"""The autograd nodes that belong to each recorded node, read from autograd's own graph."""

from collections.abc import Callable
from typing import Any, Final

import torch
from torch.autograd.graph import get_gradient_edge

from gradwalk.recorder.anchors import ANCHORED, SPACING, anchor
from gradwalk.recorder.records import EdgeRecord, NodeRecord, Port

AutogradFunction = Any
"""A node of autograd's graph (torch.autograd.graph.Node); its Python type is private to torch."""

FindLeafPort = Callable[[AutogradFunction], Port | None]


def grad_fn_of(tensor: torch.Tensor) -> AutogradFunction | None:
    """Return the `grad_fn`. It is null where there is none, or where autograd refuses to give it (a view written under
    no_grad).
    """
    try:
        return tensor.grad_fn
    except RuntimeError:
        return None


def version_of(tensor: torch.Tensor) -> int:
    """Return how often the tensor was written in place. Inference tensors do not count writes: they return 0."""
    try:
        return tensor._version
    except RuntimeError:
        return 0


def gradient_edge(tensor: torch.Tensor) -> tuple[AutogradFunction, int] | None:
    """Return the autograd node and the number `nr` of its output that is this tensor; null when no gradient flows to
    it.
    """
    try:
        if not tensor.requires_grad:
            return None
        edge = get_gradient_edge(tensor)
    except (RuntimeError, AssertionError, AttributeError):
        # a view of a leaf made under no_grad says that it requires grad, and leads nowhere; torch says the same of a
        # tensor of another level of torch.func
        return None
    return edge.node, edge.output_nr


def key_of(function: AutogradFunction) -> int:
    """Return the key by which an autograd node is known.

    It is not the Python object: to hold that would keep the graph, and all that it has saved for backward, alive for
    longer than the program does. Autograd numbers its nodes as a thread creates them; only those of leaves have no
    number of their own and must be referenced.
    """
    number: int = function._sequence_nr()
    return number if number != _UNNUMBERED else -id(function)


_UNNUMBERED: Final = 2**64 - 1


class Ownership:
    """The recorded node that an autograd node is a part of (`owner`), and how the gradients of the autograd node are
    recorded.

    `outputs`: by number, its outputs that are an output of a recorded node, null for the others. `slots`: by number,
    for its inputs that lead out of the recorded node the edge that the contribution travels along, null for the others.
    `accumulator`: the autograd node itself where it is a leaf's, which accumulates into `.grad`. `claimed`: its slots
    are known.
    """

    __slots__ = ("accumulator", "claimed", "outputs", "owner", "slots")

    def __init__(self, function: AutogradFunction, key: int, owner: NodeRecord) -> None:
        self.owner = owner
        self.claimed = False
        self.accumulator: AutogradFunction | None = function if key < 0 else None
        self.outputs: list[Port | None] = []
        self.slots: list[EdgeRecord | None] = []

    def port(self, number: int) -> Port | None:
        """Return the port whose gradient is the gradient of output `number`."""
        return self.outputs[number] if number < len(self.outputs) else None


class AutogradStructure:
    """The autograd side of the recorded nodes.

    The autograd nodes of leaves are not among its own: a reference to one would keep the leaf alive.
    `known_leaf_port` tells whose they are.
    """

    def __init__(self, known_leaf_port: FindLeafPort) -> None:
        self._owned: dict[int, Ownership] = {}
        self._known_leaf_port = known_leaf_port

    def forget(self) -> None:
        """Forget all recorded nodes."""
        self._owned = {}

    def find(self, function: AutogradFunction) -> Ownership | None:
        """Return the ownership of an autograd node; null when no recorded node is known to own it."""
        return self._owned.get(key_of(function))

    def port(self, function: AutogradFunction, number: int, key: int | None = None) -> Port | None:
        """Return the port whose gradient is the gradient of output `number` of an autograd node. `key`: that of the
        autograd node, where it is at hand.
        """
        if key is None:
            key = key_of(function)
        owned = self._owned.get(key)
        if owned is None:
            return self._known_leaf_port(function) if key < 0 else None
        return owned.port(number)

    def add_result(self, function: AutogradFunction, key: int, number: int, port: Port) -> Port:
        """Note that output `number` of an autograd node, known by `key`, is the result `port` of an operation. Return
        the port that it is known as, if it is that of another operation, and else `port`.
        """
        owned = self._owned.get(key)
        known = self.port(function, number, key) if owned is not None or key < 0 else None
        if known is not None and known[0] is not port[0]:
            return known
        if owned is None and number == 0 and key >= 0:
            owned = self._owned[key] = Ownership(function, key, port[0])
            owned.outputs.append(port)
        else:
            self.set_output_port(function, key, number, port)
        return port

    def set_output_port(self, function: AutogradFunction, key: int, number: int, port: Port) -> None:
        """Note that the gradient of output `number` of an autograd node, known by `key`, is the gradient of `port`."""
        if key < 0:
            return
        owned = self._owned.get(key)
        if owned is None:
            owned = self._owned[key] = Ownership(function, key, port[0])
        outputs = owned.outputs
        while len(outputs) <= number:
            outputs.append(None)
        outputs[number] = port

    def release(self, record: NodeRecord, function: AutogradFunction) -> None:
        """Forget that `record` owns the autograd nodes from `function` to its inputs, so that it can claim them."""
        seen: set[int] = set()
        pending = [function]
        while pending:
            key = key_of(current := pending.pop())
            owned = self._owned.get(key)
            if key in seen or (owned is not None and owned.owner is not record):
                continue
            seen.add(key)
            self._owned.pop(key, None)
            pending += [following for following, _ in current.next_functions if following is not None]

    def reachable(self, roots: list[AutogradFunction]) -> list[tuple[AutogradFunction, Ownership]]:
        """Return every owned autograd node that a backward pass from `roots` may visit, once each.

        This is a loop and no recursion, because chains may be 100,000 nodes long.
        """
        known = self._owned
        seen: set[int] = set()
        found: list[tuple[AutogradFunction, Ownership]] = []
        pending = list(roots)
        while pending:
            function = pending.pop()
            key = function._sequence_nr()
            if key == _UNNUMBERED:
                key = -id(function)
            if key in seen:
                continue
            seen.add(key)
            owned = known.get(key)
            if owned is None and key < 0:
                owned = self._leaf_ownership(function, key)
            if owned is not None:
                found.append((function, owned))
            for following, _ in function.next_functions:
                if following is not None:
                    pending.append(following)
        return found

    def _leaf_ownership(self, function: AutogradFunction, key: int) -> Ownership | None:
        port = self._known_leaf_port(function)
        if port is None:
            return None
        owned = Ownership(function, key, port[0])
        owned.outputs.append(port)
        return owned

    def claim(
        self,
        record: NodeRecord,
        functions: list[AutogradFunction],
        edges: list[EdgeRecord],
        find_leaf_port: FindLeafPort,
    ) -> list[AutogradFunction]:
        """Claim for `record` the autograd nodes between its results' own, `functions`, and its inputs. Return them in
        the order in which backward runs them.

        Every way out of them gets one of `edges`, the edges into `record`; edges that autograd has and the call did not
        show are added. One result may have been computed from another (the `h` of an LSTM cell from its `c`): that is
        an edge from `record` to itself.
        """
        free = edges.copy()
        known = self._owned
        pending = functions
        claimed: list[AutogradFunction] = []
        while pending:
            function = pending.pop()
            key = function._sequence_nr()
            if key == _UNNUMBERED:
                key = -id(function)
            ownership = known.get(key)
            if ownership is None:
                ownership = known[key] = Ownership(function, key, record)
            elif ownership.claimed or ownership.owner is not record:
                continue
            ownership.claimed = True
            claimed.append(function)
            if key % SPACING == ANCHORED:
                anchor(function)
            slots = ownership.slots
            for following, number in function.next_functions:
                if following is None:
                    slots.append(None)
                    continue
                key = following._sequence_nr()
                owned = known.get(key if key != _UNNUMBERED else -id(following))
                port = find_leaf_port(following) if owned is None else owned.port(number)
                slots.append(None if port is None else _edge_for(port, record, free, edges))
                if (owned is None and port is None) or (owned is not None and owned.owner is record):
                    pending.append(following)
        if len(claimed) > 1:
            # backward runs the youngest of the nodes that are ready
            claimed.sort(key=key_of, reverse=True)
        record.autograd = _types(claimed)
        return claimed


_SINGLE: dict[type, tuple[type, ...]] = {}


def _types(functions: list[AutogradFunction]) -> tuple[type, ...]:
    """Return the types of autograd nodes; for a single node of torch's own always the same tuple object."""
    if len(functions) != 1:
        return tuple(map(type, functions))
    kind = type(functions[0])
    single = _SINGLE.get(kind)
    if single is None:
        single = (kind,)
        # a custom Function's class is the program's own and must not outlive it
        if kind.__module__ != "__main__":
            _SINGLE[kind] = single
    return single


def _edge_for(port: Port, record: NodeRecord, free: list[EdgeRecord], edges: list[EdgeRecord]) -> EdgeRecord:
    """Return the next unused edge from `port`, else a used one (its contributions add up), else a new one."""
    for edge in free:
        if edge.source == port:
            free.remove(edge)
            return edge
    for edge in edges:
        if edge.source == port:
            return edge
    edge = EdgeRecord(port, record, "")
    edges.append(edge)
    return edge
