"""The parts of a snapshot that rules read beside its iterations: the graphs and the lines of the program."""

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration


class RecordedRun:
    """A snapshot without its iterations. `lines`: of the program."""

    def __init__(self, head: SnapshotHead) -> None:
        self.head = head
        self.graphs = [IndexedGraph(graph) for graph in head.graphs]
        self.lines = head.program.source.splitlines()

    def line(self, number: int | None) -> str:
        """Return the text of one line of the program."""
        return self.lines[number - 1] if number is not None and 0 < number <= len(self.lines) else ""

    def iteration(self, body: Iteration) -> IndexedIteration:
        """Return an iteration, indexed."""
        return IndexedIteration(self.graphs[body.graph], body)
