"""Prints what each program of a folder is told: its first line, its error with the hint, and its findings."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.findings.recording import examined, record


def told(path: Path) -> Iterator[str]:
    """The lines about one program."""
    source = path.read_text("utf-8")
    yield f"{path.stem}: {source.splitlines()[0].lstrip('# ')}"
    snapshot = record(source)
    error = snapshot.outcome.error
    if error is not None:
        yield f"    {error.type} in line {error.line}: {error.message.splitlines()[0] if error.message else ''}"
        yield f"    hint: {error.hint}"
    for finding in examined(snapshot):
        yield f"    {finding.code}, line {finding.line}: {finding.why} {finding.todo}"


if __name__ == "__main__":
    for program in sorted(Path(sys.argv[1]).glob(sys.argv[2] if len(sys.argv) > 2 else "*.py")):
        print("\n".join(told(program)), flush=True)
