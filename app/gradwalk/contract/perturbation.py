"""The perturbation that a gradient check asks of a run: one number of one iteration is changed, nothing else."""

from typing import Annotated, Final

from pydantic import Field

from gradwalk.contract.fields import Count
from gradwalk.contract.models import Model

PERTURBATION_ERROR: Final = "MoveError"
"""The type of the error that a run ends with when the number could not be changed."""


class Perturbation(Model):
    """A change of one number: the element at `index` of a result becomes `value` before anything is computed from it.

    `operation`: the number of the operation in the run, as `Iteration.operations` has it. `leaf`: the name of the leaf
    whose number it is, changed at its first use from that operation on; null for a result of the operation itself:
    then `output` says which.
    """

    operation: Count
    leaf: str | None = None
    output: Count = 0
    index: list[Annotated[int, Field(ge=0, lt=2**31)]]
    value: float = Field(allow_inf_nan=False)
