"""One number that comes back along an edge, as upstream gradient times local derivative."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.errors import GradwalkError
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.questions.elements import places, position
from gradwalk.questions.question_rule import Spot
from gradwalk.questions.question_words import element, number, operation, times

_MANY: Final = 1000


@dataclass(frozen=True)
class Factors:
    """The factors of one contribution.

    `only`: nothing else comes back to the node, so that the contribution is its gradient. `meaning`: the reason for the
    local derivative. `value`: the product, as PyTorch recorded it.
    """

    arrival: Arrival
    place: tuple[int, ...] | None
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
        return element(self.source, self.arrival.tensor.shape, self.place)

    @property
    def what(self) -> str:
        """`the gradient of w`, or `the contribution to x` where others are added to it."""
        return f"the gradient of {self.receiver}" if self.only else f"the contribution to {self.receiver}"

    @property
    def given(self) -> str:
        """A sentence about what the stage shows before the step."""
        return f"The gradient that has arrived at {operation(self.target)} is {number(self.upstream)}."

    @property
    def why(self) -> str:
        """The chain rule with the numbers put in."""
        return (
            f"The chain rule: upstream gradient times local derivative. {number(self.upstream)} has arrived at "
            f"{operation(self.target)}, and its local derivative by {self.receiver} is {number(self.local)}. "
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
        place=place,
        upstream=float(term.upstream.value),
        local=float(term.value),
        value=float(said.recorded),
        meaning=said.meaning,
        only=alone and source.id not in seeds,
    )


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
