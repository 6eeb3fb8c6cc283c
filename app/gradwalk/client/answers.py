"""From an answer to what was asked for, or to the error that it tells. Nothing here waits for anything."""

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
    """The body as a model. Raises AnswerNotUnderstood."""
    return parsed(model, response.content, f"status {response.status_code} and a body that is no {model.__name__}")


def parsed(model: type[M], json: bytes | str, what: str) -> M:
    """JSON as a model; fields that a newer server added are passed over. `what`: came instead when it is none.

    Raises AnswerNotUnderstood.
    """
    try:
        return model.model_validate_json(json, extra="ignore")
    except ValidationError as error:
        raise not_understood(what) from error


def read_array(response: httpx.Response) -> npt.NDArray[np.generic]:
    """The body as an array. Raises AnswerNotUnderstood."""
    try:
        array: npt.NDArray[np.generic] = np.load(io.BytesIO(response.content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise not_understood(f"status {response.status_code} and a body that is no .npy file") from error
    return array


def refusal_of(response: httpx.Response) -> GradwalkError:
    """The error that an answer which is no success tells."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        return not_understood(f"status {response.status_code} and no problem that says why")
    return error_of(problem, retry_after(response))


def error_of(problem: Problem, seconds: float | None = None) -> GradwalkError:
    """The error of the tree that has this problem's code, with the problem attached. `seconds`: after which to ask
    again.
    """
    kind = _BY_CODE.get(problem.code, GradwalkError)
    if issubclass(kind, (Busy, Unavailable)):
        error: GradwalkError = kind(problem.detail, int(seconds or 0))
    else:
        error = kind(problem.detail)
    error.problem = problem
    return error


def retry_after(response: httpx.Response, now: datetime | None = None) -> float | None:
    """Seconds after which the server wants to be asked again; null when it does not say. `now`: for its dates."""
    told = response.headers.get("retry-after", "").strip()
    if told.isdecimal():
        return float(told[:9])
    try:
        date = parsedate_to_datetime(told)
    except ValueError:
        return None
    at = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())


def not_understood(what: str) -> AnswerNotUnderstood:
    """`what`: that came instead."""
    return AnswerNotUnderstood(f"This is not a Gradwalk server, or a much newer one: it sent {what}.")
