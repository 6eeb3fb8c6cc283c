"""One number that comes back along an edge, as upstream gradient times local derivative."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.snapshot import Node, Tensor
from gradwalk.errors import GradwalkError
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.questions.elements import places, position
from gradwalk.questions.question_rule import Spot
from gradwalk.questions.question_words import element, number, operation, times

_MANY: Final = 1000
_ROUNDING: Final = 1e-6


@dataclass(frozen=True)
class Factors:
    """The factors of one contribution.

    `only`: nothing else comes back to the node, so that the contribution is its gradient. `meaning`: the reason for the
    local derivative. `value`: the product, as PyTorch recorded it. `place`: of the element that it comes back to;
    `arrived_at`: the name of the number that the upstream gradient has arrived at; `root`: the name of the number that
    the pass began at, and empty where it began at several.
    """

    arrival: Arrival
    graph: IndexedGraph
    place: tuple[int, ...] | None
    arrived_at: str
    root: str
    upstream: float
    local: float
    value: float
    meaning: str
    only: bool

    @property
    def source(self) -> Node:
        """The node that the contribution comes back to."""
        return self.arrival.flow.source

    @property
    def target(self) -> Node:
        """The operation that it comes from."""
        return self.arrival.flow.target

    @property
    def receiver(self) -> str:
        """The number that it comes back to, by name."""
        return element(self.graph, self.source, self.arrival.tensor.shape, self.place)

    @property
    def trivial(self) -> bool:
        """Return whether it is 1 × 1, as the numbers are written."""
        return number(self.upstream) == number(self.local) == "1"

    @property
    def what(self) -> str:
        """`the gradient of w`, or `the contribution to x` where others are added to it."""
        return f"the gradient of {self.receiver}" if self.only else f"the contribution to {self.receiver}"

    @property
    def given(self) -> str:
        """A sentence about what the stage shows before the step."""
        return f"The gradient that has arrived at {self.arrived_at} is {number(self.upstream)}."

    @property
    def why(self) -> str:
        """The chain rule with the numbers put in."""
        return (
            f"The chain rule: upstream gradient times local derivative. {number(self.upstream)} has arrived at "
            f"{self.arrived_at}, and its local derivative by {self.receiver} is {number(self.local)}. "
            f"{self.meaning} So {self.what} is {times(self.upstream, self.local)} = {number(self.value)}."
        )


def factors_of(iteration: IndexedIteration, arrival: Arrival, flat: int) -> Factors | None:
    """Return the factors of a contribution. Null where it is not one product of two known numbers, or not the result of
    the formula.
    """
    source, tensor = arrival.flow.source, arrival.tensor
    place = position(tensor.shape, flat)
    if place is None:
        return None
    try:
        said = explain(iteration, Subject(arrival.flow.edge.id, arrival.number, element=place))
    except GradwalkError:
        return None
    if said.agrees is not True or len(said.terms) != 1 or said.rest is not None or said.recorded is None:
        return None
    (term,) = said.terms
    alone = len(iteration.arrivals_at[arrival.number, source.id]) == 1
    seeds = iteration.body.backward[arrival.number].seeds
    return Factors(
        arrival=arrival,
        graph=iteration.graph,
        place=place,
        arrived_at=_arrived_at(iteration, arrival, tuple(term.upstream.index)),
        root=_root(iteration, arrival.number),
        upstream=float(term.upstream.value),
        local=float(term.value),
        value=float(said.recorded),
        meaning=_counted(said.meaning, tensor.shape, iteration.value(arrival.flow.target.id)),
        only=alone and source.id not in seeds,
    )


def is_noise(iteration: IndexedIteration, number: int, value: float) -> bool:
    """Return whether a gradient of a pass is only the rounding of larger ones that cancel: it is not 0, and less than
    a millionth of the largest that came back anywhere in the pass.
    """
    return 0 < abs(value) < _ROUNDING * iteration.largest_gradient(number)


def _arrived_at(iteration: IndexedIteration, arrival: Arrival, place: tuple[int, ...]) -> str:
    """Return the name of the number that a gradient has arrived at. Where that is one of many, it is an element."""
    target = arrival.flow.target
    upstream = iteration.gradient_in(arrival.number, target.id)
    shape = [] if upstream is None else upstream.shape
    if math.prod(shape) == 1:
        return operation(iteration.graph, target)
    return element(iteration.graph, target, shape, place)


def _root(iteration: IndexedIteration, number: int) -> str:
    backward = iteration.body.backward[number]
    value = iteration.value(backward.root.node, backward.root.output)
    one = len(backward.roots) == 1 and value is not None and math.prod(value.shape) == 1
    return iteration.graph.names.get(backward.root.node, "") if one else ""


def _counted(meaning: str, source: Sequence[int], target: Tensor | None) -> str:
    """Return the reason with the count of numbers that a mean is taken of."""
    if target is None or math.prod(target.shape) == 0:
        return meaning
    count = math.prod(source) // math.prod(target.shape)
    for place, said in (("one n-th", f"1/{count}"), ("the n ", f"the {count} ")):
        meaning = meaning.replace(place, said)
    return meaning


def spots_of(iteration: IndexedIteration, per_edge: int) -> Iterator[Spot]:
    """Yield a spot for each of a few elements of each contribution, by edge and flat position; where there are many
    contributions, one each.
    """
    most = per_edge if len(iteration.arrivals) <= _MANY else 1
    for arrival in iteration.arrivals:
        for flat in places(arrival.tensor)[:most]:
            yield Spot(arrival.step.index, f"{arrival.flow.edge.id}-{flat}")


def at(iteration: IndexedIteration, spot: Spot) -> Factors | None:
    """Return the factors at one of these spots."""
    edge, _, flat = spot.key.partition("-")
    for arrival in iteration.arrivals:
        if arrival.step.index == spot.step and arrival.flow.edge.id == edge:
            return factors_of(iteration, arrival, int(flat))
    return None
