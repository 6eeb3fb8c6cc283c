"""Operations that make tensors of numbers that the program gives, and `detach`: no gradient flows back through them."""

from gradwalk.operations import phrases
from gradwalk.operations.entry import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(("tensor", "as_tensor", "scalar_tensor", "new_tensor"), "writes_constants",
              says="a tensor of numbers that the program gives"),
    Operation(("full", "full_like", "new_full"), "writes_constants",
              says="a tensor filled with one number"),
    Operation(("zeros", "zeros_like", "new_zeros", "ones", "ones_like", "new_ones", "eye"), "writes_constants",
              says=phrases.zeros_or_ones),
    Operation(("arange", "linspace", "logspace"), "writes_constants",
              says="numbers in even steps"),
    Operation(("empty", "empty_like", "new_empty"), "other",
              says="room for numbers that are not set yet"),
    Operation(("rand", "rand_like", "randn", "randn_like", "randint", "randint_like", "randperm", "bernoulli",
               "multinomial", "normal", "uniform"), "other",
              says="numbers drawn at random"),
    Operation(("detach",), "structural",
              says="the same numbers as <self>, cut off from the way back"),
)  # fmt: skip
