"""The sentences of one iteration: one for every step, made from its recorded numbers and the table of operations."""

from collections.abc import Sequence
from typing import Final

from gradwalk.contract.snapshot import Step
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import NonFiniteOrigin, Observations, observe
from gradwalk.iteration.sentence import Sentence, SentencePart
from gradwalk.narration.backward_sentences import BackwardSentences
from gradwalk.narration.change_sentences import ChangeSentences
from gradwalk.narration.forward_sentences import ForwardSentences
from gradwalk.narration.parts import Parts, error, tidy
from gradwalk.narration.result_names import ResultNames
from gradwalk.narration.update_sentences import UpdateSentences

_MOST_WORKED: Final = 2000
"""The steps of an iteration whose numbers are worked out. Of later ones the numbers are told alone: a reader waits."""


def told(iteration: IndexedIteration, lines: Sequence[str] = ()) -> Observations:
    """Return the observations of an iteration with a sentence for each of its steps. `lines`: of the program."""
    observations = observe(iteration, lines)
    return observations.model_copy(update={"sentences": list(_Narrator(iteration, observations).sentences())})


class _Narrator:
    """Tells the steps of one iteration."""

    def __init__(self, iteration: IndexedIteration, observations: Observations) -> None:
        names = ResultNames(iteration)
        self._iteration = iteration
        self._forward = ForwardSentences(iteration, names)
        self._backward = BackwardSentences(iteration, names)
        self._updates = UpdateSentences(iteration, names)
        self._changes = ChangeSentences(iteration, names)
        self._stale = {one.step: one for one in observations.stale_gradients}
        self._origins: dict[int, list[NonFiniteOrigin]] = {}
        for one in observations.non_finite:
            self._origins.setdefault(one.step, []).append(one)

    def sentences(self) -> list[Sentence]:
        """Return a sentence for every step."""
        updates, changes = iter(self._iteration.body.updates), iter(self._iteration.body.changes)
        found: list[Sentence] = []
        for step in self._iteration.body.steps:
            if len(found) == _MOST_WORKED:
                self._forward.works = self._backward.works = False
            if step.kind == "update":
                told = self._updates.update(step, next(updates, None))
            elif step.kind == "change":
                told = self._changes.change(step, next(changes, None))
            else:
                told = self._tell(step)
            parts = told + [_origin(one) for one in self._origins.get(step.index, ())]
            found.append(Sentence(step=step.index, parts=tidy(parts)))
        return found

    def _tell(self, step: Step) -> Parts:
        if step.kind == "leaf":
            return self._forward.leaf(step)
        if step.kind == "operation":
            return self._forward.operation(step)
        if step.kind == "backward":
            return self._backward.backward(step)
        return self._backward.accumulate(step, self._stale.get(step.index))


def _origin(one: NonFiniteOrigin) -> SentencePart:
    among = "among the gradients " if one.where == "gradient" else ""
    return error(f" The first {one.what} {among}of this iteration begins here.")
