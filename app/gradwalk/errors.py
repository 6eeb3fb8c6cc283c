"""The exception tree of Gradwalk. It knows nothing of HTTP: `gradwalk.web.http.problems` maps it to status codes, and
`gradwalk.client` raises it again on the other side.

GradwalkError
├── InvalidRequest             the caller's input cannot be used as it is
│   ├── ProgramEmpty
│   ├── ProgramTooLarge
│   ├── ExportTooLarge
│   ├── ElementOutOfRange
│   ├── AnswerNotANumber
│   ├── AnswerNotAChoice
│   ├── SpecDoesNotFit
│   └── CheckImpossible
├── NotFound                   nothing lives at that address
│   ├── SnapshotNotFound
│   ├── GraphNotFound
│   ├── IterationNotFound
│   ├── TensorNotFound
│   ├── EdgeNotFound
│   ├── NodeNotFound
│   ├── PassNotFound
│   ├── ContributionNotFound
│   ├── UpdateNotFound
│   ├── QuestionNotFound
│   └── LessonNotFound
├── Busy                       every place in the queue is taken; waiting helps
├── Unavailable                the sandbox or the store cannot serve now
│   ├── SandboxUnavailable
│   └── StoreUnavailable
├── SandboxUnsafe              the self-test found a hole: the server must not start
├── ServerUnreachable          (client) no server answers, or the connection broke
└── AnswerNotUnderstood        (client) something answers, but not as Gradwalk does

LimitReached (BaseException)   raised inside a running program, so that `except Exception` does not swallow it
├── TimeLimitReached
└── OutputLimitReached
"""

from collections.abc import Sequence
from typing import ClassVar

from gradwalk.contract.problem import FieldProblem, Problem


class GradwalkError(Exception):
    """The base of every error that Gradwalk raises on purpose.

    `code` is stable and meant for programs; the message is one sentence that says what to do. `problem`: what a server
    answered, where a client raises the error. A code that the client does not know arrives as this class.
    """

    code: ClassVar[str] = "gradwalk_error"
    problem: Problem | None = None


class InvalidRequest(GradwalkError):
    """The caller's input cannot be used as it is."""

    code = "invalid_request"


class ProgramEmpty(InvalidRequest):
    """The program has no text to run."""

    code = "program_empty"


class ProgramTooLarge(InvalidRequest):
    """The program is longer than the server accepts."""

    code = "program_too_large"


class ExportTooLarge(InvalidRequest):
    """The export is too much for one file."""

    code = "export_too_large"


class ElementOutOfRange(InvalidRequest):
    """The tensor has no element at this position."""

    code = "element_out_of_range"


class AnswerNotANumber(InvalidRequest):
    """The question asks for a number."""

    code = "answer_not_a_number"


class AnswerNotAChoice(InvalidRequest):
    """The question has other choices."""

    code = "answer_not_a_choice"


class SpecDoesNotFit(InvalidRequest):
    """The parts of a network do not go together. `fields`: the parts, each with the reason."""

    code = "spec_does_not_fit"

    def __init__(self, message: str, fields: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.fields = tuple(fields)


class CheckImpossible(InvalidRequest):
    """No finite differences can be made for this element."""

    code = "check_impossible"


class NotFound(GradwalkError):
    """Nothing lives at that address."""

    code = "not_found"


class SnapshotNotFound(NotFound):
    """No snapshot has this id."""

    code = "snapshot_not_found"


class GraphNotFound(NotFound):
    """The snapshot has no graph with this number."""

    code = "graph_not_found"


class IterationNotFound(NotFound):
    """The snapshot has no iteration with this index."""

    code = "iteration_not_found"


class TensorNotFound(NotFound):
    """The snapshot has no tensor with this id, or the tensor was too large to be kept."""

    code = "tensor_not_found"


class EdgeNotFound(NotFound):
    """The graph has no edge with this id."""

    code = "edge_not_found"


class NodeNotFound(NotFound):
    """The graph has no node with this id."""

    code = "node_not_found"


class PassNotFound(NotFound):
    """The iteration has no backward pass with this number."""

    code = "pass_not_found"


class ContributionNotFound(NotFound):
    """No gradient came back along the edge, or to the node, in this pass."""

    code = "contribution_not_found"


class UpdateNotFound(NotFound):
    """The iteration did not update this leaf."""

    code = "update_not_found"


class QuestionNotFound(NotFound):
    """The snapshot has no question with this id."""

    code = "question_not_found"


class LessonNotFound(NotFound):
    """No lesson has this slug."""

    code = "lesson_not_found"


class Busy(GradwalkError):
    """Every place in the queue is taken. `retry_after`: seconds after which asking again makes sense."""

    code = "busy"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(GradwalkError):
    """A part of the server cannot serve now. `retry_after`: seconds."""

    code = "unavailable"

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SandboxUnavailable(Unavailable):
    """No program can be run now."""

    code = "sandbox_unavailable"


class StoreUnavailable(Unavailable):
    """Snapshots can be neither stored nor read now."""

    code = "store_unavailable"


class ServerStopping(Unavailable):
    """The server stops before the request could be finished."""

    code = "server_stopping"


class SandboxUnsafe(GradwalkError):
    """The confinement has a hole or cannot be set up: other people's programs must not run here."""

    code = "sandbox_unsafe"


class ServerUnreachable(GradwalkError):
    """No server answers at the address, or the connection broke before the answer was there."""

    code = "server_unreachable"


class AnswerNotUnderstood(GradwalkError):
    """Something answers at the address, but not as Gradwalk does."""

    code = "answer_not_understood"


class LimitReached(BaseException):
    """A limit of the sandbox was met by a running program. `status` is the outcome that it leads to."""

    status: ClassVar[str]


class TimeLimitReached(LimitReached):
    """The wall-clock or CPU limit was met."""

    status = "timed_out"


class OutputLimitReached(LimitReached):
    """The program printed more than it may."""

    status = "output_exceeded"
