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


def elliptic_openings() -> Iterator[str]:
    """The place of every docstring or header that begins with such a phrase."""
    files = [(path, docstrings(path)) for path in sorted(PYTHON.rglob("*.py")) if "programs" not in path.parts]
    files += [(path, header(path)) for path in sorted(TYPESCRIPT.rglob("*.ts"))]
    for path, texts in files:
        for line, text in texts:
            if ELLIPTIC.match(text):
                yield f"{path}, line {line}: {text.splitlines()[0]}"


def test_no_docstring_begins_with_a_phrase_without_a_noun() -> None:
    assert list(elliptic_openings()) == []


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
