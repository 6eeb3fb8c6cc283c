"""The finding about values that are changed through .data, where autograd does not see it."""

import re
from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.wording import at_line

_EDIT: Final = re.compile(
    r"(?<![\w.])(?P<name>[A-Za-z_][\w.]*?)\.data(?:\[[^\]]*\])?\s*"
    r"(?P<how>[-+*/]=|=(?!=)|\.(?!copy_\b|requires_grad_\b|detach_\b)[a-z]\w*_\()"
)
_MOST_EDITS: Final = 100
_BACKWARD: Final = re.compile(r"\.backward\(")


class DataEdit(Rule):
    """A value changes through .data between forward and backward: the gradient belongs to another computation."""

    code = "data-edit"
    title = "A change through .data that autograd does not see"
    severity = "error"
    todo = "Write the change as an operation, so that autograd sees it."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._edits: list[tuple[int, str, str]] = []
        for line, text in enumerate(run.lines, start=1):
            found = _EDIT.search(text.partition("#")[0])
            if found is not None and len(self._edits) < _MOST_EDITS:
                self._edits.append((line, found["name"], found["how"]))
        self._found: dict[int, Finding] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Look for the tensors by name, among those that a gradient came back to."""
        for line, name, how in self._edits:
            node = self._edited(iteration, line, name)
            if node is not None and line not in self._found:
                self._found[line] = self._told(iteration, node, line, how)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each line."""
        return list(self._found.values())

    def _edited(self, iteration: IndexedIteration, line: int, name: str) -> Node | None:
        """Return the tensor that a line changes: a result, or a parameter that was used before and whose backward comes
        after.
        """
        graph = iteration.graph
        for node in graph.operations:
            learns = node.name == name and node.requires_grad and node.id in iteration.before_roots
            if learns and node.line is not None and node.line < line and self._next_backward(line) is not None:
                return node
        uses = [
            flow.target
            for leaf in graph.parameters
            if leaf.name == name
            for flow in graph.out_of.get(leaf.id, ())
            if flow.target.id in iteration.before_roots
        ]
        used = [node for node in uses if node.line is not None and node.line < line]
        after = self._next_backward(line)
        before = self._next_backward(max((node.line or 0 for node in used), default=0))
        # a backward between the use and the edit has done its work already
        return used[0] if used and after is not None and before is not None and before > line else None

    def _next_backward(self, line: int) -> int | None:
        """Return the line of the next backward in the same block: indented as deep or deeper than this line."""
        for number, text in enumerate(self.run.lines[line:], start=line + 1):
            if _BACKWARD.search(text):
                return number
        return None

    def _told(self, iteration: IndexedIteration, node: Node, line: int, how: str) -> Finding:
        name = self.run.lines[line - 1].partition(".data")[0].split()[-1]
        if node.name == name:
            why = (
                f"Line {line} changes {name} through .data, behind the back of autograd: what follows uses the new "
                f"numbers, and backward goes through {at_line(node)} as if nothing had happened."
            )
            todo = f"Make it an operation, such as {name} = {name} + ..., or torch.where and clamp without .data."
        else:
            why = (
                f"Line {line} changes {name} through .data after {at_line(node)} has used it: backward computes with "
                "the new numbers, and PyTorch cannot warn."
            )
            todo = f"Change {name} after backward, inside with torch.no_grad()."
        return self.finding(iteration, node, why, Details(line=line, todo=todo))
