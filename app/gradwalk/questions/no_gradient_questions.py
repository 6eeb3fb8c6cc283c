"""The question which leaves get no gradient at all."""

from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.missing_gradient import MissingGradients, Reason
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import listed, node_choices

_MOST: Final = 6


class NoGradient(Rule):
    """Asked before a backward pass: which leaves get no gradient.

    That is data that does not require one, and what stands behind a detach.
    """

    code = "no-gradient"
    title = "Which nodes get no gradient at all"
    once = True

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return (Spot(step.index, f"p{number}") for number, step in iteration.pass_beginnings)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        backward = iteration.body.backward[this]
        root = iteration.graph.nodes.get(backward.root.node)
        if root is None:
            return None
        before = iteration.graph.before([root.id])
        leaves = [node for node in iteration.graph.nodes.values() if node.kind != "operation" and node.id in before]
        got = [node for node in leaves if any(g is not None for g in backward.gradients.get(node.id, ()))]
        none = [node for node in leaves if node not in got and node.name]
        missing = MissingGradients(iteration, passes=[this])
        reasons = {node.id: reason for node in none if (reason := missing.reason(node)) is not None}
        # a pass that computes gradients of chosen tensors only cannot be understood from the graph
        if not got or not none or any(reason.kind == "not-asked" for reason in reasons.values()):
            return None
        half = none[: _MOST // 2]
        offered = {node.id for node in half + got[: _MOST - len(half)]}
        return Asked(
            text=f"Before the gradients flow back from {iteration.graph.names[root.id]}: which of these will get no "
            "gradient at all?",
            form="several",
            expected=tuple(node.id for node in none if node.id in offered),
            choices=node_choices(iteration.graph, [node for node in leaves if node.id in offered]),
            why=_why(iteration.graph, half, reasons),
            about=("none", this),
            node=got[0].id,
            edge=None,
            backward_pass=this,
        )


def _why(graph: IndexedGraph, none: list[Node], reasons: dict[str, Reason]) -> str:
    """Return why these leaves get none, those together that have the same reason."""
    data = [graph.names[node.id] for node in none if reasons[node.id].kind == "not-required"]
    told = []
    if data:
        told.append(
            f"{listed(data)} {'does' if len(data) == 1 else 'do'} not require a gradient: data is given, not learned."
        )
    together: dict[str, list[str]] = {}
    for node in none:
        if reasons[node.id].kind != "not-required":
            together.setdefault(reasons[node.id].why, []).append(graph.names[node.id])
    told += [f"No gradient reaches {listed(names)}: {why}." for why, names in together.items()]
    return " ".join([*told, "All others are reached on an unbroken way, step by step."])
