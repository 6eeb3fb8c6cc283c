"""The parts of a snapshot that rules read beside its iterations: the graphs and the lines of the program."""

from functools import cached_property

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.findings.program_calls import ProgramCalls
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration


class RecordedRun:
    """A snapshot without its iterations. `lines`: of the program."""

    def __init__(self, head: SnapshotHead) -> None:
        self.head = head
        self.graphs = [IndexedGraph(graph) for graph in head.graphs]
        self.lines = head.program.source.splitlines()

    @cached_property
    def text(self) -> ProgramCalls:
        """The calls of the program."""
        return ProgramCalls(self.head.program.source)

    @cached_property
    def completed(self) -> bool:
        """True where the program ran to its end: only then is it certain that it never does something."""
        return self.head.outcome.status == "completed" and self.head.truncated is None

    def line(self, number: int | None) -> str:
        """Return the text of one line of the program."""
        return self.lines[number - 1] if number is not None and 0 < number <= len(self.lines) else ""

    def iteration(self, body: Iteration) -> IndexedIteration:
        """Return an iteration, indexed."""
        return IndexedIteration(self.graphs[body.graph], body)
