"""A question as whoever is to answer it sees it, and what is said about an answer."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from gradwalk.contract.fields import Count, EdgeId, NodeId
from gradwalk.contract.models import Model

Form = Literal["number", "one", "several"]

QUESTION_ID: Final = r"^([a-z]+(?:-[a-z]+)*)\.([0-9]{1,9})\.([0-9]{1,9})\.([a-z0-9-]{1,40})$"
"""The kind, the iteration, the step, and what tells it from the others of its kind there."""

QuestionId = Annotated[str, Field(pattern=QUESTION_ID, examples=["contribution.0.12.e1-0"])]


class Choice(Model):
    """One of the answers to choose from. `value`: what is sent as the answer; `node`: which node it stands for."""

    value: str
    text: str
    node: NodeId | None


class Question(Model):
    """Asked before step `step` of an iteration, and not a step later.

    `form`: a `number` is wanted, `one` of the choices, or `several` of them, one at least. `precision`: how close a
    number has to be. `node`: which node it is about; null where it is about several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    id: QuestionId
    kind: str
    iteration: Count
    step: Count
    text: str
    form: Form
    choices: list[Choice]
    precision: str | None
    node: NodeId | None


class Verdict(Model):
    """Whether an answer is right, and why the expected one is.

    `expected`: a number, or the values of the right choices. `tolerance`: how far from it a number may be. `why`: the
    chain rule in sentences. `node`, `edge`, `pass`, `element`: of the explanation that shows it in full.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    question: QuestionId
    right: bool
    expected: float | list[str]
    tolerance: float | None
    why: str
    node: NodeId
    edge: EdgeId | None
    backward_pass: Count | None = Field(alias="pass")
    element: list[Count] | None
