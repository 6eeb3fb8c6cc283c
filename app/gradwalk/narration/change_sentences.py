"""The sentences of gradients that the program changes between backward and step, as clipping does."""

import numpy as np

from gradwalk.contract.digits import written
from gradwalk.contract.snapshot import GradientChange, Step
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.narration.numbers import chosen_of, element_text, is_single, place_text
from gradwalk.narration.parts import Parts, gradient, plain, strong
from gradwalk.narration.result_names import ResultNames


class ChangeSentences:
    """Tells the changes of gradients of one iteration."""

    def __init__(self, iteration: IndexedIteration, names: ResultNames) -> None:
        self._iteration = iteration
        self._names = names

    def change(self, step: Step, found: GradientChange | None) -> Parts:
        """Tell a change of a `.grad`. `found`: null where it was not recorded."""
        name = f"{self._names.of(self._iteration.graph.nodes[step.node])}.grad"
        if found is None:
            return [strong(name), plain(" is changed.")]
        before, after = self._iteration.array(found.before), self._iteration.array(found.after)
        if before is None or after is None or before.shape != after.shape or not before.size:
            return [*_opening(found, name)[:2], plain(".")]
        if np.array_equal(before, after, equal_nan=True):
            return [plain(f"The call of {found.function} leaves "), strong(name), plain(f" as it is{_enough(found)}.")]
        chosen = chosen_of(found.after, np.abs(after.astype(np.float64) - before.astype(np.float64))) or ()
        old, new = element_text(found.before, before, chosen), element_text(found.after, after, chosen)
        factor = _setting(found, "factor")
        worked = [gradient(f"{old} × {written(factor)} = {new}")] if factor is not None else [gradient(new)]
        who = "it" if is_single(found.after) else f"{name}{place_text(found.after, chosen)}"
        way = f" {who} goes from {old} to " if factor is None else f" {who} becomes "
        return [*_opening(found, name), plain(way), *worked, plain(".")]


def _opening(found: GradientChange, name: str) -> Parts:
    """Return what is done to the whole gradient, and why."""
    norm, largest, bound = (_setting(found, key) for key in ("norm", "max_norm", "clip_value"))
    if norm is not None and largest is not None:
        why = f": the norm of all gradients is {written(norm)}, and {written(largest)} is allowed;"
        return [plain(f"The call of {found.function} shortens "), strong(name), plain(why)]
    if bound is not None:
        return [plain(f"The call of {found.function} keeps every number of "), strong(name),
                plain(f" between {written(-bound)} and {written(bound)}:")]  # fmt: skip
    how = "" if found.function.startswith("__") else f" with {found.function}"
    return [plain("The program changes "), strong(name), plain(f"{how}:")]


def _enough(found: GradientChange) -> str:
    """Return why clipping changed nothing."""
    norm, largest, bound = (_setting(found, key) for key in ("norm", "max_norm", "clip_value"))
    if norm is not None and largest is not None and norm <= largest:
        return f": the norm of all gradients is {written(norm)}, and {written(largest)} is allowed"
    return "" if bound is None else f": no number of it is beyond {written(bound)}"


def _setting(found: GradientChange, key: str) -> float | None:
    value = found.settings.get(key)
    return None if value is None else float(value)
