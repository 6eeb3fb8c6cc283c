"""Writes docs/findings.md, from the rules and the programs that show them."""

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

from gradwalk.findings import RULES
from gradwalk.findings.finding_rule import Rule
from tests.findings.mistakes import RIGHT, told
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
(`tests/findings/cases`): `python -m tests.findings.page docs/findings.md`. Below each wrong program stands what the
advice changes in it: a test runs the mended program too, and the finding is gone.
"""


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([_HEAD, _contents(), *(_section(rule) for rule in RULES), *_counts()])


def _contents() -> str:
    rows = [f"| [`{rule.code}`](#{rule.code}) | {rule.title} | {rule.severity} |" for rule in RULES]
    return "\n".join(["| code | what | severity |", "|---|---|---|", *rows, ""])


def _section(rule: type[Rule]) -> str:
    parts = [f"## {rule.code}", "", f"**{rule.title}.** {_text(rule)}", ""]
    for path in sorted((CASES / rule.code).glob("shows*.py")):
        parts += ["```python", path.read_text("utf-8").rstrip(), "```", "", *_told(rule, path), *_mended(path)]
    return "\n".join(parts)


def _mended(path: Path) -> Iterator[str]:
    """The lines that the advice changes."""
    wrong = path.read_text("utf-8").splitlines()
    right = path.with_stem(path.stem.replace("shows", "mended", 1)).read_text("utf-8").splitlines()
    yield "```diff"
    yield from (line for line in difflib.ndiff(wrong, right) if line[0] in "-+")
    yield "```"
    yield ""


def _counts() -> Iterator[str]:
    """The share of programs that are told the right thing, counted by running all of them."""
    cases = sorted(CASES.glob("*/shows*.py"))
    caught = sum([finding.code for finding in findings_of(path)] == [path.parent.name] for path in cases)
    mended = [path.with_stem(path.stem.replace("shows", "mended", 1)) for path in cases]
    alarms = sum(bool(findings_of(path)) for path in RIGHT)
    mistakes = list(told())
    yield "## What is caught\n"
    yield "| programs | right cause and cure | false alarms |"
    yield "|---|---|---|"
    yield f"| typical mistakes | {sum(each.caught for each in mistakes)} of {len(mistakes)} | |"
    yield f"| their relatives, the programs of this page | {caught} of {len(cases)} | |"
    yield f"| the same, mended as the advice says | | {sum(map(bool, map(findings_of, mended)))} of {len(mended)} |"
    yield f"| right programs that look like a mistake | | {alarms} of {len(RIGHT)} |"
    yield ""
    yield "| mistake | program | told by | right |"
    yield "|---|---|---|---|"
    for each in mistakes:
        yield f"| {_plain(each.mistake)} | `{each.name}` | {each.answer} | {'yes' if each.caught else 'no'} |"
    yield ""


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
