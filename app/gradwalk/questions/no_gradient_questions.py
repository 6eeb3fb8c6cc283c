"""Leaves that no gradient comes to at all."""

from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import called, listed, node_choices
from gradwalk.questions.scene import Scene

_MOST: Final = 6


class NoGradient(Rule):
    """Asked before a backward pass: which leaves get no gradient.

    That is data that does not require one, and what stands behind a detach.
    """

    code = "no-gradient"
    title = "Which nodes get no gradient at all"
    once = True

    def spots(self, scene: Scene) -> Iterator[Spot]:
        return (Spot(step.index, f"p{number}") for number, step in scene.begins)

    def ask(self, scene: Scene, spot: Spot) -> Asked | None:
        this = int(spot.key[1:])
        backward = scene.body.backward[this]
        root = scene.view.nodes.get(backward.root.node)
        if root is None:
            return None
        before = scene.view.before([root.id])
        leaves = [node for node in scene.view.nodes.values() if node.kind != "operation" and node.id in before]
        got = [node for node in leaves if any(g is not None for g in backward.gradients.get(node.id, ()))]
        none = [node for node in leaves if node not in got and node.name]
        # a pass that was told whom to give gradients to is not understood from the graph
        if not got or not none or any(_led_to(scene, node, root) for node in none):
            return None
        half = none[: _MOST // 2]
        offered = {node.id for node in half + got[: _MOST - len(half)]}
        return Asked(
            text=f"Before the gradients flow back from {called(root)}: which of these will get no gradient at all?",
            form="several",
            expected=tuple(node.id for node in none if node.id in offered),
            choices=node_choices(node for node in leaves if node.id in offered),
            why=_why(half, root),
            about=("none", this),
            node=got[0].id,
            edge=None,
            backward_pass=this,
        )


def _led_to(scene: Scene, leaf: Node, root: Node) -> bool:
    """Whether a way leads there on which every node lets gradients through."""
    waiting, seen = [leaf], set[str]()
    while waiting:
        node = waiting.pop()
        if node.id in seen or not node.requires_grad:
            continue
        if node.id == root.id:
            return True
        seen.add(node.id)
        waiting += [flow.target for flow in scene.view.out_of.get(node.id, ())]
    return False


def _why(none: list[Node], root: Node) -> str:
    data = [called(node) for node in none if not node.requires_grad]
    cut = [called(node) for node in none if node.requires_grad]
    told = []
    if data:
        told.append(
            f"{listed(data)} {'does' if len(data) == 1 else 'do'} not require a gradient: data is given, not learned."
        )
    if cut:
        told.append(
            f"The way from {called(root)} back to {listed(cut)} is cut, as by detach: no gradient gets over the gap."
        )
    return " ".join([*told, "All others are reached on an unbroken way, step by step."])
