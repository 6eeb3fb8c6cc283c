"""docs/security.md promises nothing that no test shows."""

import re
from pathlib import Path

PAGE = Path("docs/security.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|app)/[\w./-]+)`", PAGE)))
PROMISES = re.findall(
    r"^\| (?!promise|-)(.+?) \| .+? \| (.+?) \|$", PAGE.split("## What is promised")[1].split("##")[0], re.M
)


def test_every_file_that_it_names_exists() -> None:
    assert len(NAMED) > 15
    assert [name for name in NAMED if not Path(name).exists()] == []


def test_every_promise_names_a_test() -> None:
    assert len(PROMISES) >= 9
    for promise, shown_by in PROMISES:
        assert re.search(r"`tests/[\w/]+/test_\w+\.py`", shown_by), promise


def test_the_readme_leads_there() -> None:
    assert "docs/security.md" in Path("README.md").read_text("utf-8")
