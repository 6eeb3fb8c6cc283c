"""Leaves that get no gradient, and backward passes that find nobody to give one to."""

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding, Severity
from gradwalk.findings.finding_rule import Rule
from gradwalk.findings.finding_words import called, listed, short
from gradwalk.findings.gradient_cuts import Reason, Ways, enters_as, left_by, reason
from gradwalk.findings.snapshot_view import Flow, Moment, Run

_MOST_LEAVES: Final = 1000


def leaf_key(leaf: Node) -> tuple[object, ...]:
    """What a leaf is in every graph."""
    return (leaf.name,) if leaf.name else (None, leaf.line)


class _Unreached(Rule):
    """A rule about leaves that get no gradient in any iteration, told together where they have the same reason."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._reached: set[tuple[object, ...]] = set()
        self._sights: dict[tuple[object, ...], tuple[Finding, Reason]] = {}
        self._counts: dict[tuple[object, ...], int] = {}
        self._names: dict[tuple[object, ...], str] = {}
        self._blind = False

    def look(self, moment: Moment) -> None:
        """A leaf that is written by hand learns in another way. Where a gradient went on into what was computed in an
        earlier iteration, nobody saw which leaves it reached.
        """
        self._blind = self._blind or any(n.kind == "input" and n.requires_grad for n in moment.graph.nodes.values())
        for leaf in moment.graph.parameters:
            key = leaf_key(leaf)
            if leaf.id in moment.updated or any(True for _ in moment.gradients(leaf.id)):
                self._reached.add(key)
            elif not leaf.requires_grad or not moment.passes or key in self._reached:
                continue
            elif key in self._sights:
                self._counts[key] += 1
            elif len(self._sights) < _MOST_LEAVES and (sight := self._sight(moment, leaf)):
                self._sights[key], self._counts[key], self._names[key] = sight, 1, called(leaf)

    def found(self) -> Iterable[Finding]:
        """One for each reason."""
        together: dict[str, list[tuple[object, ...]]] = {}
        for key in self._sights:
            if key not in self._reached and not self._blind:
                together.setdefault(self._sights[key][1].why, []).append(key)
        for keys in together.values():
            first, why = self._sights[keys[0]]
            others = [*first.others, *(n for key in keys[1:] if (n := self._sights[key][0].node) is not None)]
            yield first.model_copy(
                update={
                    "why": self._sentence([self._names[key] for key in keys], why),
                    "iterations": max(self._counts[key] for key in keys),
                    "others": list(dict.fromkeys(others)),
                }
            )

    @abstractmethod
    def _sight(self, moment: Moment, leaf: Node) -> tuple[Finding, Reason] | None:
        """A finding about one leaf, and its reason."""

    @abstractmethod
    def _sentence(self, names: list[str], why: Reason) -> str:
        """Why, for these leaves."""


class NoGradient(_Unreached):
    """A leaf requires a gradient and never gets one, though the loss was computed from its numbers."""

    code = "gradient-none"
    title = "A parameter gets no gradient"
    todo = "Compute the loss from it by operations that a gradient can flow back through."

    def _sight(self, moment: Moment, leaf: Node) -> tuple[Finding, Reason] | None:
        ways = Ways(moment.graph, leaf)
        if not ways.reached.isdisjoint(root.id for root in moment.roots):
            return None  # it has a way: the pass was asked for other leaves only
        for cut in ways.cuts:
            if cut.target.id in moment.before_roots and not _on_purpose(enters_as(moment, cut)):
                why = reason(moment, cut)
                severity: Severity = "note" if why.deliberate else self.severity
                at = cut.target
                made = self.finding(moment, leaf, "", others=[at], line=at.line, severity=severity, todo=why.todo)
                return made, why
        for end in ways.open_ends:
            what = left_by(self.run, end) if end.kind == "operation" else None
            if what is not None:
                why = Reason(
                    f"{what[0]} in line {what[1]} takes the numbers out of PyTorch, and what is computed from them has "
                    "no history",
                    f"Leave {what[0]} out there: use it only for printing and for lists of results.",
                )
                return self.finding(moment, leaf, "", others=[end], line=what[1], todo=why.todo), why
        return None

    def _sentence(self, names: list[str], why: Reason) -> str:
        return f"The .grad of {listed(names)} is None: {why.why}."


class UnusedParameter(_Unreached):
    """A leaf requires a gradient, and the loss was not computed from it."""

    code = "unused-parameter"
    title = "A parameter that the loss does not depend on"
    severity = "note"
    todo = "Use it on the way to the loss, or delete it."

    def look(self, moment: Moment) -> None:
        """One that is used in any iteration is used."""
        for leaf in moment.graph.parameters:
            if moment.graph.out_of.get(leaf.id):
                self._reached.add(leaf_key(leaf))
        super().look(moment)

    def _sight(self, moment: Moment, leaf: Node) -> tuple[Finding, Reason] | None:
        return self.finding(moment, leaf, ""), Reason("", "")

    def _sentence(self, names: list[str], why: Reason) -> str:
        return f"The .grad of {listed(names)} is None: no operation uses {'it' if len(names) == 1 else 'them'}."


class NoWayBack(Rule):
    """A backward pass that failed, for nothing that it could reach requires a gradient."""

    code = "no-way-back"
    title = "Backward has nowhere to go"
    severity = "error"
    todo = "Create what shall learn with requires_grad=True, as parameters of nn modules are."

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._last: Finding | None = None
        error = run.head.outcome.error
        self._failed = error is not None and "does not require grad and does not have a grad_fn" in error.message

    def look(self, moment: Moment) -> None:
        """The pass that failed is the last one of all."""
        if not self._failed or not moment.body.backward:
            return
        graph, last = moment.graph, moment.body.backward[-1]
        root = graph.nodes.get(last.root.node)
        if root is None or last.gradients:
            return
        nodes = graph.before([root.id])
        cuts = [f for i in sorted(nodes, key=_number) for f in graph.into.get(i, ()) if _cuts(f)]
        if cuts:
            why = reason(moment, cuts[-1])
            self._last = self.finding(
                moment,
                cuts[-1].target,
                f"No gradient can leave {called(root)}: {why.why}.",
                others=[root],
                todo=why.todo,
            )
            return
        leaves = [graph.nodes[i] for i in sorted(nodes, key=_number) if graph.nodes[i].op is None]
        named = [short(leaf.name) for leaf in leaves if leaf.name]
        of = f": {'none of ' if len(named) > 1 else ''}{listed(named)}" if named else ""
        verb = "requires" if len(named) != 1 else "does not require"
        sentence = f"No gradient can leave {called(root)}{of} {verb} one." if named else self._nothing(root)
        self._last = self.finding(moment, root, sentence, others=leaves, line=last.line)

    def found(self) -> Iterable[Finding]:
        """At most one."""
        return [] if self._last is None else [self._last]

    def _nothing(self, root: Node) -> str:
        return f"No gradient can leave {called(root)}: nothing that it was computed from requires one."


class NotALeaf(Rule):
    """The program reads the `.grad` of a tensor that was computed: PyTorch keeps only those of leaves."""

    code = "gradient-of-a-result"
    title = "The .grad of a computed tensor is read"
    todo = "Call retain_grad() on it before backward."
    _WARNED: Final = re.compile(
        r"program\.py:(\d{1,9}): UserWarning: The \.grad attribute of a Tensor that is not a leaf"
    )

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        printed = "".join(entry.text for entry in run.head.console if entry.stream == "stderr")
        found = self._WARNED.search(printed)
        self._line = int(found[1]) if found else None
        self._read = set(re.findall(r"([A-Za-z_][\w.]*)\.grad\b", run.line(self._line)))
        self._first: Finding | None = None

    def look(self, moment: Moment) -> None:
        """The tensor is found by its name."""
        if self._line is None or self._first is not None:
            return
        for node in moment.graph.operations:
            if node.name in self._read and node.requires_grad:
                name = called(node)
                self._first = self.finding(
                    moment,
                    node,
                    f"The .grad of {name} is None: {name} is the result of {short(node.op or 'an operation')} in line "
                    f"{node.line}, and backward keeps only the gradients of leaves.",
                    line=self._line,
                    todo=f"To look at its gradient, call {name}.retain_grad() before backward; if {name} shall learn, "
                    "make it a leaf by calling requires_grad_() as the last thing when it is made.",
                )

    def found(self) -> Iterable[Finding]:
        """At most one."""
        return [] if self._first is None else [self._first]


def _on_purpose(arguments: set[str]) -> bool:
    """Whether a value is only the target of a loss, or goes into a custom autograd.Function, whose backward decides."""
    return arguments == {"target"} or "forward" in arguments


def _cuts(flow: Flow) -> bool:
    return flow.source.requires_grad and not flow.target.requires_grad


def _number(node: str) -> int:
    return int(node[1:])
