"""The reason why a recording stopped before its program did, in words for the person who wrote the program."""

from collections.abc import Sequence
from dataclasses import dataclass

from gradwalk.contract.snapshot import Gap
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.records import IterationRecord


@dataclass(frozen=True)
class Cut:
    """The limit that stopped a recording. `setting`: the one to raise."""

    cause: str
    setting: str

    def reason(self, iterations: Sequence[IterationRecord], gaps: Sequence[Gap]) -> str:
        """Return what was recorded, what was not, and how to see more."""
        count = len(iterations)
        counted = f"{count} iteration" if count == 1 else f"{count} iterations"
        between = [gap for gap in gaps if 0 < gap.before < count]
        if between:
            first, last = between[0].before, count - between[-1].before
            counted += f": the first {first} and the last {last}" if gaps[-1].before < count else ""
            missing = " and ".join(_turns_in(iterations, gap) for gap in between)
            missing = f"{missing[0].upper()}{missing[1:]} were not recorded; of them only the losses were kept."
        else:
            missing = "The program ran on to its own end; of the rest only the losses were kept."
        return (
            f"{self.cause}, in {counted}. {missing} To see more, raise {self.setting}, or use fewer iterations or "
            "smaller tensors."
        )


def _turns_in(iterations: Sequence[IterationRecord], gap: Gap) -> str:
    """Return which turns lie in a gap between two iterations. People count them from 1."""
    before, after = (iterations[at].turns for at in (gap.before - 1, gap.before))
    if before and after and before[-1].run is after[-1].run:
        first, last = before[-1].number + 2, after[-1].number
        turns = f"turn {first}" if first == last else f"turns {first} to {last}"
        return f"{turns} of the loop in line {after[-1].run.loop.line}"
    return f"the turns between iterations {gap.before} and {gap.before + 1}"


def cut_by_steps(limits: Limits) -> Cut:
    """Return that the limit of steps was reached."""
    return Cut(f"the recording reached {limits.steps} steps", "GRADWALK_RECORDED_STEPS")


def cut_by_bytes(limits: Limits) -> Cut:
    """Return that the limit of tensor data was reached."""
    return Cut(f"the recording reached {limits.bytes >> 20} MiB of tensor data", "GRADWALK_RECORDED_MIB")


def cut_by_seconds(limits: Limits) -> Cut:
    """Return that recording has used up its share of the time."""
    return Cut(
        f"recording used up its share of the {limits.seconds:g} s that a program may run", "GRADWALK_WALL_SECONDS"
    )
