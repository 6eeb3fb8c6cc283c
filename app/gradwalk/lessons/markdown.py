"""Rendering the Markdown of a lesson's text as HTML without active content."""

from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# HTML in the text is escaped; by the default of the parser, links may only be http(s), mailto or relative.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """A heading in a text. `line`: the index of its line in the text; `text`: Markdown."""

    line: int
    level: int
    text: str


def render(text: str) -> str:
    """Return the HTML of a text."""
    rendered: str = _PARSER.render(text)
    return rendered.strip()


def render_inline(text: str) -> str:
    """Return the HTML of a sentence, without a paragraph around it."""
    rendered: str = _PARSER.renderInline(text)
    return rendered.strip()


def plain(text: str) -> str:
    """Return a sentence without its markup."""
    (inline,) = _PARSER.parseInline(text)
    return "".join(child.content for child in inline.children or [])


def headings(text: str) -> list[Heading]:
    """Return the headings of a text, except those inside lists; lines in blocks of code are no headings."""
    tokens = _PARSER.parse(text)
    return [
        Heading(line=_first_line(token), level=int(token.tag[1:]), text=inline.content)
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0
    ]


def list_items(text: str) -> list[int]:
    """Return the indices of the lines where list items begin, including the items of nested lists."""
    return [_first_line(token) for token in _PARSER.parse(text) if token.type == "list_item_open"]


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0
