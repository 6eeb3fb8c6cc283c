"""Findings about layers that a network does not own: they stand in a Python list, or are made anew in every forward."""

import re
from collections.abc import Hashable, Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.program_calls import ProgramCall, ProgramCalls, dotted, targets_of
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import Array, numbers
from gradwalk.iteration.wording import called, listed

_WEIGHTED: Final = re.compile(
    r"(Lazy)?(Linear|Bilinear|Conv(Transpose)?[123]d|Embedding|EmbeddingBag|RNN|LSTM|GRU|RNNCell|LSTMCell|GRUCell|"
    r"BatchNorm[123]d|LayerNorm|GroupNorm|MultiheadAttention|Transformer\w*Layer|Parameter)$"
)
_HELD: Final = re.compile(r"^(?P<owner>[A-Za-z_][\w.]*)(?P<index>\[[^\]]*\])")
_MOST_LEAVES: Final = 1000
_KINDS: Final = {
    "List": ("list", "ModuleList"),
    "ListComp": ("list", "ModuleList"),
    "Tuple": ("tuple", "ModuleList"),
    "Dict": ("dict", "ModuleDict"),
    "DictComp": ("dict", "ModuleDict"),
}
"""The ways to write a container, what it is, and the module that does the same."""


class _NotUpdated(Rule):
    """A rule about parameters that get gradients and that no optimizer updates, though one updates others."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._updated: set[Hashable] = set()
        self._stepped = False
        self._left: dict[Hashable, Finding] = {}
        self._names: dict[Hashable, str] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Collect the parameters of layers that are in use."""
        nodes = iteration.graph.nodes
        self._updated |= {leaf_key(nodes[u.node]) for u in iteration.body.updates if u.node in nodes}
        self._stepped = self._stepped or any(u.optimizer is not None for u in iteration.body.updates)
        for leaf in iteration.graph.parameters:
            key = leaf_key(leaf)
            if len(self._left) < _MOST_LEAVES and iteration.last_gradient(leaf.id) is not None:
                self.keep(iteration, leaf, key)

    def keep(self, iteration: IndexedIteration, leaf: Node, key: Hashable) -> None:
        """Keep a leaf that gets a gradient, with the first finding about it."""
        if key not in self._left:
            self._left[key] = self.finding(iteration, leaf, "", Details(line=leaf.line))
            self._names[key] = called(leaf)

    def left(self) -> list[Hashable]:
        """Return the leaves that nothing updated."""
        return [key for key in self._left if key not in self._updated]


class LayersInList(_NotUpdated):
    """Layers in a Python list, dict or tuple are no part of the module that holds them."""

    code = "layers-in-a-list"
    title = "Layers in a Python list"
    severity = "error"
    todo = "Put them into nn.ModuleList."

    def found(self) -> Iterable[Finding]:
        """Return one finding for each list."""
        together: dict[str, list[Hashable]] = {}
        for key in self.left():
            held = _HELD.match(self._names[key])
            if held is not None:
                together.setdefault(held["owner"], []).append(key)
        for owner, keys in together.items():
            made = _list_of(self.run.text, owner)
            if made is None or not (self._stepped or self.run.text.optimizers):
                continue
            line, kind, better = made
            names = [self._names[key] for key in keys]
            verb = "gets a gradient and is" if len(names) == 1 else "get gradients and are"
            net = owner.rpartition(".")[0]
            why = (
                f"{owner} is a Python {kind}: its layers are no part of {net or 'a module'}, so the optimizer does not "
                f"know them, and {listed(names)} {verb} never updated."
            )
            todo = f"Write nn.{better}(...) around the {kind} in line {line}, so that parameters() finds the layers."
            yield self._left[keys[0]].model_copy(update={"why": why, "todo": todo, "line": line})


class LayerInForward(_NotUpdated):
    """A layer is made in forward: every call has new random weights, and nothing that it learns stays."""

    code = "layer-in-forward"
    title = "A layer made anew in every forward"
    severity = "error"
    todo = "Make the layer once, in __init__."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._values: dict[Hashable, Array] = {}
        self._changed: set[Hashable] = set()

    def keep(self, iteration: IndexedIteration, leaf: Node, key: Hashable) -> None:
        """Keep a leaf, and compare its numbers with those of the iteration before."""
        super().keep(iteration, leaf, key)
        value = numbers(iteration.value(leaf.id))
        before = self._values.get(key)
        if value is not None and key not in self._updated:
            if before is not None and (before.shape != value.shape or bool(np.any(before != value))):
                self._changed.add(key)
            self._values[key] = value

    def found(self) -> Iterable[Finding]:
        """Return one finding for all such layers."""
        made = [call for call in self.run.text.calls if _is_made_in_forward(call)]
        keys = [key for key in self.left() if not _HELD.match(self._names[key])]
        if not made:
            made = [call for call in self.run.text.calls if _is_made_in_a_function(call, self._names_of(self._changed))]
            keys = [key for key in keys if key in self._changed]
        lines = {line for call in made for line in range(call.scope, call.scope + 200)}
        keys = [key for key in keys if self._left[key].line in lines]
        keys = [key for key in keys if any(_names(call, self._names[key]) for call in made)]
        if not made or not keys:
            return
        call = made[0]
        what = listed([self._names[key] for key in keys])
        why = (
            f"Line {call.line} makes a new {call.name} in every call of {call.function}: {what} start again with "
            "random numbers each time, the optimizer never sees them, and nothing that they learn is kept."
        )
        name = call.targets[0] if call.targets else "layer"
        todo = f"Make it once in __init__, self.{name} = nn.{call.name}(...), and use self.{name} in {call.function}."
        if call.function != "forward":
            todo = f"Make it once, before {call.function} is called for the first time, and give it to the optimizer."
        yield self._left[keys[0]].model_copy(update={"why": why, "todo": todo, "line": call.line})

    def _names_of(self, keys: Iterable[Hashable]) -> set[str]:
        return {self._names[key].partition(".")[0] for key in keys}


def owned_elsewhere(name: str, text: ProgramCalls) -> bool:
    """Return whether one of the rules here tells why no optimizer knows a parameter."""
    held = _HELD.match(name)
    if held is not None:
        return _list_of(text, held["owner"]) is not None
    return any(_is_made_in_forward(call) and _names(call, name) for call in text.calls)


def _names(call: ProgramCall, name: str) -> bool:
    return not call.targets or call.targets[0] == name.partition(".")[0]


def _is_made_in_forward(call: ProgramCall) -> bool:
    """Return whether a layer is made in forward and not kept in an attribute."""
    kept = any("." in target for target in call.targets)
    return call.function in ("forward", "__call__") and bool(_WEIGHTED.match(call.name)) and not kept


def _is_made_in_a_function(call: ProgramCall, names: set[str]) -> bool:
    return bool(call.scope and _WEIGHTED.match(call.name) and names.intersection(call.targets))


def _list_of(text: ProgramCalls, owner: str) -> tuple[int, str, str] | None:
    """Return where a list of layers is made, what it is, and what to use in its place; null where it is no list."""
    last = owner.rpartition(".")[2]
    for statement, value in text.assignments:
        kind = _KINDS.get(type(value).__name__)
        if kind is not None and last in {dotted(target).rpartition(".")[2] for target in targets_of(statement)}:
            return statement.lineno, *kind
    return None
