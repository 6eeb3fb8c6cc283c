"""Questions about sums: the nodes at which contributions meet, and the results of adding them up."""

from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.iteration.stale_gradient import left_over
from gradwalk.questions.elements import array, places, position
from gradwalk.questions.factors import factors_of
from gradwalk.questions.mental_arithmetic import manageable, margin
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import PRECISION, element, listed, node_choices, number, operation, times

_MOST: Final = 6
"""The number of nodes to choose from."""


class Meeting(Rule):
    """Asked before a backward pass: at which nodes will contributions add up.

    That is where a value is used in several places.
    """

    code = "meeting"
    title = "Where contributions add up"
    once = True

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return (Spot(step.index, f"p{number}") for number, step in iteration.pass_beginnings)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        ways = {node: len(found) for (number, node), found in iteration.arrivals_at.items() if number == this}
        nodes = sorted((iteration.graph.nodes[node] for node in ways), key=lambda node: node.name is None)
        several, single = ([n for n in nodes if (ways[n.id] > 1) is more] for more in (True, False))
        if not several or not single:
            return None
        half = several[: _MOST // 2]
        offered = _in_order(iteration, half + single[: _MOST - len(half)])
        first = half[0]
        return Asked(
            text="Soon the gradients flow back. At which of these nodes will several contributions meet and add up?",
            form="several",
            expected=tuple(node.id for node in offered if ways[node.id] > 1),
            choices=node_choices(iteration.graph, offered),
            why=" ".join(_used(iteration, this, node) for node in half)
            + " A change of a value reaches the loss on every way on which it is used: the chain rule adds them up.",
            about=("meeting", this),
            node=first.id,
            edge=None,
            backward_pass=this,
        )


class Sum(Rule):
    """Asked before the last contribution arrives at a node: which gradient it has then."""

    code = "sum"
    title = "The sum of contributions"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        for (this, node), found in iteration.arrivals_at.items():
            if 1 < len(found) <= 3:
                for flat in places(found[-1].tensor):
                    yield Spot(found[-1].step.index, f"p{this}-{node}-{flat}")

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        this, node_id, flat = spot.key[1:].split("-")
        arrivals = iteration.arrivals_at[int(this), node_id]
        node, last = iteration.graph.nodes[node_id], arrivals[-1]
        gradient, place = iteration.gradient_in(int(this), node_id), position(last.tensor.shape, int(flat))
        total, parts = array(gradient), [_at(arrival, int(flat)) for arrival in arrivals]
        if gradient is None or total is None or place is None or last.step.index == arrivals[0].step.index:
            return None
        known = [part for part in parts if part is not None]
        expected = float(total[place]) if total.shape == tuple(gradient.shape) else 0.0
        last_one = factors_of(iteration, last, int(flat))
        if len(known) != len(parts) or last_one is None or not _adds_up(known, expected):
            return None
        if expected == 0 or not manageable([last_one.upstream, last_one.local]) or not manageable(known):
            return None
        name = element(iteration.graph, node, last.tensor.shape, place)
        before = sum(known[:-1])
        sums = " + ".join(number(part) if part >= 0 else f"({number(part)})" for part in known)
        return Asked(
            text=f"So far {number(before)} has come back to {name}. Now the last contribution comes, from "
            f"{last_one.arrived_at}, where {number(last_one.upstream)} has arrived. Which gradient will {name} "
            "have then?",
            form="number",
            expected=expected,
            margin=margin(expected),
            precision=PRECISION,
            why=f"Contributions add up: {sums} = {number(expected)}. The last one is upstream times local, "
            f"{times(last_one.upstream, last_one.local)} = {number(known[-1])}. {last_one.meaning}",
            about=("contribution", int(this), last.flow.edge.id),
            node=node_id,
            shown=node_id,
            backward_pass=int(this),
            element=place,
        )


class Accumulated(Rule):
    """Asked before a leaf's `.grad` grows that held something before: what it holds then."""

    code = "accumulated"
    title = "What .grad holds after another pass"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        for step in iteration.steps("accumulate"):
            backward = iteration.backward(step.backward_pass)
            if backward is not None:
                for flat in places(backward.accumulated.get(step.node)):
                    yield Spot(step.index, f"{step.node}-{flat}")

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        node_id, flat = spot.key.split("-")
        step = iteration.step(spot.step)
        backward = iteration.backward(step.backward_pass if step else None)
        if step is None or backward is None or step.backward_pass is None:
            return None
        held, gradient = backward.accumulated.get(node_id), iteration.gradient_in(step.backward_pass, node_id)
        after, added = array(held), array(gradient)
        if held is None or after is None or added is None or after.shape != added.shape:
            return None
        place = position(held.shape, int(flat))
        if place is None:
            return None
        new, grown = float(after[place]), float(added[place])
        left = float(left_over(added, after, held.dtype)[place])
        before = float(f"{left:.6g}")
        # a number that is this small beside the sum is none that anybody computes by head
        if abs(left) < 1e-4 * abs(new) or left == 0 or grown == 0 or not manageable([before, grown]):
            return None
        name = element(iteration.graph, iteration.graph.nodes[node_id], held.shape, place)
        return Asked(
            text=f"{name}.grad holds {number(before)} from before, and this pass brought a gradient of {number(grown)}."
            f" What will {name}.grad hold?",
            form="number",
            expected=new,
            margin=margin(new),
            precision=PRECISION,
            why=f"backward adds to .grad, and never clears it: {number(before)} + {_bracketed(grown)} = {number(new)}. "
            "Only zero_grad, or .grad = None, begins again.",
            about=("accumulated", step.backward_pass, node_id),
            node=node_id,
            shown=node_id,
            backward_pass=step.backward_pass,
            element=place,
        )


def _bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _at(arrival: Arrival, flat: int) -> float | None:
    values = array(arrival.tensor)
    return float(values.reshape(-1)[flat]) if values is not None and flat < values.size else None


def _adds_up(parts: list[float], total: float) -> bool:
    return abs(sum(parts) - total) <= 1e-4 * max(abs(part) for part in parts)


def _in_order(iteration: IndexedIteration, nodes: list[Node]) -> list[Node]:
    chosen = {node.id for node in nodes}
    return [node for node in iteration.graph.nodes.values() if node.id in chosen]


def _used(iteration: IndexedIteration, this: int, node: Node) -> str:
    found = iteration.arrivals_at[this, node.id]
    where = listed([operation(iteration.graph, arrival.flow.target) for arrival in found])
    return f"{iteration.graph.names[node.id]} goes into {where}: {len(found)} contributions come back."
