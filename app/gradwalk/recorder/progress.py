"""The progress of a program while it runs: each iteration's loss, told as soon as the iteration is over."""

from collections.abc import Callable
from typing import Any

from gradwalk.recorder.code_loops import Loop
from gradwalk.recorder.records import NodeRecord, PassRecord, UpdateRecord
from gradwalk.recorder.tensor_numbers import item
from gradwalk.recorder.training_loops import TrainingLoops
from gradwalk.recorder.turns import Turn

Observer = Callable[[int, Any, list[Turn]], None]
"""A callback that gets the number of an iteration with a backward pass, from 0, its loss as JSON has it (or null), and
the turns of the loops around it, outermost first.
"""


class Progress:
    """The count of iterations with a backward pass. Which loop trains is known from its first update on."""

    def __init__(self, observer: Observer | None) -> None:
        self._observer = observer
        self._loops = TrainingLoops()
        self._told = 0
        self._loss: Any = None
        self._turn: Turn | None = None
        self._reached: set[NodeRecord] | None = None

    def note_pass(self, record: PassRecord, turn: Turn | None) -> None:
        """Note a backward pass that has ended, in this turn of the program's loops."""
        self._loops.note_pass(record, turn)
        if self._observer is None:
            return
        reached = {node for node, _ in record.gradients if node.leaf is None}
        if self._reached is not None and not self._goes_on(turn, reached):
            self._tell(self._loss, self._turn)
        if self._reached is None:
            self._loss, self._turn, self._reached = loss_of([record]), turn, set()
        self._reached |= reached

    def _goes_on(self, turn: Turn | None, reached: set[NodeRecord]) -> bool:
        """Return whether a pass belongs to the same iteration as the one before it."""
        training = self._loops.turn_of(turn)
        if training is not None or self._loops.turn_of(self._turn) is not None:
            return training is self._loops.turn_of(self._turn)
        same = turn is self._turn
        return (same and turn is not None) or not reached.isdisjoint(self._reached or ())

    def note_update(self, record: UpdateRecord, turn: Turn | None) -> None:
        """Note an update, in this turn of the program's loops."""
        self._loops.note_update(record, turn)

    def turn_of(self, turn: Turn | None) -> Turn | None:
        """Return the turn of the loop that trains around a point of the run, as far as is known by now."""
        return self._loops.turn_of(turn)

    @property
    def training_loops(self) -> set[Loop]:
        """The loops that are known to train by now."""
        return self._loops.loops

    def forget_leaves(self) -> None:
        """Forget which passes wait for an update."""
        self._loops.forget_leaves()

    def note_loss(self, loss: Any, turn: Turn | None) -> None:
        """Note a backward pass past the limits of the recording: its loss and its turn are all that is known."""
        if self._observer is not None:
            self.end()
            self._tell(loss, turn)

    def end(self) -> None:
        """Tell the last iteration, because the program has ended or nothing more is recorded."""
        if self._reached is not None:
            self._tell(self._loss, self._turn)

    def _tell(self, loss: Any, turn: Turn | None) -> None:
        index = self._told
        self._told += 1
        self._reached = None
        if self._observer is not None:
            turn = self._loops.turn_of(turn) or turn
            self._observer(index, loss, [] if turn is None else turn.chain())


def loss_of(passes: list[PassRecord]) -> Any:
    """Return the number that the first backward pass started from."""
    if not passes:
        return None
    node, output = passes[0].roots[0]
    return item(node.values[output]) if output < len(node.values) else None
