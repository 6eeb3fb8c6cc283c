"""Parsing of responses into models, arrays and errors. Pure: nothing here waits for a server."""

import io
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ValidationError

from gradwalk import errors
from gradwalk.contract.problem import Problem
from gradwalk.errors import AnswerNotUnderstood, Busy, GradwalkError, Unavailable

M = TypeVar("M", bound=BaseModel)

_BY_CODE = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GradwalkError)
}


def read_model(model: type[M], response: httpx.Response) -> M:
    """Parse the body as a model. Raises AnswerNotUnderstood."""
    return parse_json(model, response.content, f"status {response.status_code} and a body that is no {model.__name__}")


def parse_json(model: type[M], json: bytes | str, received: str) -> M:
    """Parse JSON as a model, and ignore fields that a newer server added. `received` describes JSON of another kind.

    Raises AnswerNotUnderstood.
    """
    try:
        return model.model_validate_json(json, extra="ignore")
    except ValidationError as error:
        raise not_understood(received) from error


def read_array(response: httpx.Response) -> npt.NDArray[np.generic]:
    """Parse the body as an array. Raises AnswerNotUnderstood."""
    try:
        array: npt.NDArray[np.generic] = np.load(io.BytesIO(response.content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise not_understood(f"status {response.status_code} and a body that is no .npy file") from error
    return array


def error_of_response(response: httpx.Response) -> GradwalkError:
    """Return the error that an unsuccessful response reports."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        return not_understood(f"status {response.status_code} and no problem that says why")
    return error_of_problem(problem, retry_after(response))


def error_of_problem(problem: Problem, seconds: float | None = None) -> GradwalkError:
    """Return an error of the class with this problem's code. `seconds`: the time before a retry."""
    kind = _BY_CODE.get(problem.code, GradwalkError)
    if issubclass(kind, (Busy, Unavailable)):
        error: GradwalkError = kind(problem.detail, int(seconds or 0))
    else:
        error = kind(problem.detail)
    error.problem = problem
    return error


def retry_after(response: httpx.Response, now: datetime | None = None) -> float | None:
    """Return the seconds of the header Retry-After; null without one. `now`: the present time, for headers with a
    date.
    """
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())


def not_understood(received: str) -> AnswerNotUnderstood:
    """Return an error for a response that is not Gradwalk's. `received` describes it."""
    return AnswerNotUnderstood(f"This is not a Gradwalk server, or a much newer one: it sent {received}.")
