"""Comparisons and questions about elements: their results are true or false, and have no gradient."""

from gradwalk.operations import phrases
from gradwalk.operations.entry import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        ("gt", "greater"),
        "structural",
        says="whether <self> is greater than <other>",
        adds=phrases.true_places,
        sign=">",
        word="greater than",
    ),
    Operation(
        ("lt", "less"),
        "structural",
        says="whether <self> is less than <other>",
        adds=phrases.true_places,
        sign="<",
        word="less than",
    ),
    Operation(
        ("ge", "greater_equal"),
        "structural",
        says="whether <self> is at least <other>",
        adds=phrases.true_places,
        sign="≥",
        word="at least",
    ),
    Operation(
        ("le", "less_equal"),
        "structural",
        says="whether <self> is at most <other>",
        adds=phrases.true_places,
        sign="≤",
        word="at most",
    ),
    Operation(
        ("eq",), "structural", says="whether <self> equals <other>", adds=phrases.true_places, sign="=", word="equal"
    ),
    Operation(
        ("ne", "not_equal"),
        "structural",
        says="whether <self> differs from <other>",
        adds=phrases.true_places,
        sign="≠",
        word="not equal",
    ),
    Operation(
        ("logical_and", "logical_or", "logical_xor", "logical_not"),
        "structural",
        says=phrases.by_name(
            logical_and="whether <self> and <other> are both true",
            logical_or="whether <self> or <other> is true",
            logical_xor="whether just one of <self> and <other> is true",
            logical_not="the opposite of <self>",
        ),
        adds=phrases.true_places,
    ),
    Operation(("bool", "int", "long", "short", "char", "byte"), "structural", says=phrases.cast),
    Operation(
        ("isnan", "isinf", "isfinite", "isclose", "signbit"),
        "structural",
        says=phrases.by_name(
            isnan="whether <self> is NaN",
            isinf="whether <self> is infinite",
            isfinite="whether <self> is finite",
            isclose="whether <self> is close to <other>",
            signbit="whether <self> is negative",
        ),
        adds=phrases.true_places,
    ),
    Operation(
        ("argmax", "argmin", "argsort", "bucketize", "searchsorted"),
        "structural",
        says=phrases.by_name(
            argmax="the place of the largest number in <self>",
            argmin="the place of the smallest number in <self>",
            argsort="the places of the numbers of <self> in order of size",
            bucketize="the interval that each number of <self> falls into",
            searchsorted="the place of each number in a sorted list",
        ),
    ),
)
