"""The models of request and response bodies that are not snapshots."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gradwalk.contract.fields import Count, NodeId, Real
from gradwalk.contract.snapshot import Environment, LoopTurn, Outcome, Override
from gradwalk.findings import Finding
from gradwalk.questions import Question

_NEURON = "import torch\n\nw = torch.tensor([2.2], requires_grad=True)\n(w * 1.1).sigmoid().sum().backward()\n"


class Body(BaseModel):
    """A frozen and strict model, like those of the snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RunRequest(Body):
    """A program to run."""

    source: str = Field(description="The Python program.", examples=[_NEURON])
    seed: int = Field(0, ge=0, lt=2**63, description="Seed of every random number generator.")
    overrides: list[Override] = Field([], max_length=1000, description="What-if changes of leaves.")

    @model_validator(mode="after")
    def _is_encodable(self) -> "RunRequest":
        for text in (self.source, *(override.name for override in self.overrides)):
            if not _is_unicode(text):
                raise ValueError("the text holds half of a surrogate pair, which no file can hold")
        return self


class Timings(Body):
    """The times of a run in milliseconds: waiting in the queue, running, and the whole request."""

    queued_ms: float
    run_ms: float
    total_ms: float


class CheckRequest(Body):
    """The element of a gradient that is to be checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    iteration: Count = Field(description="From 0.", examples=[0])
    node: NodeId
    output: Count = Field(0, description="Which of the operation's results.")
    element: list[Annotated[int, Field(ge=-(2**31), lt=2**31)]] | None = Field(
        None, max_length=64, description="Its position; by default that of the largest magnitude.", examples=[[0]]
    )
    backward_pass: Count = Field(0, alias="pass", description="0 for the iteration's first backward pass.")


class RunCreated(Body):
    """The id of a run's snapshot, and how the run ended."""

    snapshot: str = Field(description="The id of the snapshot.")
    outcome: Outcome
    timings: Timings


class Queued(Body):
    """The run waits in the queue."""

    position: int = Field(ge=1, description="How many other runs must end before it starts.", examples=[3])


class Started(Body):
    """The program has started to run."""

    queued_ms: float = Field(description="Milliseconds that it waited.", examples=[412.5])


class IterationEnded(Body):
    """An iteration of the program has ended. Of many in a short time only the last is reported."""

    index: int = Field(ge=0, description="0 for the first iteration.", examples=[12])
    loss: Real | None = Field(description="What its backward pass started from, where that is one number.")
    turns: list[LoopTurn] = Field(
        default_factory=list, description="The turns of the program's loops that it is in, outermost first."
    )


class LessonSummary(Body):
    """A lesson in the list of lessons."""

    slug: str = Field(examples=["neuron"])
    title: str
    summary: str
    part: str = Field(description="The part of the course that it is in; empty where it is in none.")
    needs: list[str] = Field(description="The slugs of the lessons that it builds on, which are taught before it.")


class LessonList(Body):
    """All lessons, in the order in which they are taught."""

    lessons: list[LessonSummary]


class LessonChoice(Body):
    """One of the answers to choose from. `html` is the answer and `reply` the comment for a reader who chooses it, both
    as HTML.
    """

    html: str
    right: bool
    reply: str


class LessonQuestion(Body):
    """A question of a lesson: either `choices`, one of them right, or a `number` with the `reply` to it. `html`: the
    question itself. An answer is right when it differs from `number` by at most `tolerance`.
    """

    html: str
    choices: list[LessonChoice] | None
    number: float | None
    tolerance: float | None
    reply: str | None


class LessonExplanation(Body):
    """The text that a stop of a lesson adds once its questions are answered (`html`), and the place that the stage
    shows with it, which is null where the stop's is.
    """

    html: str
    iteration: int | None
    step: int | None
    node: str | None


class LessonStop(Body):
    """A stop of a lesson: its text (`html`), the place that the stage shows (`iteration` and `step`, from 0, and the
    `node` that it is about) and its questions. The three are null where the stop names no place, and until the server
    has run the lesson; `node` also where the place is the beginning or the end of an iteration. `explanation`:
    what stays folded until the questions are answered, null where nothing does.
    """

    title: str
    html: str
    iteration: int | None
    step: int | None
    node: str | None
    questions: list[LessonQuestion]
    explanation: LessonExplanation | None


class LessonPage(Body):
    """One lesson. `text` is Markdown; `html` is the same text rendered, without active content, places and questions;
    `opening` is its part before the first of the `stops`. `source`: its program; `snapshot`: the id of the snapshot of
    the program's run, null until the server has run it.
    """

    slug: str = Field(examples=["neuron"])
    title: str
    summary: str
    text: str
    html: str
    opening: str
    stops: list[LessonStop]
    source: str
    snapshot: str | None


class GlossaryWord(Body):
    """A word of the glossary. `forms`: other ways to write it; `definition`: sentences, with code in backticks;
    `lesson` and `stop`, from 1: where it is seen, with their titles; `related`: the ids of other words.
    """

    id: str = Field(examples=["chain-rule"])
    name: str
    forms: list[str]
    definition: str
    lesson: str
    lesson_title: str
    stop: int
    stop_title: str
    related: list[str]


class GlossaryWords(Body):
    """All words of the glossary, in the order of the alphabet."""

    words: list[GlossaryWord]


class ProgramBuilt(Body):
    """The program of a network. `shapes`: the shape of the data and then of each layer's output, for one example."""

    source: str = Field(description="The Python program.")
    shapes: list[list[int]] = Field(examples=[[[2], [4], [4], [1]]])
    parameters: int = Field(description="Numbers that learn.", examples=[17])


class FindingList(Body):
    """The findings about a program: errors first, then warnings, then notes. Empty where nothing was found."""

    findings: list[Finding]


class QuestionList(Body):
    """The questions about one iteration, in the order of its steps. `note`: the reason why there are none, else
    null.
    """

    iteration: int = Field(ge=0)
    seed: int = Field(ge=0)
    questions: list[Question]
    note: str | None


class AnswerRequest(Body):
    """An answer to a question: a number, the value of a choice, or the values of several."""

    question: str = Field(max_length=200, description="The id of the question.", examples=["sign.0.12.e1-0"])
    answer: float | Annotated[str, Field(max_length=200)] | Annotated[list[str], Field(max_length=100)] = Field(
        description="What is thought to be right.", examples=["negative"]
    )
    seed: int | None = Field(None, description="That the questions were made with. The answer does not depend on it.")


class Health(Body):
    """The server can run a program and store its snapshot."""

    status: str = Field(examples=["ok"])
    version: str
    environment: Environment


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
