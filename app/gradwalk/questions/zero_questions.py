"""Questions about gradients that are exactly zero: behind a dead ReLU, a mask, a factor of 0."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.iteration.recorded_numbers import is_zero
from gradwalk.operations.registry import operation_of
from gradwalk.questions.elements import array, position
from gradwalk.questions.question import Choice
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import listed, node_choices, number, operation

_MOST: Final = 6


class ZeroGradients(Rule):
    """Asked before the operation that lets nothing through: which of these leaves get a gradient of exactly 0."""

    code = "zero-gradients"
    title = "Which nodes get a gradient of zero"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        blocked = {arrival.number for arrival in iteration.arrivals if is_zero(arrival.tensor) is True}
        return (Spot(step.index, f"p{number}") for number, step in iteration.pass_beginnings if number in blocked)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        reached = [iteration.graph.nodes[node] for number_, node in iteration.arrivals_at if number_ == this]
        reached.sort(key=lambda node: (node.name is None, node.kind == "operation"))
        zero = [node for node in reached if is_zero(iteration.gradient_in(this, node.id)) is True]
        other = [node for node in reached if is_zero(iteration.gradient_in(this, node.id)) is False]
        killer = next((a for a in iteration.arrivals if a.number == this and _kills(iteration, a)), None)
        if not zero or not other or killer is None:
            return None
        names = iteration.graph.names
        half = zero[: _MOST // 2]
        offered = {node.id for node in half + other[: _MOST - len(half)]}
        target = killer.flow.target
        return Asked(
            text="Before the gradients flow back: which of these will get a gradient of exactly 0?",
            form="several",
            expected=tuple(node.id for node in iteration.graph.nodes.values() if node in zero and node.id in offered),
            choices=node_choices(
                iteration.graph, [node for node in iteration.graph.nodes.values() if node.id in offered]
            ),
            why=f"{operation(iteration.graph, target)} lets nothing through on the way to "
            f"{names[killer.flow.source.id]}: its local derivative there is 0. {_reason(target)} Upstream "
            f"times 0 is 0, and it stays 0 on the whole way back, so "
            f"{listed([names[node.id] for node in half])} {'gets' if len(half) == 1 else 'get'} 0.",
            about=("zeros", this),
            node=target.id,
            edge=killer.flow.edge.id,
            backward_pass=this,
        )


class ZeroElements(Rule):
    """Asked before a ReLU's or a mask's backward step: which elements of what comes back are 0."""

    code = "zero-elements"
    title = "Which elements of a gradient are zero"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        for arrival in iteration.arrivals:
            found = operation_of(arrival.flow.target.op)
            if found and found.zero_slope and 2 <= len(arrival.tensor.data or ()) <= 8:
                yield Spot(arrival.step.index, arrival.flow.edge.id)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        arrival = next(
            (a for a in iteration.arrivals if (a.step.index, a.flow.edge.id) == (spot.step, spot.key)),
            None,
        )
        back = array(arrival.tensor) if arrival else None
        if arrival is None or back is None:
            return None
        target, source = arrival.flow.target, arrival.flow.source
        upstream, input_ = array(iteration.gradient_in(arrival.number, target.id)), array(iteration.input(arrival.flow))
        zero = back.reshape(-1) == 0
        if upstream is None or input_ is None or not np.all(upstream != 0) or not 0 < zero.sum() < zero.size:
            return None
        if input_.size != back.size:
            return None
        values = [_place(arrival, flat) for flat in range(zero.size)]
        name = iteration.graph.names[source.id]
        first = int(np.flatnonzero(zero)[0])
        choices = [
            Choice(value=value, text=f"[{value}], where {name} is {number(float(x))}", node=None)
            for value, x in zip(values, input_.reshape(-1), strict=True)
        ]
        return Asked(
            text=f"A gradient without any 0 has arrived at {operation(iteration.graph, target)}. Which elements of "
            f"what goes back to {name} will be 0?",
            form="several",
            expected=tuple(value for value, none in zip(values, zero, strict=True) if none),
            choices=choices,
            why=f"{_reason(target)} At [{values[first]}] {name} is {choices[first].text.rpartition(' ')[2]}: "
            "the local derivative is 0, and upstream times 0 is 0.",
            about=("zero-elements", arrival.number, arrival.flow.edge.id),
            node=source.id,
            shown=source.id,
            edge=arrival.flow.edge.id,
            backward_pass=arrival.number,
            element=position(arrival.tensor.shape, first),
        )


def _kills(iteration: IndexedIteration, arrival: Arrival) -> bool:
    """Return whether a gradient that is not 0 comes to the operation, and 0 goes back."""
    upstream = iteration.gradient_in(arrival.number, arrival.flow.target.id)
    return is_zero(arrival.tensor) is True and is_zero(upstream) is False


def _reason(node: Node) -> str:
    found = operation_of(node.op)
    if found is not None and found is operation_of("mul"):
        return "In a product each factor's slope is the other factor, and that one is 0."
    return (found and found.zero_slope) or "A number that does not change the result has the slope 0."


def _place(arrival: Arrival, flat: int) -> str:
    return ",".join(map(str, position(arrival.tensor.shape, flat) or ()))
