"""docs/questions.md is what the rules say and ask now."""

from pathlib import Path

from gradwalk.questions import RULES
from tests.questions.page import EXAMPLES, page


def test_it_is_current() -> None:
    written = Path("docs/questions.md").read_text("utf-8")
    assert written == page(), "run: python -m tests.questions.page docs/questions.md"


def test_every_rule_has_its_section() -> None:
    codes = [rule.code for rule in RULES]
    assert [line.removeprefix("## ") for line in page().splitlines() if line.startswith("## ")] == codes
    assert list(EXAMPLES) == codes
