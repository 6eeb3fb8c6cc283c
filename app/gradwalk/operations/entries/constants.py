"""Operations that make tensors of numbers that the program gives, and `detach`: no gradient flows back through them."""

from gradwalk.operations.entry import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(("tensor", "as_tensor", "scalar_tensor", "new_tensor"), "writes_constants"),
    Operation(("full", "full_like", "new_full"), "writes_constants"),
    Operation(("zeros", "zeros_like", "new_zeros", "ones", "ones_like", "new_ones", "eye"), "writes_constants"),
    Operation(("arange", "linspace", "logspace"), "writes_constants"),
    Operation(("empty", "empty_like", "new_empty"), "other"),
    Operation(("rand", "rand_like", "randn", "randn_like", "randint", "randint_like", "randperm", "bernoulli",
               "multinomial", "normal", "uniform"), "other"),
    Operation(("detach",), "structural"),
)  # fmt: skip
