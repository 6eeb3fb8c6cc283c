"""Findings about leaves that get no gradient, and about backward passes that reach no leaf."""

import ast
import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding, Severity
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.program_calls import ProgramCalls, dotted, targets_of
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.missing_gradient import MissingGradients, Reason, cut_reason
from gradwalk.iteration.wording import called, listed, short

_MOST_LEAVES: Final = 1000
_NONE_USES_THEM: Final = Reason("unused", "no operation uses them")


def leaf_key(leaf: Node) -> tuple[object, ...]:
    """Return the identity of a leaf across graphs."""
    return (leaf.name,) if leaf.name else (None, leaf.line)


class _Unreached(Rule):
    """A rule about leaves that get no gradient in any iteration, told together where they have the same reason."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._reached: set[tuple[object, ...]] = set()
        self._sights: dict[tuple[object, ...], tuple[Finding, Reason]] = {}
        self._counts: dict[tuple[object, ...], int] = {}
        self._names: dict[tuple[object, ...], str] = {}
        self._blind = False

    def look(self, iteration: IndexedIteration) -> None:
        """Look for leaves without a gradient.

        A leaf that is written by hand learns in another way. Where a gradient went on into what was computed in an
        earlier iteration, nobody saw which leaves it reached.
        """
        self._blind = self._blind or any(n.kind == "input" and n.requires_grad for n in iteration.graph.leaves)
        missing = MissingGradients(iteration, self.run.lines)
        for leaf in iteration.graph.parameters:
            key = leaf_key(leaf)
            if leaf.id in iteration.updated or any(True for _ in iteration.gradients(leaf.id)):
                self._reached.add(key)
            elif not leaf.requires_grad or not iteration.passes or key in self._reached:
                continue
            elif key in self._sights:
                self._counts[key] += 1
            elif len(self._sights) < _MOST_LEAVES:
                reason = missing.reason(leaf)
                finding = None if reason is None else self._sight(iteration, leaf, reason)
                if reason is not None and finding is not None:
                    self._sights[key], self._counts[key], self._names[key] = (finding, reason), 1, called(leaf)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each reason."""
        together: dict[str, list[tuple[object, ...]]] = {}
        for key in self._sights:
            if key not in self._reached and not self._blind:
                together.setdefault(self._sights[key][1].why, []).append(key)
        for keys in together.values():
            first, reason = self._sights[keys[0]]
            others = [*first.others, *(n for key in keys[1:] if (n := self._sights[key][0].node) is not None)]
            yield first.model_copy(
                update={
                    "why": self._sentence([self._names[key] for key in keys], reason),
                    "iterations": max(self._counts[key] for key in keys),
                    "others": list(dict.fromkeys(others)),
                }
            )

    def _sentence(self, names: list[str], reason: Reason) -> str:
        """Return the finding's sentence about these leaves."""
        return f"The .grad of {listed(names)} is None: {reason.why}."

    @abstractmethod
    def _sight(self, iteration: IndexedIteration, leaf: Node, reason: Reason) -> Finding | None:
        """Return a finding about one leaf; null where this reason is not the rule's."""


