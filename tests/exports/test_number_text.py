"""Numbers look as on the page: the cases are the page's own."""

import json
import re
from pathlib import Path

import pytest

from gradwalk.exports.number_text import float_of, format_number, format_shape

TEXT = Path("static/src/core/numbers.test.ts").read_text("utf-8")
FOUND = re.findall(r"^  \[(.+), '([^']+)'\],$", TEXT.split("CASES:")[1].split("\n]\n")[0], re.MULTILINE)
CASES = [(json.loads(element.replace("'", '"').replace("-0,", "0,")), text) for element, text in FOUND]


def test_every_case_of_the_page_is_here() -> None:
    assert len(CASES) > 25


@pytest.mark.parametrize(("element", "text"), CASES)
def test_a_number_looks_as_on_the_page(element: object, text: str) -> None:
    assert format_number(element) == text


def test_shapes_and_magnitudes() -> None:
    assert [format_shape(shape) for shape in ([], [5], [2, 3])] == ["scalar", "5", "2×3"]
    assert [float_of(x) for x in (True, "-Infinity", [3, 4])] == [1.0, float("-inf"), 5.0]
