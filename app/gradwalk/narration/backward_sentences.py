"""The sentences of the backward pass: where a gradient comes from, what it is multiplied by, what it adds up to."""

import re
from typing import Final

from gradwalk.contract.digits import shape_text, written
from gradwalk.contract.snapshot import BackwardPass, Step, Tensor
from gradwalk.errors import GradwalkError
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.explain.explanation import Explanation
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.iteration.iteration_observations import StaleGradientFound
from gradwalk.iteration.recorded_numbers import is_zero, norm
from gradwalk.narration.numbers import (
    chosen_of,
    element_text,
    in_brackets,
    is_single,
    place_text,
    size_of,
)
from gradwalk.narration.parts import MOST_LETTERS, Parts, gradient, length, listed, plain, strong
from gradwalk.narration.plain_math import plain as in_plain_text
from gradwalk.narration.result_names import ResultNames

_WORKED_LETTERS: Final = ((90, 90), (45, 45), (90, 25), (90, 0), (45, 0), (25, 0), (0, 0))
"""Letters of the arithmetic of the first way and of the others: what leaves the sentence short enough counts."""
_MOST_EDGES: Final = 3
_MOST_TERMS: Final = 3
_SUM: Final = re.compile(" [+−] ")
_INNER: Final = re.compile(r"\([^()]*\)")
_NEGATIVE: Final = re.compile(r"^(−[\d.]+(?:e−?\d+)?)")
_COUNTED: Final = {2: "Two", 3: "Three", 4: "Four"}


