"""The text of a program, read for what a recording does not show: which calls stand in it, where, and in what order."""

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

OPTIMIZERS: Final = frozenset(
    [
        *("ASGD", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "Muon", "NAdam", "RAdam"),
        *("RMSprop", "Rprop", "SGD", "SparseAdam"),
    ]
)
_SCHEDULERS: Final = ("ReduceLROnPlateau", "CosineAnnealingWarmRestarts", "ChainedScheduler")


class ProgramCall(NamedTuple):
    """One call in the text. `name`: the last part of what is called; `receiver`: the part before it, `net.layers`.
    `scope`: the line of the function definition that it stands in, 0 outside of all; `function`: its name; `loop`: the
    line of the innermost loop around it, 0 outside of all. `targets`: what its result is assigned to.
    """

    name: str
    receiver: str
    line: int
    scope: int
    function: str
    loop: int
    targets: tuple[str, ...]
    node: ast.Call

    @property
    def place(self) -> tuple[int, int]:
        """The line and the column: several calls can share a line."""
        return self.line, self.node.col_offset

    def keyword(self, name: str) -> ast.expr | None:
        """Return what is given for a keyword."""
        return next((each.value for each in self.node.keywords if each.arg == name), None)


class ProgramCalls:
    """The calls of a program in the order of its lines. A text that Python cannot read has none."""

    def __init__(self, source: str) -> None:
        try:
            self._tree: ast.Module | None = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._tree = None

    @cached_property
    def calls(self) -> list[ProgramCall]:
        """All calls."""
        return sorted(self._read(), key=lambda call: call.place)

    @cached_property
    def optimizers(self) -> list[ProgramCall]:
        """The calls that make an optimizer."""
        return [call for call in self.calls if call.name in OPTIMIZERS]

    @cached_property
    def optimizer_steps(self) -> list[ProgramCall]:
        """The calls of an optimizer's step."""
        schedulers = {
            target
            for call in self.calls
            if call.name.endswith("LR") or call.name in _SCHEDULERS
            for target in call.targets
        }
        steps = [
            call
            for call in self.named("step")
            if call.receiver not in schedulers and "sched" not in call.receiver.lower()
        ]
        known = {target for call in self.optimizers for target in call.targets}
        return [call for call in steps if call.receiver in known or _takes_optimizer(call, known)] or steps

    def named(self, *names: str) -> list[ProgramCall]:
        """Return the calls of these names."""
        return [call for call in self.calls if call.name in names]

    def named_only(self, *names: str) -> list[tuple[str, int]]:
        """Return the statements that name a method and do not call it, as `loss.backward` does, with their lines."""
        nodes = [] if self._tree is None else [n for n in ast.walk(self._tree) if isinstance(n, ast.Expr)]
        found = [(dotted(n.value), n.lineno) for n in nodes if isinstance(n.value, ast.Attribute)]
        return sorted([each for each in found if each[0].rpartition(".")[2] in names], key=lambda each: each[1])

    @cached_property
    def loops(self) -> list[ast.For]:
        """All for loops."""
        return [] if self._tree is None else [node for node in ast.walk(self._tree) if isinstance(node, ast.For)]

    @cached_property
    def assignments(self) -> list[tuple[ast.stmt, ast.expr]]:
        """Every assignment with its right side, in the order of the lines."""
        nodes = [] if self._tree is None else list(ast.walk(self._tree))
        found = [(node, node.value) for node in nodes if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)]
        return sorted([(node, value) for node, value in found if value is not None], key=lambda pair: (pair[0].lineno,))

    def _read(self) -> Iterator[ProgramCall]:
        if self._tree is None:
            return
        waiting: list[tuple[ast.AST, int, str, int, tuple[str, ...]]] = [(self._tree, 0, "", 0, ())]
        while waiting:
            node, scope, function, loop, targets = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                scope, function = node.lineno, node.name
            if isinstance(node, ast.For | ast.While):
                loop = node.lineno
            if isinstance(node, ast.Call):
                receiver, _, name = dotted(node.func).rpartition(".")
                yield ProgramCall(name, receiver, node.lineno, scope, function, loop, targets, node)
            value: ast.AST | None = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            own = tuple(dotted(target) for target in targets_of(node))
            if isinstance(node, ast.Subscript | ast.Attribute):
                # grad(...)[0] and nn.Linear(...).to(device) are assigned as what they are taken from
                value, own = node.value, targets
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                value, own = node.func, targets
            for child in ast.iter_child_nodes(node):
                waiting.append((child, scope, function, loop, own if child is value else ()))


def targets_of(node: ast.AST) -> list[ast.expr]:
    """Return what a statement assigns to, the parts of a tuple one by one."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
        targets = [node.target]
    else:
        return []
    return [part for each in targets for part in (each.elts if isinstance(each, ast.Tuple | ast.List) else [each])]


def dotted(node: ast.AST) -> str:
    """Return a name with its attributes, `self.net.fc1`; calls and indices on the way are left out."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        else:
            return ".".join(reversed(parts))
    return ".".join([node.id, *reversed(parts)])


def _takes_optimizer(call: ProgramCall, known: set[str]) -> bool:
    """Return whether an optimizer is handed over, as to the scaler of mixed precision."""
    return any(dotted(argument) in known for argument in call.node.args)
