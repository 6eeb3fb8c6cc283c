"""The question which parameter gets the largest gradient."""

import math
from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.factors import Factors, factors_of, is_noise
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import listed, node_choices, number

_MOST: Final = 5
_CLEAR: Final = 1.05
"""The factor by which the largest must exceed the next one."""


class Largest(Rule):
    """Asked before a backward pass: which of the parameters gets the largest gradient.

    It is asked where the same gradient arrives in front of each of them, so that one factor decides.
    """

    code = "largest"
    title = "Which parameter gets the largest gradient"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return (Spot(step.index, f"p{number}") for number, step in iteration.pass_beginnings)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        reached = [node for node in iteration.graph.parameters if (this, node.id) in iteration.arrivals_at]
        ways = [_only_way(iteration, this, node) for node in reached]
        known = [way for way in ways if way is not None]
        if not 2 <= len(known) <= _MOST or len(known) < len(reached):
            return None
        if not all(math.isclose(way.upstream, known[0].upstream, rel_tol=1e-4) for way in known):
            return None
        first, second = sorted(known, key=lambda way: -abs(way.value))[:2]
        if not abs(first.value) > _CLEAR * abs(second.value) > 0 or is_noise(iteration, this, second.value):
            return None
        factors = listed([f"{number(way.local)} for {way.receiver}" for way in known])
        # the gradients themselves are still to come, and perhaps to be asked for: only their factors are said
        return Asked(
            text="Before the gradients flow back: which parameter will get the largest gradient, its sign left aside?",
            form="one",
            expected=(first.source.id,),
            choices=node_choices(iteration.graph, reached),
            why="The same gradient arrives in front of each of them, so the last factor of the chain rule decides, the "
            f"local derivative: {factors}.",
            about=("largest", this),
            node=first.source.id,
            backward_pass=this,
        )


def _only_way(iteration: IndexedIteration, this: int, node: Node) -> Factors | None:
    """Return the factors of the one contribution to a parameter of one number; null for any other."""
    found = iteration.arrivals_at[this, node.id]
    single = len(found) == 1 and math.prod(found[0].tensor.shape) == 1
    return factors_of(iteration, found[0], 0) if single else None
