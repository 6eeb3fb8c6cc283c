"""The reason why no gradient reaches a node: one, with one sentence, for the stage, the findings and the questions."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import is_whole
from gradwalk.iteration.wording import at_line

ReasonKind = Literal[
    "no-backward", "not-required", "not-asked", "cut", "numbers-taken-out", "unused", "leads-elsewhere"
]

_COPYING: Final = ("tensor", "as_tensor", "asarray", "new_tensor")
_LEAVING: Final = re.compile(r"\.data\b|\.item\(\)|\.tolist\(\)|\.numpy\(\)|\bfloat\(")
"""The ways in which a program takes numbers out of a tensor without a torch call that gives a tensor."""


class Reason(NamedTuple):
    """The reason why a node has no gradient.

    `why`: the clause after "No gradient reaches w: ". `todo`: what to do about it, empty where nothing is wrong.
    `at`: the operation that is the cause; `line`: of the program. `deliberate`: gradients were switched off
    there, as for an evaluation. `on_purpose`: the value is meant to be a constant, so nothing is wrong.
    """

    kind: ReasonKind
    why: str
    todo: str = ""
    at: Node | None = None
    line: int | None = None
    deliberate: bool = False
    on_purpose: bool = False


class MissingGradients:
    """The reasons of one iteration. `passes`: the numbers of the backward passes that count, all of them by default.
    `lines`: of the program.
    """

    def __init__(self, iteration: IndexedIteration, lines: Sequence[str] = (), passes: Sequence[int] | None = None):
        self._iteration = iteration
        self._graph = iteration.graph
        self._lines = lines
        chosen = range(len(iteration.body.backward)) if passes is None else passes
        self._passes = [iteration.body.backward[number] for number in chosen]

    def reason(self, node: Node) -> Reason | None:
        """Return why no gradient reaches the node; null where one does."""
        if any(gradient is not None for each in self._passes for gradient in each.gradients.get(node.id, ())):
            return None
        if not self._passes:
            return Reason("no-backward", "this iteration has no backward pass")
        if not node.requires_grad:
            cut = next((flow for flow in self._graph.into.get(node.id, ()) if flow.source.requires_grad), None)
            if cut is None:
                return Reason("not-required", "it does not require one, so backward leaves it out")
            return cut_reason(self._iteration, cut)
        if node.id in self._open:
            return Reason("not-asked", "this pass did not compute one for it")
        if node.id in self._cuts:
            return self._cuts[node.id]
        return self._without_way(node)

    @cached_property
    def _roots(self) -> list[str]:
        return list(dict.fromkeys(root.node for each in self._passes for root in each.roots))

    @cached_property
    def _behind_roots(self) -> set[str]:
        return self._graph.before(self._roots)

    @cached_property
    def _open(self) -> set[str]:
        """The nodes that a gradient can come back to from a root."""
        return self._reached_back(root for root in self._roots if self._graph.nodes[root].requires_grad)

    @cached_property
    def _cuts(self) -> dict[str, Reason]:
        """The reason for each node whose way to the root is cut; cuts that nobody makes on purpose come first."""
        cuts = [
            flow
            for flow in self._graph.flows.values()
            if flow.source.requires_grad and not flow.target.requires_grad and flow.target.id in self._behind_roots
        ]
        found: dict[str, Reason] = {}
        for on_purpose in (False, True):
            for cut in cuts:
                if self._is_on_purpose(cut) is on_purpose:
                    reason = cut_reason(self._iteration, cut)
                    reason = reason._replace(on_purpose=True) if on_purpose else reason
                    for node in self._reached_back([cut.source.id], found):
                        found[node] = reason
        return found

    def _reached_back(self, ends: Iterable[str], without: Iterable[str] = ()) -> set[str]:
        """Return the nodes that a gradient at these ends could flow back to, where nothing cuts the way."""
        stop = set(without)
        found: set[str] = set()
        waiting = list(ends)
        while waiting:
            node = waiting.pop()
            if node not in found and node not in stop:
                found.add(node)
                waiting += [flow.source.id for flow in self._graph.into.get(node, ()) if flow.source.requires_grad]
        return found

    def _is_on_purpose(self, cut: Flow) -> bool:
        """Return whether the value goes on only as the target of a loss, or into a custom autograd.Function, whose own
        backward decides.
        """
        arguments, seen, waiting = set[str](), {cut.target.id}, [cut.target]
        while waiting:
            for flow in self._graph.out_of.get(waiting.pop().id, ()):
                if flow.target.requires_grad:
                    arguments.add(flow.edge.argument)
                elif flow.target.id not in seen:
                    seen.add(flow.target.id)
                    waiting.append(flow.target)
        return arguments == {"target"} or "forward" in arguments

    def _without_way(self, node: Node) -> Reason:
        """Return the reason of a node that no way leads on from to a root."""
        taken_out = self.taken_out(node)
        if taken_out is not None:
            return taken_out
        if node.kind != "operation" and not self._graph.out_of.get(node.id):
            return Reason("unused", "no operation uses it", "Use it on the way to the loss, or delete it.")
        root = self._graph.nodes[self._roots[0]].name if self._roots else None
        return Reason("leads-elsewhere", f"nothing leads from it to {root or 'the loss'}, where backward starts")

    def taken_out(self, node: Node) -> Reason | None:
        """Return the reason that the numbers of a result of the node leave PyTorch; null where they do not."""
        for end in self._open_ends(node):
            found = self._taken_out(end)
            if found is not None:
                what, line = found
                return Reason(
                    "numbers-taken-out",
                    f"{what} in line {line} takes the numbers out of PyTorch, and what is computed from them has no "
                    "history",
                    f"Leave {what} out there: use it only for printing and for lists of results.",
                    at=end,
                    line=line,
                )
        return None

    def _open_ends(self, node: Node) -> list[Node]:
        """Return the results that the node leads to and that no operation with a gradient uses. Only those of a leaf
        are looked for.
        """
        if node.kind == "operation":
            return []
        ends: list[Node] = []
        seen, waiting = {node.id}, [node]
        while waiting:
            flows = self._graph.out_of.get((at := waiting.pop()).id, [])
            if at.kind == "operation" and not any(flow.target.requires_grad for flow in flows):
                ends.append(at)
            for flow in flows:
                if flow.target.requires_grad and flow.target.id not in seen:
                    seen.add(flow.target.id)
                    waiting.append(flow.target)
        return ends

    def _taken_out(self, end: Node) -> tuple[str, int] | None:
        """Return the call that takes the numbers out of a result, such as `.item()`, and its line: the result's own, or
        one that names the result.
        """
        own = _LEAVING.search(self._lines[end.line - 1]) if end.line and 0 < end.line <= len(self._lines) else None
        if own is not None and end.line is not None:
            return own[0].rstrip("("), end.line
        if end.name is None or not end.name.isidentifier():
            return None
        named = re.compile(
            rf"\b{end.name}(?:\.detach\(\)|\.cpu\(\))*(\.data\b|\.item\(\)|\.tolist\(\)|\.numpy\(\))|\bfloat\({end.name}\)"
        )
        for number, line in enumerate(self._lines, start=1):
            found = named.search(line)
            if found is not None and "print" not in line:
                return found[1] or "float", number
        return None


def cut_reason(iteration: IndexedIteration, cut: Flow) -> Reason:
    """Return why no gradient comes back through an operation."""
    node, value = cut.target, iteration.value(cut.target.id)
    if node.op in ("detach", "detach_"):
        why = f"detach in line {node.line} cuts the way back from the loss"
        todo = "Use the tensor itself there, and detach only what shall be a constant."
    elif node.op in _COPYING:
        why = f"torch.{node.op} in line {node.line} copies the numbers and forgets what they were computed from"
        todo = "Use the tensor itself instead of making a new one of it; torch.stack and torch.cat join several."
    elif is_whole(value) and value is not None:
        why = f"{at_line(node)} gives {value.dtype} numbers, and those have no derivative"
        todo = "Go on with the decimal numbers from before that operation: softmax instead of argmax, and no .long()."
    else:
        why = f"{at_line(node)} ran where gradients are off"
        todo = "Compute what shall learn outside of torch.no_grad(); that is for evaluating and for updates by hand."
        return Reason("cut", why, todo, node, node.line, deliberate=True)
    return Reason("cut", why, todo, node, node.line)
