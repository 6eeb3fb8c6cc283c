"""The writer of answers, on the child's side: it writes part by part, so that neither side ever holds all of it as one
text.
"""

from typing import Final

from gradwalk.contract.measurement import Measurement, Remeasured
from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Outcome, Recorded, Truncated
from gradwalk.recorder.isolation import isolated
from gradwalk.recorder.program_run import ProgramRun
from gradwalk.recorder.recording import RecordingModels
from gradwalk.sandbox.protocol import PART_OVERHEAD, FrameKind, SendFrame

_TOO_MUCH: Final = "the recording is too large to be written down whole"
_RECORD_LESS: Final = "To see more, let the program make fewer iterations or smaller tensors."
_TOO_LITTLE_MEMORY: Final = "there was too little memory to write the recording down whole"


def write_answer(run: ProgramRun, limit: int, send: SendFrame) -> None:
    """Send the run's iterations, its large tensors and last its ANSWER; at most `limit` bytes of the former.

    A HEAD goes first, and another one when the graphs are known: should the rest be too slow, the server has these.
    What cannot be written is left out, and `truncated` says why: a program can put anything into its recording.
    """
    with isolated():
        _write_answer(run, limit, send)


def _write_answer(run: ProgramRun, limit: int, send: SendFrame) -> None:
    head = _empty(run.outcome)
    send(FrameKind.HEAD, json_of(head))
    lost: str | None
    try:
        models = run.recording.models()
        head = head.model_copy(update={"truncated": models.truncated, "graphs": models.graphs})
        send(FrameKind.HEAD, json_of(head))
        lost = _write_parts(models, limit, send)
        head = head.model_copy(update={"course": models.training_history})
    except MemoryError:
        lost = _TOO_LITTLE_MEMORY
    except Exception as error:
        lost = f"the recording cannot be written down ({type(error).__name__})"
    if lost is not None:
        steps = head.truncated.recorded_steps if head.truncated is not None else 0
        head = head.model_copy(update={"truncated": Truncated(reason=lost, recorded_steps=steps)})
    send(FrameKind.ANSWER, _body_of(head))


def _body_of(head: Recorded) -> bytes:
    """Return the head as JSON; when its graphs cannot be written, at least how the run ended."""
    try:
        return json_of(head)
    except Exception as error:
        cut = Truncated(reason=f"the graph cannot be written down ({type(error).__name__})", recorded_steps=0)
        return json_of(_empty(head.outcome).model_copy(update={"truncated": cut}))


def write_outcome(outcome: Outcome, send: SendFrame) -> None:
    """Send an answer without any recording."""
    send(FrameKind.ANSWER, json_of(_empty(outcome)))


def write_measured(outcome: Outcome, measured: Measurement | None, send: SendFrame) -> None:
    """Send a measurement instead of a recording."""
    left = Remeasured(outcome=outcome, truncated=None, graphs=[], iterations=[], tensors={}, measured=measured)
    send(FrameKind.ANSWER, json_of(left))


def _write_parts(models: RecordingModels, limit: int, send: SendFrame) -> str | None:
    """Send the parts, each iteration whole or not at all. Return why not all were sent; null when they were."""
    left = limit
    for count, iteration in enumerate(models.iterations()):
        large = list(models.tensors.values())
        models.tensors.clear()
        # the tensors go first: an iteration that has arrived is whole
        parts = [(FrameKind.TENSOR, json_of(tensor)) for tensor in large]
        parts.append((FrameKind.ITERATION, json_of(iteration)))
        left -= sum(len(body) + PART_OVERHEAD for _, body in parts)
        if left < 0:
            return f"{_TOO_MUCH}: {count} {'iteration is' if count == 1 else 'iterations are'} here. {_RECORD_LESS}"
        for kind, body in parts:
            send(kind, body)
    return None


def _empty(outcome: Outcome) -> Recorded:
    """Return an answer without its parts."""
    return Recorded(outcome=outcome, truncated=None, graphs=[], iterations=[], tensors={})
