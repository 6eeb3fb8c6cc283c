"""A lesson's text is read as an opening and stops."""

import pytest

from gradwalk.lessons.passage import Passage
from gradwalk.lessons.stop_places import Place
from gradwalk.lessons.stops import Stop, read_stops

TEXT = """
Opening **words**.

## First `z`
at: forward z

Said at the first.

```python
## a comment, and no stop
```

### Question: Two or three?
- [x] two | Yes.
- [ ] three | No.

## Second

Said at the second.
"""


def read(text: str) -> tuple[str, tuple[Stop, ...]]:
    return read_stops(Passage("small.md", 5, tuple(text.splitlines())))


def test_a_text_has_an_opening_and_stops() -> None:
    opening, (first, second) = read(TEXT)
    assert opening == "<p>Opening <strong>words</strong>.</p>"
    assert (first.title, first.place, first.line) == ("First z", Place(0, "forward", "z", 1), 9)
    assert first.html.startswith("<p>Said at the first.</p>")
    assert "## a comment" in first.html
    assert "at:" not in first.html
    assert "Question" not in first.html
    assert len(first.questions) == 1
    assert (second.title, second.place, second.questions) == ("Second", None, ())


def test_what_stands_after_a_question_is_read_apart() -> None:
    _, (stop,) = read(
        "## A\nat: before forward z\n\nSaid.\n\n### Question: Why?\n= 2 | So.\n\n### Then\n\nIt *is* 2.\n"
    )
    assert stop.place == Place(0, "forward", "z", 1, before=True)
    assert (stop.html, len(stop.questions), stop.explanation) == ("<p>Said.</p>", 1, "<p>It <em>is</em> 2.</p>")


def test_a_text_may_have_an_opening_alone() -> None:
    assert read("Words.") == ("<p>Words.</p>", ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("## A\nat: nowhere\n", "line 6.*nowhere.*no place"),
        ("## A\n\nWords.\n\nat: start\n", "line 9.*directly under the heading"),
        ("at: start\n\n## A\n", "line 5.*directly under the heading"),
        ("## A\nat: start\nat: end\n", "line 7.*one for each stop"),
        ("### Question: Why?\n= 2 | So.\n\n## A\n", "line 5.*belongs to a stop"),
        ("## A\nat: before end\n\nSaid.\n", "line 6.*has a question and ### Then"),
        ("## A\n\n### Then\n\nSaid.\n", "line 7.*after a question"),
        ("## A\n### Question: Q?\n= 2 | So.\n### Then\nSaid.\n### Question: R?\n= 2 | So.\n", "line 10.*ends its stop"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=rf"small\.md, {told}"):
        read(text)
