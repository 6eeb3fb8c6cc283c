"""A refusal as data (RFC 9457): the answer of the API, as its client reads it."""

from pydantic import BaseModel, ConfigDict, Field


class FieldProblem(BaseModel):
    """A problem with one field of a request."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="Where it is, for example `body.seed`.", examples=["body.seed"])
    message: str = Field(description="What is wrong with it.", examples=["Input should be a valid integer"])


class Problem(BaseModel):
    """A refusal (RFC 9457). `code` is stable and meant for programs; `detail` is a sentence that says what to do."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="The URI of this kind of problem.", examples=["urn:gradwalk:problem:program_empty"])
    title: str = Field(description="The kind of problem, in a few words.", examples=["The program is empty"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What to do.", examples=["Write at least one line of code, then run it again."])
    code: str = Field(description="The stable name of this kind of problem.", examples=["program_empty"])
    errors: list[FieldProblem] = Field([], description="The fields that are wrong, where single fields are.")
