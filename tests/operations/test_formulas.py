"""docs/formulas.md is what the code says."""

from pathlib import Path

from gradwalk.operations.formulas import document


def test_the_page_is_current() -> None:
    page = Path("docs/formulas.md").read_text("utf-8")
    assert page == document(), "run: python -m gradwalk.operations.formulas > docs/formulas.md"