class NoGradient(_Unreached):
    """A leaf requires a gradient and never gets one, though the loss was computed from its numbers."""

    code = "gradient-none"
    title = "A parameter gets no gradient"
    todo = "Compute the loss from it by operations that a gradient can flow back through."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._taken: dict[tuple[object, ...], tuple[IndexedIteration, Node, Reason]] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Look for such leaves, also for those of a part that ran before: the numbers that were taken out of it are
        data in the graph of the loss.
        """
        if iteration.passes:
            super().look(iteration)
            self._used_as_data(iteration)
            return
        missing = MissingGradients(iteration, self.run.lines)
        for leaf in iteration.graph.parameters:
            reason = missing.taken_out(leaf) if leaf.requires_grad and len(self._taken) < _MOST_LEAVES else None
            if reason is not None:
                self._taken.setdefault(leaf_key(leaf), (iteration, leaf, reason))

    def _used_as_data(self, iteration: IndexedIteration) -> None:
        names = {leaf.name for leaf in iteration.graph.leaves if leaf.kind == "input" and leaf.name}
        for key, (before, leaf, reason) in self._taken.items():
            assigned = re.match(r"\s*([A-Za-z_]\w*)\s*=(?!=)", self.run.line(reason.line))
            finding = self._sight(before, leaf, reason) if assigned is not None and assigned[1] in names else None
            if finding is not None and key not in self._sights:
                self._sights[key], self._counts[key], self._names[key] = (finding, reason), 0, called(leaf)
            if key in self._sights:
                self._counts[key] += 1

    def _sight(self, iteration: IndexedIteration, leaf: Node, reason: Reason) -> Finding | None:
        if reason.at is None or reason.on_purpose:
            return None
        severity: Severity = "note" if reason.deliberate else self.severity
        details = Details(others=[reason.at], line=reason.line, severity=severity, todo=reason.todo)
        return self.finding(iteration, leaf, "", details)


class UnusedParameter(_Unreached):
    """A leaf requires a gradient, and the loss was not computed from it."""

    code = "unused-parameter"
    title = "A parameter that the loss does not depend on"
    severity = "note"
    todo = "Use it on the way to the loss, or delete it."

    def look(self, iteration: IndexedIteration) -> None:
        """Look for unused leaves; one that is used in any iteration is used."""
        for leaf in iteration.graph.parameters:
            if iteration.graph.out_of.get(leaf.id):
                self._reached.add(leaf_key(leaf))
        super().look(iteration)

    def _sight(self, iteration: IndexedIteration, leaf: Node, reason: Reason) -> Finding | None:
        return self.finding(iteration, leaf, "") if reason.kind == "unused" else None

    def _sentence(self, names: list[str], reason: Reason) -> str:
        return super()._sentence(names, reason if len(names) == 1 else _NONE_USES_THEM)


class NoWayBack(Rule):
    """A backward pass that failed, for nothing that it could reach requires a gradient."""

    code = "no-way-back"
    title = "Backward has nowhere to go"
    severity = "error"
    todo = "Create what shall learn with requires_grad=True, as parameters of nn modules are."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._last: Finding | None = None
        self._prediction: Node | None = None
        error = run.head.outcome.error
        self._failed = error is not None and "does not require grad and does not have a grad_fn" in error.message

    def look(self, iteration: IndexedIteration) -> None:
        """Look at the last pass, which is the one that failed."""
        if self._failed and not iteration.body.backward:
            self._prediction = _unused_result(iteration, "")
        if not self._failed or not iteration.body.backward:
            return
        graph, last = iteration.graph, iteration.body.backward[-1]
        root = graph.nodes.get(last.root.node)
        if root is None or last.gradients:
            return
        nodes = graph.before([root.id])
        cuts = [f for i in sorted(nodes, key=_number) for f in graph.into.get(i, ()) if _cuts(f)]
        if cuts:
            reason = cut_reason(iteration, cuts[-1])
            self._last = self.finding(
                iteration,
                cuts[-1].target,
                f"No gradient can leave {called(root)}: {reason.why}.",
                Details(others=[root], todo=reason.todo),
            )
            return
        leaves = [graph.nodes[i] for i in sorted(nodes, key=_number) if graph.nodes[i].op is None]
        made = re.search(r"\btorch\.(?:as_)?tensor\(|\.item\(\)|\.detach\(\)|\.data\b", self.run.line(root.line))
        if root.op is None and made is not None:
            name = called(root)
            why = f"Line {root.line} makes {name} anew out of the bare number: nothing leads from it back to a weight."
            todo = f"Call backward on the loss itself, and leave the new tensor in line {root.line} out."
            self._last = self.finding(iteration, root, why, Details(line=root.line, todo=todo))
            return
        other = self._of_a_gradient(iteration, leaves) or self._of_no_prediction(iteration, root, leaves)
        if other is not None:
            self._last = self.finding(iteration, root, other[0], Details(others=leaves, line=last.line, todo=other[1]))
            return
        named = [short(leaf.name) for leaf in leaves if leaf.name]
        frozen = self._freezing() if any("." in name for name in named) else None
        if frozen is not None:
            weights = listed([name for name in named if "." in name])
            why = (
                f"No gradient can leave {called(root)}: {weights} are frozen since line {frozen}, nothing else learns."
            )
            todo = f"Leave requires_grad=False in line {frozen} out for what shall learn."
            self._last = self.finding(iteration, root, why, Details(others=leaves, line=last.line, todo=todo))
            return
        of = f": {'none of ' if len(named) > 1 else ''}{listed(named)}" if named else ""
        verb = "requires" if len(named) != 1 else "does not require"
        sentence = f"No gradient can leave {called(root)}{of} {verb} one." if named else self._nothing(root)
        self._last = self.finding(iteration, root, sentence, Details(others=leaves, line=last.line))

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._last is None else [self._last]

    def _of_a_gradient(self, iteration: IndexedIteration, leaves: list[Node]) -> tuple[str, str] | None:
        """Return why and what to do where the result was computed from a gradient that has no history itself."""
        text = self.run.text
        calls = [
            c for c in text.named("grad") if not c.keyword("create_graph") and "autograd" in (c.receiver or "autograd")
        ]
        names = {leaf.name for leaf in leaves}
        for call in calls:
            if names & _computed_from(text, set(call.targets)) or any(leaf.line == call.line for leaf in leaves):
                what = call.targets[0] if call.targets else "the gradient"
                return (
                    f"{what} is a gradient that autograd.grad gave in line {call.line} without create_graph=True: it "
                    "is a bare number, which does not know how it was computed.",
                    f"Write create_graph=True in the call of line {call.line}: then the gradient has a graph itself.",
                )
        for leaf in leaves:
            line = self.run.line(leaf.line)
            if ".grad" in line and "backward" not in line and not leaf.requires_grad and leaf.name and "=" in line:
                return (
                    f"{called(leaf)} in line {leaf.line} is read from .grad, which backward filled without "
                    "create_graph=True: it is a bare number, which does not know how it was computed.",
                    "Compute it by torch.autograd.grad(loss, x, create_graph=True), whose result has a graph.",
                )
        return None

    def _of_no_prediction(self, iteration: IndexedIteration, root: Node, leaves: list[Node]) -> tuple[str, str] | None:
        """Return why and what to do where a result that needs gradients is there, and the loss does not use it."""
        unused = _unused_result(iteration, root.id) or self._prediction
        data = [leaf for leaf in leaves if leaf.name]
        if unused is None or not data:
            return None
        why = (
            f"{called(root)} is computed only from {listed([short(leaf.name or '') for leaf in data])}, not from "
            f"{called(unused)} of line {unused.line}: what the network gives does not go into the loss."
        )
        return why, f"Compute the loss in line {root.line} from {called(unused)} and the target."

    def _freezing(self) -> int | None:
        """Return the line that switches gradients off for parameters."""
        for number, line in enumerate(self.run.lines, start=1):
            if re.search(r"requires_grad\s*=\s*False|requires_grad_\(\s*False", line):
                return number
        return None

    def _nothing(self, root: Node) -> str:
        return f"No gradient can leave {called(root)}: nothing that it was computed from requires one."


class ConstantPenalty(Rule):
    """A part of the loss is computed from a gradient that autograd.grad gave without create_graph=True: a constant."""

    code = "gradient-without-graph"
    title = "A gradient without a graph in the loss"
    severity = "error"
    todo = "Write create_graph=True in the call of autograd.grad."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._found: Finding | None = None
        self._showing: set[int] = set()
        text = run.text
        self._calls = [c for c in text.named("grad") if not c.keyword("create_graph") and "autograd" in c.receiver]
        names = {target for call in self._calls for target in call.targets}
        inside = {call.function for call in self._calls if call.function}
        returned = {t for c in text.calls if c.name in inside for t in c.targets}
        self._names = _computed_from(text, names | returned) if self._calls else set()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for a constant of such a name among the summands of a loss."""
        graph = iteration.graph
        for leaf in graph.leaves if self._calls else ():
            value = iteration.value(leaf.id)
            name = leaf.name if leaf.name is not None else self._named_in(leaf.line)
            if leaf.requires_grad or name is None or name not in self._names or value is None or value.shape:
                continue
            uses = [flow.target for flow in graph.out_of.get(leaf.id, ()) if flow.target.id in iteration.before_roots]
            uses = [use for use in uses if value.data != [0.0] and not _is_step(iteration, use)]
            if not any((use.op or "").strip("_") in ("add", "sub", "mul", "iadd") for use in uses):
                continue
            self._showing.add(iteration.index)
            if self._found is None:
                line = self._calls[0].line
                why = (
                    f"{short(name)} goes into the loss as a bare number: autograd.grad in line {line} gave a gradient "
                    "without a graph, so nothing flows back through it and no weight learns from it."
                )
                todo = f"Write create_graph=True in the call of line {line}."
                self._found = self.finding(iteration, leaf, why, Details(others=uses, line=line, todo=todo))

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._found is None else [self._found.model_copy(update={"iterations": len(self._showing)})]

    def _named_in(self, line: int | None) -> str | None:
        """Return the first such name in a line: a constant that is computed there has no name itself."""
        words = re.findall(r"[A-Za-z_]\w*", self.run.line(line).partition("=")[2])
        return next((word for word in words if word in self._names), None)


