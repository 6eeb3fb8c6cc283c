"""The parts of a recording that a limit has cut: the first turns of the program's loop, and the last ones."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from gradwalk.recorder.progress import loss_of
from gradwalk.recorder.rebound_leaves import Rebindings
from gradwalk.recorder.records import PassRecord, SegmentRecord

LAST_TURNS: Final = 10
"""The number of last turns that are kept, if there is room for them."""
_LEAST_SHARE: Final = 1 / 6
_MOST_SHARE: Final = 1 / 2
"""The shares of the limits that the last turns have at least, and at most."""
_PARTS: Final = 4
"""The number of parts that the last turns are recorded in: the oldest is dropped whole."""
MOST_LOSSES: Final = 100_000


@dataclass(slots=True, eq=False)
class RecordingPart:
    """A stretch of the run that was recorded without a gap.

    `losses`: of the passes after it that are in no part. `passes_before`: how many passes the program made before.
    `share`: the share of the limits that it fills. `turns`: how many turns of the loop that trains it holds. `steps`:
    how many steps it has. `is_whole`: it ends with the end of a turn, or of the program.
    """

    segments: list[SegmentRecord]
    rebindings: Rebindings
    losses: list[Any]
    passes_before: int = 0
    share: float = 0.0
    turns: int = 0
    steps: int = 0
    is_whole: bool = True

    def lose(self, losses: list[Any]) -> None:
        """Note the losses of passes that are in no part."""
        self.losses += losses[: MOST_LOSSES - len(self.losses)]

    def trim(self, count: int) -> None:
        """Drop all but the first `count` segments."""
        dropped = self.segments[count:]
        del self.segments[count:]
        self.steps -= sum(len(segment.steps) for segment in dropped)
        self.losses[:0] = _losses_in(dropped)
        self.is_whole = True


class LastParts:
    """The parts after the first one. The oldest are dropped when the younger ones have turns enough, or fill their
    share of the limits.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._parts: deque[RecordingPart] = deque()

    def __iter__(self) -> Iterator[RecordingPart]:
        return iter(self._parts)

    def is_enough(self, turns: int, share: float) -> bool:
        """Return whether a part with so many turns, which fill this share of the limits, should end."""
        return turns >= LAST_TURNS or share > self._share / _PARTS

    def add(self, part: RecordingPart, first: RecordingPart) -> None:
        """Add a part. What falls out is lost between the first part and the second."""
        self._parts.append(part)
        while len(self._parts) > 1 and self._can_drop_one():
            dropped = self._parts.popleft()
            first.lose(_losses_in(dropped.segments))
            first.lose(dropped.losses)

    def _can_drop_one(self) -> bool:
        younger = list(self._parts)[1:]
        filled = sum(part.share for part in self._parts)
        return filled > self._share or sum(part.turns for part in younger) >= LAST_TURNS


def share_for_last_turns(turns: int) -> float:
    """Return the share of the limits that the last turns have, where so many turns fill all of it.

    A part does not know the tensors of the one before it, so that it fills more than as many of the first turns.
    """
    return min(_MOST_SHARE, max(_LEAST_SHARE, 1.5 * LAST_TURNS / turns))


def losses_of(passes: Iterable[PassRecord]) -> list[Any]:
    """Return the losses of passes, of those that have one."""
    losses = [loss_of([each]) for each in passes]
    return [loss for loss in losses if loss is not None]


def _losses_in(segments: list[SegmentRecord]) -> list[Any]:
    return losses_of(each for segment in segments for each in segment.passes)
