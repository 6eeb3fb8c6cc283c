"""The one place where errors become HTTP responses: RFC 9457 problem details."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gradwalk import errors
from gradwalk.contract.problem import FieldProblem, Problem
from gradwalk.errors import GradwalkError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_CONNECTION_SECONDS = 5
"""Seconds after which a connection is likely to be possible again: idle ones are closed by then."""


class ProblemKind(NamedTuple):
    """The HTTP status and the title of one class of errors."""

    status: HTTPStatus
    title: str


KINDS: dict[type[GradwalkError], ProblemKind] = {
    errors.InvalidRequest: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "The request cannot be used as it is"),
    errors.ProgramEmpty: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "The program is empty"),
    errors.ProgramTooLarge: ProblemKind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The program is too large"),
    errors.ExportTooLarge: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "Too much for one file"),
    errors.ElementOutOfRange: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "The tensor has no such element"),
    errors.AnswerNotANumber: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "The answer is not a number"),
    errors.AnswerNotAChoice: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "The answer is none of the choices"),
    errors.SpecDoesNotFit: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "The parts of the network do not go together"),
    errors.CheckImpossible: ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, "This gradient cannot be checked"),
    errors.NotFound: ProblemKind(HTTPStatus.NOT_FOUND, "Nothing lives at this address"),
    errors.SnapshotNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such snapshot"),
    errors.GraphNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such graph"),
    errors.IterationNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such iteration"),
    errors.TensorNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such tensor"),
    errors.EdgeNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such edge"),
    errors.NodeNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such node"),
    errors.PassNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such backward pass"),
    errors.ContributionNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "No gradient came along there"),
    errors.UpdateNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such update"),
    errors.QuestionNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such question"),
    errors.LessonNotFound: ProblemKind(HTTPStatus.NOT_FOUND, "There is no such lesson"),
    errors.Busy: ProblemKind(HTTPStatus.SERVICE_UNAVAILABLE, "Too many programs are waiting"),
    errors.Unavailable: ProblemKind(HTTPStatus.SERVICE_UNAVAILABLE, "The server cannot serve this now"),
    errors.SandboxUnavailable: ProblemKind(HTTPStatus.SERVICE_UNAVAILABLE, "Programs cannot be run now"),
    errors.StoreUnavailable: ProblemKind(HTTPStatus.SERVICE_UNAVAILABLE, "Snapshots cannot be stored or read now"),
    errors.ServerStopping: ProblemKind(HTTPStatus.SERVICE_UNAVAILABLE, "The server stops"),
}


class ProtocolRefusal(NamedTuple):
    """A problem with a request that has not reached any route."""

    code: str
    title: str
    detail: str


PROTOCOL: dict[int, ProtocolRefusal] = {
    400: ProtocolRefusal(
        "malformed_body", "The body is not JSON", "Send one JSON object: what came could not be read as one."
    ),
    403: ProtocolRefusal(
        "origin_not_allowed",
        "Pages of this origin may not ask",
        "Ask whoever runs this server to add the origin of your page to GRADWALK_ALLOWED_ORIGINS.",
    ),
    404: ProtocolRefusal("not_found", "Nothing lives at this address", "Check the address for a typing mistake."),
    405: ProtocolRefusal(
        "method_not_allowed", "Not with this method", "Use a method that the Allow header of this answer lists."
    ),
    408: ProtocolRefusal(
        "request_timeout", "The request took too long to arrive", "Send the whole request again, at once this time."
    ),
    413: ProtocolRefusal(
        "body_too_large", "The body is too large", "Send a shorter body: no program may be nearly as long."
    ),
    415: ProtocolRefusal(
        "unsupported_media_type", "The body is not declared as JSON", "Send the header Content-Type: application/json."
    ),
    421: ProtocolRefusal(
        "host_not_allowed",
        "This server does not go by that name",
        "Use the address that whoever runs this server gave you, or have its name added to GRADWALK_ALLOWED_HOSTS.",
    ),
}
CONNECTION: dict[int, ProtocolRefusal] = {
    400: ProtocolRefusal("malformed_request", "This is not HTTP", "Send a request as RFC 9112 describes it."),
    408: PROTOCOL[408],
    431: ProtocolRefusal(
        "headers_too_large", "The headers are too large", "Send a shorter address and fewer or shorter headers."
    ),
    503: ProtocolRefusal(
        "too_many_connections", "Too many connections are open", "Close connections that you do not need, or wait."
    ),
}
"""The refusals on a connection, before the application receives a request."""

INTERNAL_ERROR = ProtocolRefusal(
    "internal_error",
    "Something went wrong inside the server",
    "This is a mistake in Gradwalk, not in your request: try again, and tell whoever runs this server.",
)

_DESCRIPTIONS = {status: protocol.title for status, protocol in PROTOCOL.items()} | {
    413: "The program or the whole body is too large",
    422: "The request cannot be used as it is",
    503: "The server cannot serve this now; waiting helps",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may answer with problems of these statuses."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    wait = {"Retry-After": {"description": "Seconds after which to ask again.", "schema": {"type": "integer"}}}
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": content,
            **({"headers": wait} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}),
        }
        for status in statuses
    }


def schemas() -> dict[str, Any]:
    """Return the JSON schemas that `documented` refers to, for the OpenAPI document."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


