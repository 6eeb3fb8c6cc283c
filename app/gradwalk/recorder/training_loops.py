"""The loops that train: those around a backward pass and the update that uses its gradients."""

from collections.abc import Iterable
from typing import Final

from gradwalk.recorder.code_loops import Loop
from gradwalk.recorder.records import LeafRecord, PassRecord, UpdateRecord
from gradwalk.recorder.turns import LoopRun, Turn

_MOST_WAITING: Final = 64
"""The passes of one leaf that are kept until an update uses them."""


class TrainingLoops:
    """The loop statements that were found to train so far, `loops`.

    Of loops inside each other the outermost one counts: one turn of a GAN's loop holds five turns of its critic's.
    """

    def __init__(self) -> None:
        self.loops: set[Loop] = set()
        self._waiting: dict[LeafRecord, list[Turn | None]] = {}

    def mark(self, loop: Loop) -> None:
        """Note that a loop trains."""
        self.loops.add(loop)

    def note_pass(self, record: PassRecord, turn: Turn | None) -> None:
        """Note a backward pass that was made in this turn."""
        for node in {node for node, _ in record.gradients} | set(record.accumulated):
            leaf = node.leaf
            if leaf is not None:
                waiting = self._waiting.setdefault(leaf, [])
                if node in record.accumulated and record.accumulated[node] == record.gradients.get((node, 0)):
                    # the `.grad` was empty: what earlier passes left there is gone
                    waiting.clear()
                if turn not in waiting:
                    waiting.append(turn)
                    del waiting[:-_MOST_WAITING]

    def note_update(self, record: UpdateRecord, turn: Turn | None) -> None:
        """Note an update that was made in this turn. The innermost loop around it and its passes trains."""
        leaf = record.node.leaf
        for passed in self._waiting.pop(leaf, ()) if leaf is not None else ():
            run = innermost_common_run(passed, turn)
            if run is not None:
                self.loops.add(run.loop)

    def forget_leaves(self) -> None:
        """Forget the passes that no update has used yet."""
        self._waiting.clear()

    def turn_of(self, turn: Turn | None) -> Turn | None:
        """Return the turn that is the iteration around a point of the run; null outside of all loops that train."""
        found = None
        while turn is not None:
            if turn.run.loop in self.loops:
                found = turn
            turn = turn.run.parent
        return found

    def __bool__(self) -> bool:
        return bool(self.loops)


def runs_around(turn: Turn | None) -> list[LoopRun]:
    """Return the executions of loops around a point, outermost first."""
    return [] if turn is None else [one.run for one in turn.chain()]


def innermost_common_run(one: Turn | None, other: Turn | None) -> LoopRun | None:
    """Return the innermost execution of a loop that both points are in."""
    around = set(runs_around(other))
    return next((run for run in reversed(runs_around(one)) if run in around), None)


def is_inside(turn: Turn | None, run: LoopRun) -> bool:
    """Return whether a point is in this execution of a loop."""
    return run in runs_around(turn)


def is_around(outer: Turn, turn: Turn | None) -> bool:
    """Return whether a point that is in `turn` is in `outer` too."""
    return any(one is outer for one in _chain(turn))


def turn_in(turn: Turn | None, run: LoopRun) -> Turn | None:
    """Return the turn of this execution of a loop that a point is in."""
    return next((one for one in _chain(turn) if one.run is run), None)


def _chain(turn: Turn | None) -> Iterable[Turn]:
    while turn is not None:
        yield turn
        turn = turn.run.parent