class BackwardSentences:
    """Tells the steps of one iteration's backward passes. `works`: numbers are worked out."""

    def __init__(self, iteration: IndexedIteration, names: ResultNames) -> None:
        self._iteration = iteration
        self._names = names
        self._explanations: dict[Subject, Explanation] = {}
        self.works = True

    def backward(self, step: Step) -> Parts:
        """Tell how an operation hands its gradient on."""
        backward = self._iteration.backward(step.backward_pass)
        node = self._iteration.graph.nodes[step.node]
        if backward is None:
            return [plain("The backward pass goes through "), strong(self._names.of(node)), plain(".")]
        own = self._gradient(backward, step.node)
        is_root = any(root.node == step.node for root in backward.roots)
        opening = self._start(step, backward, own) if is_root else self._meeting(step)
        flows = [self._iteration.graph.flows[edge] for edge in step.edges]
        if not flows:
            if is_root:
                return opening
            return [*opening, *self._has(self._names.of(node), own)]
        names = self._names.all(node)
        parts = [*opening, plain("From "), *listed(names), plain(f" the gradient{'s' if len(names) > 1 else ''} ")]
        if len(names) > 1:
            parts += self._several(backward, step.node)
        elif own is not None and not is_root and len(opening) == 0:
            parts += [*self._told(own), plain(" ")]
        parts.append(plain("go on to " if len(names) > 1 else "goes on to "))
        dry = self._dry(backward, own, flows)
        whole: Parts = []
        for longest in _WORKED_LETTERS:
            whole = [*parts, *self._ways(step, backward, flows, longest), plain("."), *dry]
            if length(whole) <= MOST_LETTERS:
                break
        meaning = self._meaning(step, backward, flows)
        fits = length([*whole, *meaning]) <= MOST_LETTERS
        return [*whole[: len(whole) - len(dry)], *meaning, *dry] if fits else whole

    def _ways(self, step: Step, backward: BackwardPass, flows: list[Flow], longest: tuple[int, int]) -> Parts:
        """Tell what goes on to the operands. `longest`: letters of the arithmetic of the first and of each other."""
        parts: Parts = []
        for i, flow in enumerate(flows[:_MOST_EDGES]):
            if i:
                parts.append(plain("; to "))
            parts += self._contribution(step, backward, flow, longest[min(i, 1)])
        if len(flows) > _MOST_EDGES:
            parts.append(plain(f"; and to {len(flows) - _MOST_EDGES} more"))
        return parts

    def accumulate(self, step: Step, stale: StaleGradientFound | None) -> Parts:
        """Tell what arrives at a leaf, and what its `.grad` is then."""
        backward = self._iteration.backward(step.backward_pass)
        node = self._iteration.graph.nodes[step.node]
        name = self._names.of(node)
        held = None if backward is None else backward.accumulated.get(step.node)
        if backward is None or held is None:
            return [plain("The gradient arrives at "), strong(name), plain(".")]
        parts = self._meeting(step)
        if stale is not None:
            arrived = self._gradient(backward, step.node)
            told = [] if arrived is None else [plain(" "), *self._told(arrived)]
            return [
                *parts,
                plain("The gradient"),
                *told,
                plain(" arrives at "),
                strong(name),
                plain(". "),
                *_old(name, stale),
            ]
        parts += [strong(f"{name}.grad"), plain(" is now ")]
        return [*parts, *self._whole(held), plain("."), *self._so_what(name, held, backward)]

    def _gradient(self, backward: BackwardPass, node: str) -> Tensor | None:
        return next((one for one in backward.gradients.get(node, ()) if one is not None), None)

    def _start(self, step: Step, backward: BackwardPass, own: Tensor | None) -> Parts:
        node = self._iteration.graph.nodes[step.node]
        name = self._names.of(node)
        seed = next((one for one in backward.seeds.get(step.node, ()) if one is not None), None)
        array = self._iteration.array(seed)
        begins: Parts = [plain("The backward pass begins at "), strong(name)]
        if array is not None and array.size == 1 and float(array.reshape(-1)[0]) == 1:
            symbol = name if " " not in name else "L"
            return [*begins, plain(", where "), gradient(f"∂{symbol}/∂{symbol} = 1"), plain(". ")]
        given = seed if seed is not None else own
        return [*begins, plain(" with the gradient "), *([] if given is None else self._told(given)), plain(". ")]

    def _meeting(self, step: Step) -> Parts:
        arrived = self._iteration.arrivals_at.get((step.backward_pass or 0, step.node), [])
        arrived = [one for one in arrived if one.step.index <= step.index]
        if len(arrived) < 2 or len({one.flow.edge.output for one in arrived}) > 1:
            return []
        name = self._names.of(self._iteration.graph.nodes[step.node])
        count = _COUNTED.get(len(arrived), str(len(arrived)))
        return [plain(f"{count} gradients meet at "), strong(name), *self._sum(arrived), plain(". ")]

    def _sum(self, arrived: list[Arrival]) -> Parts:
        arrays = [self._iteration.array(one.tensor) for one in arrived]
        first = arrived[0].tensor
        known = [array for array in arrays if array is not None and array.shape == tuple(first.shape)]
        if len(known) < len(arrays) or not known[0].size:
            return [plain(" and add up")]
        total = sum(known[1:], start=known[0])
        chosen = chosen_of(first, total)
        if chosen is None:
            return [plain(" and add up")]
        terms = [float(array[chosen]) for array in known]
        shown = [written(terms[0]), *(in_brackets(term) for term in terms[1:])]
        more = f" + {in_brackets(sum(terms[4:]))} ({len(terms) - 4} more)" if len(terms) > 4 else ""
        where = "" if is_single(first) else f" and add up: at {place_text(first, chosen)}"
        return [
            plain(f"{where}: " if not where else f"{where} "),
            gradient(f"{' + '.join(shown[:4])}{more} = {written(sum(terms))}"),
        ]

    def _several(self, backward: BackwardPass, node: str) -> Parts:
        """Return the gradients of several results, where all are single numbers."""
        gradients = backward.gradients.get(node, ())
        shown = [self._told(one) if one is not None else [plain("none")] for one in gradients]
        if any(one is not None and not is_single(one) for one in gradients):
            return []
        parts: Parts = []
        for i, one in enumerate(shown):
            parts += [plain("" if i == 0 else " and " if i == len(shown) - 1 else ", "), *one]
        return [*parts, plain(" ")]

    def _told(self, tensor: Tensor) -> Parts:
        """Return a gradient at a glance: a number, or its largest one."""
        array = self._iteration.array(tensor)
        chosen = chosen_of(tensor, array)
        if chosen is None:
            known = norm(tensor)
            if known is None:
                return [plain(f"({size_of(tensor)})")]
            return [plain(f"({size_of(tensor)} with norm "), gradient(written(known)), plain(")")]
        number = gradient(element_text(tensor, array, chosen))
        if is_single(tensor):
            return [number]
        size = shape_text(tensor.shape) + (" numbers" if len(tensor.shape) == 1 else "")
        return [plain(f"({size}, at {place_text(tensor, chosen)} "), number, plain(")")]

    def _has(self, name: str, own: Tensor | None) -> Parts:
        if own is None:
            return [strong(name), plain(" has no gradient.")]
        return [strong(name), plain(" has the gradient "), *self._told(own), plain(".")]

    def _contribution(self, step: Step, backward: BackwardPass, flow: Flow, longest: int) -> Parts:
        tensor = backward.contributions.get(flow.edge.id)
        name = strong(self._names.beside(flow.source, flow.edge.output, flow.target))
        if tensor is None:
            return [name]
        explained = self._explained(step, flow)
        array = self._iteration.array(tensor)
        if explained is None or explained.element is None or array is None:
            return [name, plain(": "), *self._whole(tensor)]
        chosen = tuple(explained.element)
        result = gradient(element_text(tensor, array, chosen))
        worked = "" if explained.agrees is False else _worked(explained, longest)
        where = "" if is_single(tensor) else f"at {place_text(tensor, chosen)} "
        if worked == result.text:
            return [name, plain(f": {where}"), result, plain(", unchanged")]
        return [name, plain(f": {where}{worked}{' = ' if worked else ''}"), result]

    def _explained(self, step: Step, flow: Flow) -> Explanation | None:
        asked = Subject(flow.edge.id, step.backward_pass or 0)
        if not self.works:
            return None
        if asked not in self._explanations:
            try:
                self._explanations[asked] = explain(self._iteration, asked)
            except GradwalkError:
                return None
        return self._explanations[asked]

    def _meaning(self, step: Step, backward: BackwardPass, flows: list[Flow]) -> Parts:
        """Return what the local derivative means, where one way goes on."""
        if len(flows) != 1 or flows[0].edge.id not in backward.contributions:
            return []
        explained = self._explained(step, flows[0])
        if explained is None or explained.kind != "hand-written":
            return []
        return [plain(f" {explained.meaning.partition('. ')[0].rstrip('.')}.")]

    def _dry(self, backward: BackwardPass, own: Tensor | None, flows: list[Flow]) -> Parts:
        """Say where a gradient ends."""
        if is_zero(own):
            return []
        dry = [flow for flow in flows if is_zero(backward.contributions.get(flow.edge.id))]
        if dry:
            names = list(dict.fromkeys(self._names.of(flow.source, flow.edge.output) for flow in dry))
            return [strong(" No gradient flows on to "), *listed(names), strong(": it is exactly 0.")]
        if len(flows) != 1:
            return []
        array = self._iteration.array(backward.contributions.get(flows[0].edge.id))
        arrived = self._iteration.array(own)
        if array is None or arrived is None or array.shape != arrived.shape:
            return []
        shut = int(((array == 0) & (arrived != 0)).sum())
        return [plain(f" Nothing passes at {shut} of {array.size} places.")] if shut else []

    def _whole(self, held: Tensor) -> Parts:
        array = self._iteration.array(held)
        chosen = chosen_of(held, array)
        found = norm(held)
        if chosen is None and found is not None:
            return [plain(f"{size_of(held)} with norm "), gradient(written(found))]
        if chosen is None or is_single(held):
            return self._told(held)
        size = "" if found is None else f" with norm {written(found)}"
        return [
            plain(f"{size_of(held)}{size}; the largest is "),
            gradient(element_text(held, array, chosen)),
            plain(f" at {place_text(held, chosen)}"),
        ]

    def _so_what(self, name: str, held: Tensor, backward: BackwardPass) -> Parts:
        """Say what the sign of a gradient means for the number that the pass began from."""
        array = self._iteration.array(held)
        chosen = chosen_of(held, array)
        root = self._iteration.graph.nodes[backward.root.node]
        result = self._iteration.value(root.id, backward.root.output)
        if array is None or chosen is None or result is None or not is_single(result) or len(backward.roots) > 1:
            return []
        slope = float(array[chosen])
        if slope != slope or slope == 0:
            return [] if slope else [plain(" Moving it a little changes nothing.")]
        where = "" if is_single(held) else place_text(held, chosen)
        change = "raise" if slope > 0 else "lower"
        moved, result_name = strong(f"{name}{where}"), strong(self._names.of(root))
        return [plain(" A larger "), moved, plain(f" would {change} "), result_name, plain(".")]