class Refusal(NamedTuple):
    """A problem with the headers of its response."""

    problem: Problem
    headers: dict[str, str]

    def response(self) -> Response:
        """Return the refusal as JSON. Caches must not store it, because the next request may succeed."""
        body = self.problem.model_dump_json(exclude_defaults=True)
        headers = {"Cache-Control": "no-store", **self.headers}
        return Response(body, self.problem.status, headers, media_type=MEDIA_TYPE)


def refusal_of(request: Request, error: Exception) -> Refusal:
    """Return the refusal that tells the client about an error."""
    match error:
        case GradwalkError():
            return _gradwalk_error(error)
        case RequestValidationError():
            return _invalid_request(request, error)
        case HTTPException():
            return protocol_refusal(error.status_code, dict(error.headers or {}))
    return _unexpected_error(error)


def protocol_refusal(status: int, headers: dict[str, str] | None = None) -> Refusal:
    """Return the refusal for an HTTP status that carries no error of Gradwalk."""
    phrase = HTTPStatus(status).phrase
    other = ProtocolRefusal(phrase.lower().replace(" ", "_"), phrase, f"{phrase}.")
    return _of_protocol(status, PROTOCOL.get(status, other), headers)


def connection_refusal(status: int) -> Refusal:
    """Return the refusal of a connection that never reaches the application. `status`: a key of CONNECTION."""
    wait = {"Retry-After": str(_CONNECTION_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return _of_protocol(status, CONNECTION[status], {"Connection": "close", **wait})


def _of_protocol(status: int, protocol: ProtocolRefusal, headers: dict[str, str] | None) -> Refusal:
    return _refusal(ProblemKind(HTTPStatus(status), protocol.title), protocol.code, protocol.detail, headers=headers)


def _gradwalk_error(error: GradwalkError) -> Refusal:
    kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), None)
    if kind is None:
        return _unexpected_error(error)
    if isinstance(error, errors.Unavailable):
        _log.warning("%s: %s", error.code, error, exc_info=error.__cause__)
    wait = getattr(error, "retry_after", None)
    fields = getattr(error, "fields", ())
    return _refusal(kind, error.code, str(error), fields, headers=None if wait is None else {"Retry-After": str(wait)})


def _invalid_request(request: Request, error: RequestValidationError) -> Refusal:
    found = error.errors()
    if any(e["loc"][:1] == ("body",) for e in found) and not _is_json(request):
        return protocol_refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if any(e["type"] == "json_invalid" for e in found):
        return protocol_refusal(HTTPStatus.BAD_REQUEST)
    fields = [FieldProblem(field=_utf8(".".join(map(str, e["loc"]))), message=_utf8(e["msg"])) for e in found]
    sentence = f"Correct {', '.join(f.field for f in fields[:5])}: {fields[0].message}."
    return _refusal(KINDS[errors.InvalidRequest], errors.InvalidRequest.code, sentence, fields)


def _unexpected_error(error: Exception) -> Refusal:
    """Return a refusal for a mistake in Gradwalk, which shows no details. The details are logged."""
    _log.error("A request failed unexpectedly.", exc_info=error)
    return _of_protocol(HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL_ERROR, None)


def _refusal(
    kind: ProblemKind,
    code: str,
    detail: str,
    fields: Sequence[FieldProblem] = (),
    headers: dict[str, str] | None = None,
) -> Refusal:
    problem = Problem(
        type=f"urn:gradwalk:problem:{code}",
        title=kind.title,
        status=int(kind.status),
        detail=_utf8(detail),
        code=code,
        errors=list(fields),
    )
    return Refusal(problem, headers or {})


def _utf8(text: str) -> str:
    """Escape lone surrogates in a text that quotes a request: JSON can carry them, UTF-8 cannot."""
    return text.encode("utf-8", "backslashreplace").decode()


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))
