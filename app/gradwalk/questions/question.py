"""The models of a question and of the verdict on an answer."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from gradwalk.contract.fields import Count, EdgeId, NodeId
from gradwalk.contract.models import Model

Form = Literal["number", "one", "several"]

QUESTION_ID: Final = r"^([a-z]+(?:-[a-z]+)*)\.([0-9]{1,9})\.([0-9]{1,9})\.([a-z0-9-]{1,40})$"
"""The pattern of an id: the kind, the iteration, the step, and a key among the questions of its kind there."""

QuestionId = Annotated[str, Field(pattern=QUESTION_ID, examples=["contribution.0.12.e1-0"])]


class Choice(Model):
    """One of the answers to choose from. `value`: the text that is sent as the answer; `node`: the node that it stands
    for.
    """

    value: str
    text: str
    node: NodeId | None


class Question(Model):
    """A question that is asked before step `step` of an iteration, and not a step later.

    `form`: a `number` is wanted, `one` of the choices, or `several` of them, one at least. `precision`: how close a
    number has to be. `node`: the node that it is about; null where it is about several.
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
    """The verdict on an answer, with the reason for the expected one.

    `expected`: a number, or the values of the right choices. `tolerance`: how far from it a number may be. `why`: the
    chain rule in sentences. `node`, `edge`, `pass`, `element`: the explanation that shows it in full.
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