def _is_step(iteration: IndexedIteration, use: Node) -> bool:
    """Return whether a gradient is used in `w - lr * g`, where w is what autograd.grad was asked about: first-order
    MAML drops the graph of g on purpose.
    """
    graph = iteration.graph
    sums = [use, *(flow.target for flow in graph.out_of.get(use.id, ()))]
    stepped = {flow.source.id for one in sums for flow in graph.into.get(one.id, ())}
    return any(
        node in each.gradients and all(flow.edge.id not in each.contributions for flow in graph.into.get(node, ()))
        for each in iteration.passes
        for node in stepped
    )


class NotALeaf(Rule):
    """The program reads the `.grad` of a tensor that was computed: PyTorch keeps only those of leaves."""

    code = "gradient-of-a-result"
    title = "The .grad of a computed tensor is read"
    todo = "Call retain_grad() on it before backward."
    _WARNED: Final = re.compile(
        r"program\.py:(\d{1,9}): UserWarning: The \.grad attribute of a Tensor that is not a leaf"
    )

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        printed = "".join(entry.text for entry in run.head.console if entry.stream == "stderr")
        found = self._WARNED.search(printed)
        self._line = int(found[1]) if found else None
        self._read = set(re.findall(r"([A-Za-z_][\w.]*)\.grad\b", run.line(self._line)))
        self._first: Finding | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Look for the tensor by its name."""
        if self._line is None or self._first is not None:
            return
        for node in iteration.graph.operations:
            if node.name in self._read and node.requires_grad:
                name = called(node)
                if re.match(
                    rf"\s*{re.escape(name)}\s*=\s*{re.escape(name)}\s*[-+].*\.grad\b", self.run.line(node.line)
                ):
                    self._first = self._rebound(iteration, node, name)
                    return
                self._first = self.finding(
                    iteration,
                    node,
                    f"The .grad of {name} is None: {name} is the result of {short(node.op or 'an operation')} in line "
                    f"{node.line}, and backward keeps only the gradients of leaves.",
                    Details(
                        line=self._line,
                        todo=f"To look at its gradient, call {name}.retain_grad() before backward; if {name} shall "
                        "learn, make it a leaf by calling requires_grad_() as the last thing when it is made.",
                    ),
                )

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._first is None else [self._first]

    def _rebound(self, iteration: IndexedIteration, node: Node, name: str) -> Finding:
        """Return the finding about an update by hand that makes a new tensor in place of the leaf."""
        sign = "-=" if node.op == "sub" else "+="
        step = re.sub(r"^.*?=[^-+]*[-+]\s*", "", self.run.line(node.line).partition("#")[0].strip())
        why = (
            f"Line {node.line} does not change {name}, it makes a new tensor of that name: {name} is then the result "
            f"of {short(node.op or 'an operation')}, no leaf any more, and its .grad stays None."
        )
        todo = (
            f"Change {name} in place, where gradients are off: {name} {sign} {short(step)} inside with torch.no_grad()."
        )
        return self.finding(iteration, node, why, Details(line=self._line, todo=todo))


def _unused_result(iteration: IndexedIteration, root: str) -> Node | None:
    """Return the last result that needs gradients and that nothing uses, one with a name if there is one."""
    graph = iteration.graph
    ends = [n for n in graph.operations if n.requires_grad and not graph.out_of.get(n.id) and n.id != root]
    return next((n for n in reversed(ends) if n.name), ends[-1] if ends else None)


def _computed_from(text: ProgramCalls, names: set[str]) -> set[str | None]:
    """Return the names whose values the program computes from these, and these."""
    found: set[str | None] = {name for name in names if name}
    for statement, value in text.assignments:
        used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        if used & found:
            found |= {dotted(target) for target in targets_of(statement)}
    return found


def _cuts(flow: Flow) -> bool:
    return flow.source.requires_grad and not flow.target.requires_grad


def _number(node: str) -> int:
    return int(node[1:])
