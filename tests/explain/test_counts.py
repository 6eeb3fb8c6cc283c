"""docs/explanations.md is current, and no formula has a name that nobody wrote."""

from pathlib import Path

import pytest

from tests.explain.counts import counted, document, invented


@pytest.mark.slow
def test_the_page_is_current() -> None:
    counts = counted()
    assert counts.invented == 0
    page = Path("docs/explanations.md").read_text("utf-8")
    assert page == document(page, counts), "run: python -m tests.explain.counts docs/explanations.md"


def test_an_invented_name_is_found_to_be_one() -> None:
    assert invented(r"z = v_{4} + \frac{\partial L}{\partial v_{54.0}}", {"z"}) == ["4", "54"]
    assert invented("v_{4} + v_{0,1}", {"v"}) == []
    assert invented("v_{0,1}", {"z"}) == []
