"""A finding: one mistake of a program, described with the program's own names and numbers."""

from typing import Annotated, Final, Literal

from pydantic import Field

from gradwalk.contract.fields import Count, Line, NodeId
from gradwalk.contract.models import Model

Severity = Literal["error", "warning", "note"]
Code = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", examples=["dead-relu"])]

BY_SEVERITY: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "note": 2}
"""The position of each severity in the list of findings."""


class Finding(Model):
    """One mistake of a program. `graph`, `node`: its place, null where no single node is the cause; `others`: more
    nodes of that graph that take part. `line`: of the program. `iteration`: the first one that shows it, null where
    none does; `iterations`: how many show it. `why`, `todo`: one sentence each. `docs`: the section that explains the
    finding.
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
