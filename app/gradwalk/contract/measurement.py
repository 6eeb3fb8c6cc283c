"""The measured local derivative: the request to a second run of a program, and what that run found."""

from typing import Literal

from gradwalk.contract.fields import Count, Extent, Real
from gradwalk.contract.models import Model
from gradwalk.contract.snapshot import Recorded

MOST_OUTPUTS = 1024
"""The most elements that an operation's results may have: backward is called once for each of them."""

Trouble = Literal["too_large", "not_real", "not_reached", "backward_failed"]
"""The reason why nothing was measured: too many elements; numbers that are not real; the run never came to that place;
an error that the operation's backward raised.
"""


class Wanted(Model):
    """The local derivative at an edge in a backward pass, for one element (flat, row-major).

    `operation`: the number in the run of the operation that the edge leads into, as `Iteration.operations` has it.
    `edge`: which of the edges into it, from 0. `backward_pass`: the number of the pass in the run.
    """

    operation: Count
    edge: Count
    backward_pass: Count
    element: Count


class Response(Model):
    """The response of element `index` (flat) of the operation's result number `output` to a change of the element asked
    for.

    `backward`: what backward returns for it. `forward`: by how much it moves when the element is moved a little, null
    where that could not be tried.
    """

    output: Count
    index: Count
    backward: Real
    forward: Real | None


class Measurement(Model):
    """The result of a measurement.

    `outputs`: the shapes of the results, null for those that no gradient reached. `calls`: how often backward was
    called. `responses`: those that are not 0. `forward_error`: the possible error of the numbers of `forward`, relative
    to numbers around 1; null where forward could not be tried. `shared`: other results of the same autograd node are
    nodes of their own, whose gradients take part in the contribution. `trouble`: why there is nothing; `error`: the
    message of what was raised.
    """

    outputs: list[list[Extent] | None]
    calls: Count
    responses: list[Response]
    forward_error: Real | None
    shared: bool
    trouble: Trouble | None
    error: str | None


class Remeasured(Recorded):
    """The outcome of a run that was made to measure: no recording, but how it ended and what was measured, null where
    the program did not come to that place.
    """

    measured: Measurement | None = None
