"""Comparisons and questions about elements: their results are true or false, and have no gradient."""

from gradwalk.operations.entry import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(("gt", "greater"), "structural", sign=">", word="greater than"),
    Operation(("lt", "less"), "structural", sign="<", word="less than"),
    Operation(("ge", "greater_equal"), "structural", sign="≥", word="at least"),
    Operation(("le", "less_equal"), "structural", sign="≤", word="at most"),
    Operation(("eq",), "structural", sign="=", word="equal"),
    Operation(("ne", "not_equal"), "structural", sign="≠", word="not equal"),
    Operation(("logical_and", "logical_or", "logical_xor", "logical_not"), "structural"),
    Operation(("isnan", "isinf", "isfinite", "isclose", "signbit"), "structural"),
    Operation(("argmax", "argmin", "argsort", "bucketize", "searchsorted"), "structural"),
)
