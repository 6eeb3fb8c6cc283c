"""The reason why a recording stopped before its program did, in words for the person who wrote the program."""

from dataclasses import dataclass

from gradwalk.recorder.limits import Limits


@dataclass(frozen=True)
class Cut:
    """The limit that stopped a recording. `setting`: the one to raise."""

    cause: str
    setting: str

    def reason(self, iterations: int) -> str:
        """Return what was recorded, and how to see more."""
        counted = f"{iterations} iteration" if iterations == 1 else f"{iterations} iterations"
        return (
            f"{self.cause}, in {counted}. The program ran on to its own end; of the rest only the losses were kept. To "
            f"see more, raise {self.setting}, or use fewer iterations or smaller tensors."
        )


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
