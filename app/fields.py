"""What the fields of the contract's models may hold: ids and numbers."""

from typing import Annotated, Literal

from pydantic import Field

NodeId = Annotated[str, Field(pattern=r"^n\d+$", examples=["n4"])]
EdgeId = Annotated[str, Field(pattern=r"^e\d+$", examples=["e0"])]
GroupId = Annotated[str, Field(pattern=r"^g\d+$", examples=["g0"])]
TensorId = Annotated[str, Field(pattern=r"^t\d+$", examples=["t3"])]

NonFinite = Literal["NaN", "Infinity", "-Infinity"]
Real = int | float | NonFinite
Element = bool | Real | Annotated[list[Real], Field(min_length=2, max_length=2)]
