"""The places that a lesson's text names: what the stage shows when a reader comes to a stop.

    [before] [iteration K | iteration last] start | end | loss | forward NAME | backward NAME | update NAME

NAME is the name of a node (`z`, `net.fc1.weight`) or of an operation (`relu`); `#2` after it means the second one in
the order of the steps. K counts from 0; without it, the iteration is 0. `before` is the step before: the stage waits
there until the stop's question is answered.
"""

import re
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.snapshot import Graph, Iteration, Node, Step

GRAMMAR: Final = (
    "a place is start, end, loss, forward NAME, backward NAME or update NAME, "
    "perhaps with before, iteration K or iteration last in front of it"
)

_PLACE: Final = re.compile(
    r"(?P<before>before )?(?:iteration (?P<iteration>\d{1,9}|last) )?"
    r"(?:(?P<keyword>start|end|loss)|(?P<way>forward|backward|update) (?P<name>[^\s#]+)(?:#(?P<nth>[1-9]\d{0,5}))?)"
)
_KINDS: Final = {
    "loss": ("operation",),
    "forward": ("leaf", "operation"),
    "backward": ("backward", "accumulate"),
    "update": ("update",),
}
"""The kinds of steps that each keyword means."""


@dataclass(frozen=True)
class Place:
    """A place as the text names it. `iteration`: from 0, null for the last one. `where`: the keyword; `name`: of a node
    or an operation, null where the keyword has none; `nth`: which one of that name, from 1. `before`: whether the stage
    waits at the step before.
    """

    iteration: int | None
    where: str
    name: str | None
    nth: int
    before: bool = False


@dataclass(frozen=True)
class StopPosition:
    """A place in one snapshot: the indices of iteration and step, and the id of the node that it is about, if any.
    `waits_at`: the index of the step at which the stage waits for an answer; `step` where it does not wait.
    """

    iteration: int
    step: int
    node: str | None
    waits_at: int


def read_place(text: str) -> Place:
    """Parse a place. Raises ValueError with the grammar."""
    found = _PLACE.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(f'"{text.strip()}" is no place: {GRAMMAR}')
    iteration = found["iteration"] or "0"
    return Place(
        iteration=None if iteration == "last" else int(iteration),
        where=found["keyword"] or found["way"],
        name=found["name"],
        nth=int(found["nth"] or 1),
        before=found["before"] is not None,
    )


def iteration_of(place: Place, count: int) -> int:
    """Return the index of a place's iteration in a snapshot with `count` iterations. Raises ValueError."""
    if count == 0:
        raise ValueError("the program's run has no iteration")
    iteration = count - 1 if place.iteration is None else place.iteration
    if iteration >= count:
        raise ValueError(f"there is no iteration {iteration}: the last one of the program's run is {count - 1}")
    return iteration


def position_in(place: Place, graph: Graph, iteration: Iteration) -> StopPosition:
    """Find a place in its iteration. Raises ValueError with the names that exist instead."""
    if not iteration.steps:
        raise ValueError(f"iteration {iteration.index} has no steps")
    if place.where in ("start", "end"):
        return _position(place, iteration, 0 if place.where == "start" else len(iteration.steps) - 1, None)
    step = _step_in(place, {node.id: node for node in graph.nodes}, iteration)
    return _position(place, iteration, step.index, step.node)


def _position(place: Place, iteration: Iteration, step: int, node: str | None) -> StopPosition:
    if place.before and step == 0:
        raise ValueError(f"iteration {iteration.index} has no step before its first one")
    return StopPosition(iteration.index, step, node, waits_at=step - 1 if place.before else step)


def _step_in(place: Place, nodes: dict[str, Node], iteration: Iteration) -> Step:
    kinds = _KINDS[place.where]
    steps = [step for step in iteration.steps if step.kind in kinds]
    if place.where == "loss":
        steps = [step for step in steps if step.phase == "loss"]
        if not steps:
            raise ValueError(f"iteration {iteration.index} computes no loss")
        return steps[-1]
    # a name in the program has precedence over the name of an operation in PyTorch
    found = [s for s in steps if nodes[s.node].name == place.name] or [
        s for s in steps if nodes[s.node].op == place.name
    ]
    if not found:
        raise ValueError(
            f"iteration {iteration.index} has no {place.where} step of {place.name}, only of {_names(steps, nodes)}"
        )
    if place.nth > len(found):
        raise ValueError(f"{place.name} has only {len(found)} {place.where} steps in iteration {iteration.index}")
    return found[place.nth - 1]


def _names(steps: list[Step], nodes: dict[str, Node]) -> str:
    named = dict.fromkeys(nodes[step.node].name or nodes[step.node].op or step.node for step in steps)
    return ", ".join(named) or "nothing"
