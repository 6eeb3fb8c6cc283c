"""The sentences of the updates: the old number, the step, the new number, by the optimizer's own rule."""

from typing import Final

import numpy as np

from gradwalk.contract.digits import written
from gradwalk.contract.snapshot import Step, Update
from gradwalk.errors import GradwalkError
from gradwalk.explain.explanation import UpdateExplanation
from gradwalk.explain.update_explanation import explain_update
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import is_zero, norm
from gradwalk.narration.numbers import chosen_of, element_text, is_single, place_text
from gradwalk.narration.parts import MOST_LETTERS, Parts, length, plain, strong, update
from gradwalk.narration.plain_math import plain as in_plain_text
from gradwalk.narration.result_names import ResultNames
from gradwalk.operations.call import Array

_LONGEST_WORKED: Final = 100
"""Letters of a worked number that a sentence has room for."""
_MOST_MEMORY: Final = 2


class UpdateSentences:
    """Tells the updates of one iteration."""

    def __init__(self, iteration: IndexedIteration, names: ResultNames) -> None:
        self._iteration = iteration
        self._names = names

    def update(self, step: Step, found: Update | None) -> Parts:
        """Tell an update. `found`: null where it was not recorded."""
        name = self._names.of(self._iteration.graph.nodes[step.node])
        if found is None:
            return [strong(name), plain(" is updated.")]
        before, after = self._iteration.array(found.before), self._iteration.array(found.after)
        who = "The program" if found.optimizer is None else found.optimizer
        if before is None or after is None or before.shape != after.shape or not before.size:
            sizes = [norm(found.before), norm(found.after)]
            if None in sizes:
                return [plain(f"{who} gives "), strong(name), plain(" new numbers.")]
            old_norm, new_norm = (written(size or 0.0) for size in sizes)
            count = " × ".join(map(str, found.after.shape))
            moved = [plain(f"{who} changes the {count} numbers of "), strong(name)]
            if old_norm == new_norm:
                return [*moved, plain(" a little; their norm stays "), update(new_norm), plain(".")]
            return [*moved, plain(f"; their norm goes from {old_norm} to "), update(new_norm), plain(".")]
        if np.array_equal(before, after, equal_nan=True):
            chosen = chosen_of(found.after, after) or ()
            told = f"{name}{place_text(found.after, chosen)} = {element_text(found.after, after, chosen)}"
            why = " Its gradient is 0." if is_zero(found.gradient) else ""
            return [strong(name), plain(" stays as it is: "), update(told), plain(f".{why}")]
        explained = self._explained(found)
        chosen = self._chosen(found, explained, before, after)
        parts = [
            plain(f"{who} changes "),
            *self._how_many(name, found, before, after),
            *self._worked(name, found, explained, chosen),
            plain("."),
        ]
        memory = _memory(explained)
        return parts if length([*parts, *memory]) > MOST_LETTERS else [*parts, *memory]

    def _explained(self, found: Update) -> UpdateExplanation | None:
        same = [one for one in self._iteration.body.updates if one.node == found.node]
        number = next(i for i, one in enumerate(same) if one is found)
        try:
            return explain_update(self._iteration, found.node, number)
        except GradwalkError:
            return None

    def _chosen(
        self, found: Update, explained: UpdateExplanation | None, before: Array, after: Array
    ) -> tuple[int, ...]:
        if explained is not None and explained.element is not None:
            return tuple(explained.element)
        return chosen_of(found.after, np.abs(after.astype(np.float64) - before.astype(np.float64))) or ()

    def _how_many(self, name: str, found: Update, before: Array, after: Array) -> Parts:
        if is_single(found.after):
            return [strong(name)]
        moved = int((before != after).sum())
        every = "both" if moved == 2 else f"all {moved}"
        count = f"{every} numbers" if moved == before.size else f"{moved} of the {before.size} numbers"
        slopes = self._iteration.array(found.gradient)
        way = ""
        if slopes is not None and slopes.shape == before.shape:
            against = int(((after - before) * slopes < 0).sum())
            if against == moved:
                way = " against the gradient" if moved == 1 else " against their gradients"
            elif against:
                way = f", {against} of them against the gradient"
        return [plain(f"{count} of "), strong(name), plain(way)]

    def _worked(self, name: str, found: Update, explained: UpdateExplanation | None, chosen: tuple[int, ...]) -> Parts:
        before, after = self._iteration.array(found.before), self._iteration.array(found.after)
        if before is None or after is None:
            return []
        old, new = element_text(found.before, before, chosen), element_text(found.after, after, chosen)
        single = is_single(found.after)
        subject: Parts = [] if single else [plain("; "), strong(f"{name}{place_text(found.after, chosen)}")]
        right = explained is not None and explained.agrees is not False and explained.kind == "hand-written"
        numbers = in_plain_text(explained.stages.numbers.removeprefix("= ")) if explained and right else None
        short = numbers if numbers and len(numbers) <= _LONGEST_WORKED else None
        if old == new:
            change = update(written(float(after[chosen]) - float(before[chosen])))
            how = [] if short is None else [plain(": "), update(short)]
            return [*subject, plain(f", {old}, by only " if single else f" = {old} moves by only "), change, *how]
        moves: Parts = [*subject, plain(f" from {old} to " if single else f" goes from {old} to "), update(new)]
        return moves if short is None else [*moves, plain(": "), update(f"{short} = {new}")]


def _memory(explained: UpdateExplanation | None) -> Parts:
    """Tell what the optimizer remembers of the gradients."""
    if explained is None:
        return []
    told = [
        f"{in_plain_text(one.symbol)} = {written(float(one.value))}"
        for one in explained.remembered
        if in_plain_text(one.symbol)
    ]
    return [plain(f" It remembers {' and '.join(told[:_MOST_MEMORY])}.")] if told else []
