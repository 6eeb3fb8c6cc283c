"""The types of the contract's fields: ids and numbers."""

from typing import Annotated, Literal

from pydantic import Field

# Patterns have [0-9], because \d matches the digits of every script. Everything is bounded, because a program can forge
# its own recording.
NodeId = Annotated[str, Field(pattern=r"^n[0-9]{1,9}$", examples=["n4"])]
EdgeId = Annotated[str, Field(pattern=r"^e[0-9]{1,9}$", examples=["e0"])]
GroupId = Annotated[str, Field(pattern=r"^g[0-9]{1,9}$", examples=["g0"])]
TensorId = Annotated[str, Field(pattern=r"^t[0-9]{1,9}$", examples=["t3"])]

Line = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Extent = Annotated[int, Field(ge=0, lt=2**63)]
Dtype = Annotated[str, Field(pattern=r"^(bool|(q?u?int|b?float|complex|bits)[0-9]{1,3}(_?[a-z0-9]{1,8}){0,2})$")]

NonFinite = Literal["NaN", "Infinity", "-Infinity"]
Integer = Annotated[int, Field(ge=-(2**63), le=2**64 - 1)]
Real = float | Integer | NonFinite
# float comes first: most elements are floats, and the first member that fits exactly is taken
Element = float | Integer | bool | NonFinite | Annotated[list[Real], Field(min_length=2, max_length=2)]
