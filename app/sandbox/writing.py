"""The child's side of an answer: written part by part, so that neither side ever holds all of it as one text."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from app.sandbox.protocol import PART_OVERHEAD, Kind
from app.snapshot import Outcome
from app.tracing.program import Run

Send = Callable[[Kind, bytes], None]

_TOO_MUCH: Final = "the recording is too large to be written down whole"
_TOO_LITTLE_MEMORY: Final = "there was too little memory to write the recording down whole"


def write_answer(run: Run, limit: int, send: Send) -> None:
    """Sends the run's iterations, its large tensors and last its ANSWER; no more than `limit` bytes of the former.

    What cannot be written is left out, and `truncated` says why: a program can put anything into its recording.
    """
    head = _empty(run.outcome)
    lost: str | None
    try:
        document = run.recording.document()
        head |= {"truncated": document["truncated"], "graphs": document["graphs"]}
        lost = _write_parts(document, limit, send)
    except MemoryError:
        lost = _TOO_LITTLE_MEMORY
    except Exception as error:
        lost = f"the recording cannot be written down ({type(error).__name__})"
    if lost is not None:
        steps = (head["truncated"] or {}).get("recorded_steps", 0)
        head["truncated"] = {"reason": lost, "recorded_steps": steps}
    send(Kind.ANSWER, orjson.dumps(head))


def write_outcome(outcome: Outcome, send: Send) -> None:
    """Sends an answer without any recording."""
    send(Kind.ANSWER, orjson.dumps(_empty(outcome)))


def _write_parts(document: dict[str, Any], limit: int, send: Send) -> str | None:
    """Why not all was sent; null when it was."""
    left = limit
    for kind, parts in ((Kind.ITERATION, document["iterations"]), (Kind.TENSOR, document["tensors"].values())):
        for part in parts:
            body = orjson.dumps(part)
            left -= len(body) + PART_OVERHEAD
            if left < 0:
                return _TOO_MUCH
            send(kind, body)
    return None


def _empty(outcome: Outcome) -> dict[str, Any]:
    """A Recorded without its parts, ready for orjson."""
    return {"outcome": outcome.model_dump(), "truncated": None, "graphs": [], "iterations": [], "tensors": {}}
