"""Writes docs/findings.md, from the rules and the programs that show them."""

import sys
from collections.abc import Iterator
from pathlib import Path

from gradwalk.findings import RULES
from gradwalk.findings.finding_rule import Rule
from tests.findings.recording import CASES, findings_of

_HEAD = """# Findings

What goes wrong in a program without an error, and what an error does not say. Gradwalk finds it in the snapshot of
a run, by a rule for each kind, with the numbers that PyTorch computed. A rule that cannot judge says nothing.
`gradwalk run` prints findings after the gradients, `GET /api/v1/snapshots/{id}/findings` gives them to programs.

| severity | meaning |
|---|---|
| `error` | the program does something else than it looks like |
| `warning` | something does not learn, or learns badly |
| `note` | worth knowing; it may be on purpose |

This page is written from the rules (`app/gradwalk/findings`) and the programs that test them
(`tests/findings/cases`): `python -m tests.findings.page docs/findings.md`.
"""


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([_HEAD, _contents(), *(_section(rule) for rule in RULES)])


def _contents() -> str:
    rows = [f"| [`{rule.code}`](#{rule.code}) | {rule.title} | {rule.severity} |" for rule in RULES]
    return "\n".join(["| code | what | severity |", "|---|---|---|", *rows, ""])


def _section(rule: type[Rule]) -> str:
    parts = [f"## {rule.code}", "", f"**{rule.title}.** {_text(rule)}", ""]
    for path in sorted((CASES / rule.code).glob("shows*.py")):
        parts += ["```python", path.read_text("utf-8").rstrip(), "```", "", *_told(rule, path)]
    return "\n".join(parts)


def _told(rule: type[Rule], path: Path) -> Iterator[str]:
    for finding in findings_of(path):
        if finding.code == rule.code:
            yield f"> **Line {finding.line}**, {finding.severity}: {_plain(finding.why)} {_plain(finding.todo)}"
            yield ""


def _text(rule: type[Rule]) -> str:
    """The first paragraph of what the rule says about itself."""
    return " ".join((rule.__doc__ or "").split())


def _plain(sentence: str) -> str:
    """Names such as `__setitem__` and `w * x` are no Markdown."""
    return "".join(f"\\{c}" if c in "*_<>" else c for c in sentence)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