def _worked(explained: Explanation, longest: int) -> str:
    """Return upstream times local derivative, of a sum its largest terms first; empty where that is too long."""
    terms = sorted(explained.terms, key=lambda term: -abs(float(term.product)))
    several = sum(float(term.product) != 0 for term in terms)
    written_terms = []
    shown_of = max(1, min(several, _MOST_TERMS))
    for term in terms[:shown_of]:
        local = in_plain_text(term.put_in)
        if local is None:
            return ""
        upstream = written(float(term.upstream.value))
        compound = local.startswith("−") or bool(_SUM.search(_outside_of_brackets(local)))
        factor = f"({local})" if compound else local
        written_terms.append(upstream if local == "1" else f"{upstream} · {factor}")
    shown = list(written_terms)
    left = terms[shown_of:]
    count = len(left) + (explained.rest.terms if explained.rest else 0)
    if count:
        rest = sum(float(term.product) for term in left) + (float(explained.rest.sum) if explained.rest else 0.0)
        shown.append(f"{in_brackets(rest)} ({count} more)")
    text = " + ".join(_NEGATIVE.sub(r"(\1)", one) if i else one for i, one in enumerate(shown))
    return text if len(text) <= longest else ""


def _outside_of_brackets(text: str) -> str:
    while (shorter := _INNER.sub("", text)) != text:
        text = shorter
    return text


def _old(name: str, stale: StaleGradientFound) -> Parts:
    """Tell that the gradient of an earlier pass is part of this one's `.grad`."""
    count = "all its numbers" if stale.count == stale.of else f"{stale.count} of its {stale.of} numbers"
    share = f" ({count})" if stale.of > 1 else ""
    where = "" if stale.of < 2 else f"[{', '.join(map(str, stale.index))}]: "
    now, before, added = float(stale.now), float(stale.before), float(stale.added)
    return [
        strong(f"The old {name}.grad was still there"),
        plain(f"{share}: "),
        gradient(f"{where}{written(before)} still there + {in_brackets(added)} new = {written(now)}"),
        plain(". Nothing had cleared it, as zero_grad() does."),
    ]
