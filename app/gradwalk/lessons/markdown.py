"""The Markdown of a lesson's text, rendered without anything that could run."""

from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# No HTML of the text's own passes, and links may only be http(s), mailto or relative: the default of the parser.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """A heading in a text. `line`: the index of its line there; `text`: Markdown."""

    line: int
    level: int
    text: str


def render(text: str) -> str:
    """The HTML of a text."""
    rendered: str = _PARSER.render(text)
    return rendered.strip()


def render_inline(text: str) -> str:
    """The HTML of a sentence, without a paragraph around it."""
    rendered: str = _PARSER.renderInline(text)
    return rendered.strip()


def plain(text: str) -> str:
    """A sentence without its markup."""
    (inline,) = _PARSER.parseInline(text)
    return "".join(child.content for child in inline.children or [])


def headings(text: str) -> list[Heading]:
    """The headings that stand by themselves: not what looks like one inside a block of code or a list."""
    tokens = _PARSER.parse(text)
    return [
        Heading(line=_first_line(token), level=int(token.tag[1:]), text=inline.content)
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0
    ]


def list_items(text: str) -> list[int]:
    """The indices of the lines where the items of a text's lists begin, of lists inside of items too."""
    return [_first_line(token) for token in _PARSER.parse(text) if token.type == "list_item_open"]


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0
