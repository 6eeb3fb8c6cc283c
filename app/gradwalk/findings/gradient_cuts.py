"""Where the way of a gradient ends, and why: which operation forgets what its input was computed from."""

import re
from typing import Final, NamedTuple

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding_words import at_line
from gradwalk.findings.recorded_numbers import is_whole
from gradwalk.findings.snapshot_view import Flow, GraphView, Moment, Run

_COPYING: Final = ("tensor", "as_tensor", "asarray", "new_tensor")
_LEAVING: Final = re.compile(r"\.data\b|\.item\(\)|\.tolist\(\)|\.numpy\(\)|\bfloat\(")
"""How a program takes the numbers out of a tensor by no torch call that gives a tensor."""


class Reason(NamedTuple):
    """`why`: what goes on after "The .grad of w is None: ". `deliberate`: whether programs do this on purpose."""

    why: str
    todo: str
    deliberate: bool = False


class Ways:
    """Every way on from a leaf. `reached`: what a gradient could come back from. `cuts`: where a value goes on and a
    gradient does not come back. `open_ends`: results that no operation uses.
    """

    def __init__(self, graph: GraphView, leaf: Node) -> None:
        self.reached: set[str] = set()
        self.cuts: list[Flow] = []
        self.open_ends: list[Node] = []
        waiting = [leaf]
        while waiting:
            node = waiting.pop()
            if node.id in self.reached:
                continue
            self.reached.add(node.id)
            flows = graph.out_of.get(node.id, [])
            self.cuts += [flow for flow in flows if not flow.target.requires_grad]
            waiting += [flow.target for flow in flows if flow.target.requires_grad]
            if not flows:
                self.open_ends.append(node)


def reason(moment: Moment, cut: Flow) -> Reason:
    """Why no gradient comes back through an operation, and what to do about it."""
    node, value = cut.target, moment.value(cut.target.id)
    if node.op in ("detach", "detach_"):
        return Reason(
            f"detach in line {node.line} cuts the way back from the loss",
            "Use the tensor itself there, and detach only what shall be a constant.",
        )
    if node.op in _COPYING:
        return Reason(
            f"torch.{node.op} in line {node.line} copies the numbers and forgets what they were computed from",
            "Use the tensor itself instead of making a new one of it; torch.stack and torch.cat join several.",
        )
    if is_whole(value) and value is not None:
        return Reason(
            f"{at_line(node)} gives {value.dtype} numbers, and those have no derivative",
            "Go on with the decimal numbers from before that operation: softmax instead of argmax, and no .long().",
        )
    return Reason(
        f"{at_line(node)} ran where gradients are off",
        "Compute what shall learn outside of torch.no_grad(); that is for evaluating and for updates by hand.",
        deliberate=True,
    )


def left_by(run: Run, end: Node) -> tuple[str, int] | None:
    """What takes the numbers out of this result, in its own line or in one that names it: `.item()`, and the line."""
    own = _LEAVING.search(run.line(end.line))
    if own is not None and end.line is not None:
        return own[0].rstrip("("), end.line
    if end.name is None or not end.name.isidentifier():
        return None
    named = re.compile(rf"\b{end.name}(\.data\b|\.item\(\)|\.tolist\(\)|\.numpy\(\))|\bfloat\({end.name}\)")
    for number, line in enumerate(run.lines, start=1):
        found = named.search(line)
        if found is not None and "print" not in line:
            return found[1] or "float", number
    return None


def enters_as(moment: Moment, cut: Flow) -> set[str]:
    """The arguments by which what is cut off there enters operations that a gradient flows through."""
    graph, seen, waiting = moment.graph, {cut.target.id}, [cut.target]
    arguments: set[str] = set()
    while waiting:
        for flow in graph.out_of.get(waiting.pop().id, ()):
            if flow.target.requires_grad:
                arguments.add(flow.edge.argument)
            elif flow.target.id not in seen:
                seen.add(flow.target.id)
                waiting.append(flow.target)
    return arguments
