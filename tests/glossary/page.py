"""Writes docs/glossary.md: `python -m tests.glossary.page docs/glossary.md`."""

import sys
from pathlib import Path

from gradwalk.glossary import Glossary, Word
from gradwalk.lessons import Lessons

_HEAD = """# Glossary

{count} words of the course. On the page they are in the glossary (<kbd>D</kbd>), and the first use of
each in a text shows its definition: point at it, or give it the focus.
`GET /api/v1/glossary` gives them to programs (`docs/api.md`).

This page is written from `app/gradwalk/glossary/words.md`: `python -m tests.glossary.page docs/glossary.md`.
"""


def page() -> str:
    """The whole page, Markdown."""
    words = Glossary.built_in().all()
    ids = {word.name: word.id for word in words}
    return "\n".join([_HEAD.format(count=len(words)), *(_entry(word, ids) for word in words)])


def _entry(word: Word, ids: dict[str, str]) -> str:
    lesson = Lessons.built_in().get(word.lesson)
    also = f"Also: {', '.join(word.forms)}. " if word.forms else ""
    related = ", ".join(f"[{name}](#{ids[name]})" for name in word.related)
    seen = f"“{lesson.stops[word.stop - 1].title}” in the lesson [{lesson.title}](course.md#{lesson.slug})"
    return f'<a id="{word.id}"></a>\n\n## {word.name}\n\n{word.definition}\n\n{also}Seen at {seen}. See {related}.\n'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
