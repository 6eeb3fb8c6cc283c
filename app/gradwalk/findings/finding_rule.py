"""The base of all rules, and the merging of what a rule sees in many iterations into one finding."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding, Severity
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration

_MOST_SIGNS = 1000


@dataclass(frozen=True)
class Details:
    """The parts of a finding beside its sentence. Null: the node's line, the rule's severity, the rule's advice."""

    others: Iterable[Node] = ()
    line: int | None = None
    severity: Severity | None = None
    todo: str | None = None


class Rule(ABC):
    """A rule that looks at one iteration after the other and returns its findings at the end. It has none where it
    cannot judge.

    `code`: of its findings. `title`: a short name for them. `todo`: the advice that they give.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity] = "warning"
    todo: ClassVar[str]

    def __init__(self, run: RecordedRun) -> None:
        self.run = run

    @abstractmethod
    def look(self, iteration: IndexedIteration) -> None:
        """Look at the next iteration."""

    @abstractmethod
    def found(self) -> Iterable[Finding]:
        """Return the findings, the most important first."""

    def finding(
        self, iteration: IndexedIteration | None, node: Node | None, why: str, details: Details = Details()
    ) -> Finding:
        """Return a finding of this rule, seen in one iteration."""
        others = dict.fromkeys(other.id for other in details.others if node is None or other.id != node.id)
        return Finding(
            code=self.code,
            severity=details.severity or self.severity,
            graph=iteration.graph.id if iteration is not None and node is not None else None,
            node=None if node is None else node.id,
            others=list(others),
            line=details.line if details.line is not None else (None if node is None else node.line),
            iteration=None if iteration is None else iteration.index,
            iterations=0 if iteration is None else 1,
            why=why,
            todo=details.todo or self.todo,
            docs=f"docs/findings.md#{self.code}",
        )


class Signs:
    """Counts of signs: for each thing seen in many iterations, its first finding and the number of iterations."""

    def __init__(self) -> None:
        self._first: dict[Hashable, Finding] = {}
        self._last: dict[Hashable, int] = {}
        self._counts: dict[Hashable, int] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._first

    def __iter__(self) -> Iterator[Finding]:
        for key, finding in self._first.items():
            yield finding.model_copy(update={"iterations": self._counts[key]})

    def again(self, key: Hashable, iteration: IndexedIteration) -> bool:
        """Count this iteration for a known sign. Return false for a new sign, which has to be added."""
        if key not in self._first:
            return False
        if self._last[key] != iteration.index:
            self._counts[key] += 1
            self._last[key] = iteration.index
        return True

    def add(self, key: Hashable, finding: Finding) -> None:
        """Add a new sign with its finding."""
        if finding.iteration is not None and len(self._first) < _MOST_SIGNS:
            self._first[key], self._last[key], self._counts[key] = finding, finding.iteration, 1

    def drop(self, key: Hashable) -> None:
        """Remove a sign that proved to be a false alarm."""
        self._first.pop(key, None)
