"""Docstrings and file headers are sentences or noun phrases: none begins with a relative clause without its noun."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PYTHON = Path("app/gradwalk")
TYPESCRIPT = Path("static/src")
ELLIPTIC = re.compile(
    r"(what|whatever|whether|of|as|how|where|why|who|whoever|whose|when|which|the same)\b(?!-)", re.IGNORECASE
)
"""The first words of a phrase that lacks a noun or a verb, such as "What a leaf is" or "Whether it runs"."""

NOT_DONE = frozenset(
    {
        "static/src/api",
        "static/src/app",
        "static/src/core",
        "static/src/features/builder",
        "static/src/features/compare",
        "static/src/features/console",
        "static/src/features/editor",
        "static/src/features/explain",
        "static/src/features/findings",
        "static/src/features/inspector",
        "static/src/features/lessons",
        "static/src/features/predict",
        "static/src/features/reading",
        "static/src/features/takeaway",
        "static/src/features/training",
        "static/src/features/whatif",
        "static/src/page",
        "static/src/stage",
        "static/src/stage/program",
        "static/src/ui",
        "static/src/ui/chart",
        "static/src/walk",
    }
)
"""The folders that are still to be rewritten. Remove a folder when it is done; never add one."""


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings of a Python file with the lines that they begin at."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node)
            if text is not None:
                yield node.body[0].lineno, text


def header(path: Path) -> Iterator[tuple[int, str]]:
    """The comment that a TypeScript file begins with."""
    found = re.match(r"\s*(?://|/\*\*?)\s*(.*)", path.read_text("utf-8"))
    if found is not None:
        yield 1, found[1]


def folder(path: Path) -> str:
    """The room or folder that a file belongs to: `app/gradwalk/store`, or `static/src/features/compare`."""
    root, depth = (PYTHON, 1) if path.is_relative_to(PYTHON) else (TYPESCRIPT, 2)
    return root.joinpath(*path.parent.relative_to(root).parts[:depth]).as_posix()


def elliptic_openings() -> Iterator[tuple[str, str]]:
    """The folder and the place of every docstring or header that begins with such a phrase."""
    files = [(path, docstrings(path)) for path in sorted(PYTHON.rglob("*.py")) if "programs" not in path.parts]
    files += [(path, header(path)) for path in sorted(TYPESCRIPT.rglob("*.ts"))]
    for path, texts in files:
        for line, text in texts:
            if ELLIPTIC.match(text):
                yield folder(path), f"{path}, line {line}: {text.splitlines()[0]}"


OPENINGS = list(elliptic_openings())


def test_no_docstring_begins_with_a_phrase_without_a_noun() -> None:
    assert [place for room, place in OPENINGS if room not in NOT_DONE] == []


def test_the_list_of_folders_that_are_not_done_shrinks() -> None:
    assert {room for room, _ in OPENINGS} >= NOT_DONE


@pytest.mark.parametrize(
    "text", ["What a leaf is.", "Whether it runs.", "Of a title.", "As uvicorn's.", "The same, but"]
)
def test_elliptic_phrases_are_recognised(text: str) -> None:
    assert ELLIPTIC.match(text)


@pytest.mark.parametrize(
    "text", ["Return the leaf.", "A cache of answers.", "Assemble it.", "Offsets of lines.", "What-if runs."]
)
def test_sentences_and_noun_phrases_are_allowed(text: str) -> None:
    assert not ELLIPTIC.match(text)
