"""Where contributions meet: which nodes get several, and what they add up to."""

from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.questions.factors import factors_of
from gradwalk.questions.mental_arithmetic import manageable, margin
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import PRECISION, element, listed, node_choices, number, operation, times
from gradwalk.questions.scene import Arrival, Scene, array, places, position

_MOST: Final = 6
"""Nodes to choose from."""


class Meeting(Rule):
    """Asked before a backward pass: at which nodes will contributions add up.

    That is where a value is used in several places.
    """

    code = "meeting"
    title = "Where contributions add up"
    once = True

    def spots(self, scene: Scene) -> Iterator[Spot]:
        return (Spot(step.index, f"p{number}") for number, step in scene.begins)

    def ask(self, scene: Scene, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        ways = {node: len(found) for (number, node), found in scene.into.items() if number == this}
        nodes = sorted((scene.view.nodes[node] for node in ways), key=lambda node: node.name is None)
        several, single = ([n for n in nodes if (ways[n.id] > 1) is more] for more in (True, False))
        if not several or not single:
            return None
        half = several[: _MOST // 2]
        offered = _in_order(scene, half + single[: _MOST - len(half)])
        first = half[0]
        return Asked(
            text="Soon the gradients flow back. At which of these nodes will several contributions meet and add up?",
            form="several",
            expected=tuple(node.id for node in offered if ways[node.id] > 1),
            choices=node_choices(offered),
            why=" ".join(_used(scene, this, node) for node in half)
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

    def spots(self, scene: Scene) -> Iterator[Spot]:
        for (this, node), found in scene.into.items():
            if 1 < len(found) <= 3:
                for flat in places(found[-1].tensor):
                    yield Spot(found[-1].step.index, f"p{this}-{node}-{flat}")

    def ask(self, scene: Scene, spot: Spot) -> Asked | None:
        this, node_id, flat = spot.key[1:].split("-")
        arrivals = scene.into[int(this), node_id]
        node, last = scene.view.nodes[node_id], arrivals[-1]
        gradient, place = scene.gradient(int(this), node_id), position(last.tensor.shape, int(flat))
        total, parts = array(gradient), [_at(arrival, int(flat)) for arrival in arrivals]
        if gradient is None or total is None or place is None or last.step.index == arrivals[0].step.index:
            return None
        known = [part for part in parts if part is not None]
        expected = float(total[place]) if total.shape == tuple(gradient.shape) else 0.0
        last_one = factors_of(scene, last, int(flat))
        if len(known) != len(parts) or last_one is None or not _adds_up(known, expected):
            return None
        if expected == 0 or not manageable([last_one.upstream, last_one.local]) or not manageable(known):
            return None
        name = element(node, last.tensor.shape, place)
        before = sum(known[:-1])
        sums = " + ".join(number(part) if part >= 0 else f"({number(part)})" for part in known)
        return Asked(
            text=f"So far {number(before)} has come back to {name}. Now the last contribution comes, from "
            f"{operation(last.flow.target)}, where {number(last_one.upstream)} has arrived. Which gradient will {name} "
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

    def spots(self, scene: Scene) -> Iterator[Spot]:
        for step in scene.steps("accumulate"):
            backward = scene.backward(step.backward_pass)
            if backward is not None:
                for flat in places(backward.accumulated.get(step.node)):
                    yield Spot(step.index, f"{step.node}-{flat}")

    def ask(self, scene: Scene, spot: Spot) -> Asked | None:
        node_id, flat = spot.key.split("-")
        step = scene.step(spot.step)
        backward = scene.backward(step.backward_pass if step else None)
        if step is None or backward is None or step.backward_pass is None:
            return None
        held, gradient = backward.accumulated.get(node_id), scene.gradient(step.backward_pass, node_id)
        after, added = array(held), array(gradient)
        if held is None or after is None or added is None or after.shape != added.shape:
            return None
        place = position(held.shape, int(flat))
        if place is None:
            return None
        new, grown = float(after[place]), float(added[place])
        before = float(f"{new - grown:.6g}")
        # what is left of a difference of equal numbers is rounding
        if abs(new - grown) < 1e-4 * abs(new) or grown == 0 or not manageable([before, grown]):
            return None
        name = element(scene.view.nodes[node_id], held.shape, place)
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


def _in_order(scene: Scene, nodes: list[Node]) -> list[Node]:
    chosen = {node.id for node in nodes}
    return [node for node in scene.view.nodes.values() if node.id in chosen]


def _used(scene: Scene, this: int, node: Node) -> str:
    found = scene.into[this, node.id]
    where = listed([operation(arrival.flow.target) for arrival in found])
    return f"{element(node, (), None)} goes into {where}: {len(found)} contributions come back."
