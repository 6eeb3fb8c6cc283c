"""A finding: one thing that goes wrong in a program, in the program's own names and numbers."""

from typing import Annotated, Final, Literal

from pydantic import Field

from gradwalk.contract.fields import Count, Line, NodeId
from gradwalk.contract.models import Model

Severity = Literal["error", "warning", "note"]
Code = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", examples=["dead-relu"])]

BY_SEVERITY: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "note": 2}
"""The order in which findings are told."""


class Finding(Model):
    """`graph`, `node`: where it shows, null where no single node is to blame; `others`: more nodes of that graph that
    take part. `line`: of the program. `iteration`: the first one in which it shows, null where it shows in none;
    `iterations`: in how many. `why`, `todo`: one sentence each. `docs`: where the finding is explained.
    """

    code: Code
    severity: Severity
    graph: Count | None
    node: NodeId | None
    others: list[NodeId]
    line: Line | None
    iteration: Count | None
    iterations: Count
    why: str
    todo: str
    docs: str
