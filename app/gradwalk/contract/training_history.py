"""The training history over the iterations of a recording, a part of the snapshot."""

from typing import Literal

from pydantic import Field

from gradwalk.contract.fields import Count, NodeId, Real
from gradwalk.contract.models import Model


class LeafHistory(Model):
    """The history of a parameter: one number per iteration, to six digits; null where it took no part.

    `nodes`: its node per graph, null where the graph does not hold it. `low`, `high`, `norm`: of its finite elements
    when it was first used. `gradient_norm`: of the `.grad` that the last backward pass left, or of the gradient that
    autograd.grad returned.
    """

    name: str | None
    nodes: list[NodeId | None]
    low: list[Real | None]
    high: list[Real | None]
    norm: list[Real | None]
    gradient_norm: list[Real | None]


class FirstNonFinite(Model):
    """The first NaN or infinite number of a recording, by the rule that the stage and the findings follow. `node`: the
    node that made it, in its value, or in a gradient that it got or gave back.
    """

    iteration: Count
    node: NodeId
    where: Literal["value", "gradient"]


class TrainingHistory(Model):
    """The history of a training over all iterations of a recording; `leaves` is empty where there was only one."""

    leaves: list[LeafHistory] = Field(default_factory=list)
    first_nonfinite: FirstNonFinite | None = None
