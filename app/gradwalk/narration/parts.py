"""Making the parts of a sentence."""

from collections.abc import Callable, Sequence
from typing import Final

from gradwalk.iteration.sentence import SentencePart
from gradwalk.operations.entry import PLACE

Parts = list[SentencePart]

MOST_LETTERS: Final = 240
"""The letters of a step's account for which a page has room without hiding its picture. What is said beyond the step
itself is left out where it would be longer.
"""


def plain(text: str) -> SentencePart:
    """Return a stretch without a colour."""
    return SentencePart(text=text, kind="plain")


def strong(text: str) -> SentencePart:
    """Return a name."""
    return SentencePart(text=text, kind="strong")


def value(text: str) -> SentencePart:
    """Return a value."""
    return SentencePart(text=text, kind="value")


def gradient(text: str) -> SentencePart:
    """Return a gradient."""
    return SentencePart(text=text, kind="gradient")


def update(text: str) -> SentencePart:
    """Return a change."""
    return SentencePart(text=text, kind="update")


def error(text: str) -> SentencePart:
    """Return what must not be missed."""
    return SentencePart(text=text, kind="error")


def filled(template: str, name_of: Callable[[str], str]) -> Parts:
    """Return a phrase with a name in each of its places."""
    pieces = PLACE.split(template)
    return [_called(name_of(piece)) if i % 2 else plain(piece) for i, piece in enumerate(pieces) if piece]


def _called(name: str) -> SentencePart:
    """Return a name, which stands out, or what stands in its place, which does not: a number, `its weight`."""
    own = name.startswith("its ") or not any(letter.isalpha() for letter in name)
    return plain(name) if own else strong(name)


def listed(names: Sequence[str]) -> Parts:
    """Return names as a list: `w`, `w and b`, `w, b and c`."""
    parts: Parts = []
    for i, name in enumerate(names):
        if i:
            parts.append(plain(" and " if i == len(names) - 1 else ", "))
        parts.append(strong(name))
    return parts


def length(parts: Parts) -> int:
    """Return the number of letters."""
    return sum(len(part.text) for part in parts)


def tidy(parts: Parts) -> Parts:
    """Return the parts with those of one kind that follow each other as one, beginning with a capital letter."""
    found: Parts = []
    for part in parts:
        if found and found[-1].kind == part.kind:
            found[-1] = SentencePart(text=found[-1].text + part.text, kind=part.kind)
        elif part.text:
            found.append(part)
    if found:
        found[-1] = SentencePart(text=found[-1].text.rstrip(), kind=found[-1].kind)
    if found and found[0].kind == "plain":
        text = found[0].text.lstrip()
        found[0] = SentencePart(text=text[:1].upper() + text[1:], kind="plain")
    return found
