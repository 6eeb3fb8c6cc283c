"""The page in one file: nothing that a program wrote leaves its place, and nothing runs but what the file brings."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from gradwalk.exports.player_page import Player, data_block, head_block
from tests.exports.graphs import HOSTILE

SCRIPT = "const a = '</script><!--', b = `</SCRIPT >`; // \u2028\r\nconsole.log(a, b)\n"
PLAYER = Player(SCRIPT, "body::after { content: '</style>' }\r\n", "MIT <someone@example.com> </script>", "1.0")


class Reader(HTMLParser):
    """What stands in a page: its elements in order, and the text in each script and style."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """Attributes and text of every such element."""
        return [(a, t) for (name, a), t in zip(self.elements, self.texts, strict=True) if name == tag]


def read(page: bytes) -> Reader:
    """As a browser does: every end of a line is one character."""
    reader = Reader()
    reader.feed(page.decode().replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return reader


def page(text: str) -> Reader:
    """A page of a snapshot in which everything is the same text."""
    data = json.dumps({text: [text]}, ensure_ascii=False).encode()
    blocks = [head_block("abc", data), data_block("iteration", "0", data), data_block("tensor", "t1", data)]
    blocks.append(data_block("observations", "0", data))
    return read(PLAYER.opening(text) + b"".join(blocks) + PLAYER.closing())


@pytest.mark.parametrize(
    "text", [*HOSTILE, "\u2028\u2029", "<!--<script>", "&lt;/script&gt;", "</style>", "\ud83d\ude00"]
)
def test_text_of_the_program_stays_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    plain, hostile = page("plain"), page(text)
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    blocks = [t for attributes, t in hostile.of("script") if attributes["type"] == "application/json"]
    assert [json.loads(block) for block in blocks] == [{text: [text]}] * 4
    assert not any(character in "".join(blocks) for character in "<>&\u2028\u2029")


def test_its_policy_lets_in_its_own_script_and_style_and_nothing_else() -> None:
    read = page("plain")
    policy = read.of("meta")[1][0]["content"] or ""
    (script,) = [text for attributes, text in read.of("script") if attributes["type"] == "module"]
    ((_, style),) = read.of("style")
    for kind, text in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"unsafe|https?:|\*", policy)
    order = [tag for tag, _ in read.elements]
    assert order.index("meta") < order.index("style") < order.index("script")


def test_the_script_means_what_it_meant() -> None:
    (script,) = [text for attributes, text in page("plain").of("script") if attributes["type"] == "module"]
    assert script.replace("\\x3c", "<") == SCRIPT.replace("\r\n", "\n")


def test_licenses_of_others_come_along() -> None:
    (licenses,) = [text for attributes, text in page("plain").of("script") if attributes["type"] == "text/plain"]
    assert licenses == "MIT &lt;someone@example.com> &lt;/script>"


def test_another_player_has_another_name() -> None:
    assert PLAYER.digest == Player(SCRIPT, PLAYER.style, PLAYER.licenses, "1.0").digest
    assert PLAYER.digest != Player(SCRIPT, PLAYER.style, PLAYER.licenses, "1.1").digest
