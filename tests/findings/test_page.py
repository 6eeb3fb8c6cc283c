"""docs/findings.md is what the rules and their programs say now."""

from pathlib import Path

from gradwalk.findings import RULES
from tests.findings.page import page
from tests.findings.recording import CASES, findings_of


def test_it_is_current() -> None:
    written = Path("docs/findings.md").read_text("utf-8")
    assert written == page(), "run: python -m tests.findings.page docs/findings.md"


def test_every_finding_names_its_section() -> None:
    sections = {line.removeprefix("## ") for line in page().splitlines() if line.startswith("## ")}
    assert sections == {rule.code for rule in RULES} | {"What is caught"}
    (finding,) = findings_of(CASES / "dead-relu" / "shows_one_neuron.py")
    assert finding.docs == "docs/findings.md#dead-relu"
