"""The question which parameter gets the largest gradient."""

import math
from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import norm, size
from gradwalk.questions.factors import Factors, factors_of
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import called, listed, node_choices, number

_MOST: Final = 5
_CLEAR: Final = 2.0
"""The factor by which the largest must exceed the next one where it can only be guessed from the network."""
_CLOSE: Final = 1.05
"""The same factor where the last local derivatives decide."""


class Largest(Rule):
    """Asked before a backward pass: which of the parameters gets the largest gradient."""

    code = "largest"
    title = "Which parameter gets the largest gradient"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return (Spot(step.index, f"p{number}") for number, step in iteration.pass_beginnings)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        norms: dict[str, float] = {}
        single = True
        for node in iteration.graph.parameters:
            gradient = iteration.gradient_in(this, node.id)
            length = norm(gradient)
            if gradient is not None and length is not None:
                norms[node.id] = length
                single = single and size(gradient) == 1
        if not 2 <= len(norms) <= _MOST:
            return None
        first, second = sorted(norms, key=lambda node: -norms[node])[:2]
        if not norms[first] > (_CLOSE if single else _CLEAR) * norms[second] > 0:
            return None
        nodes = [iteration.graph.nodes[node] for node in norms]
        measure = "the largest gradient, its sign left aside" if single else "the largest gradient, by its norm"
        return Asked(
            text=f"Before the gradients flow back: which parameter will get {measure}?",
            form="one",
            expected=(first,),
            choices=node_choices(nodes),
            why=_why(iteration, this, norms, first, single),
            about=("largest", this),
            node=first,
            backward_pass=this,
        )


def _why(iteration: IndexedIteration, this: int, norms: dict[str, float], first: str, single: bool) -> str:
    """Return the reason. It does not name the gradients themselves, which are still to come, and perhaps to be asked
    for.
    """
    nodes = [iteration.graph.nodes[node] for node in sorted(norms, key=lambda node: -norms[node])]
    ways = [_only_way(iteration, this, node) for node in nodes] if single else []
    known = [way for way in ways if way is not None]
    if known and len(known) == len(nodes) and all(_close(way.upstream, known[0].upstream) for way in known):
        factors = listed([f"{number(way.local)} for {way.receiver}" for way in known])
        return (
            "The same gradient arrives in front of each of them, so the last factor of the chain rule decides, the "
            f"local derivative: {factors}."
        )
    times = [
        f"{number(norms[first] / norms[node.id])} times that of {called(node)}" for node in nodes[1:] if norms[node.id]
    ]
    return (
        f"The gradient of {called(nodes[0])} is {listed(times)}. Each is the product of all local derivatives on the "
        "way from the loss, added up over all examples: a small factor on the way makes everything behind it small."
    )


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-4)


def _only_way(iteration: IndexedIteration, this: int, node: Node) -> Factors | None:
    found = iteration.arrivals_at.get((this, node.id), [])
    return factors_of(iteration, found[0], 0) if len(found) == 1 else None
