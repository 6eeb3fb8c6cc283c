"""A snapshot and the page that plays it, in one HTML file, which opens from a disk without a server or a network.

The file can do nothing but play: its content security policy allows only its own script and style, and no requests.
Text of the program is in data blocks, which no browser runs, and no character in it can end such a block.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Final, Literal

_IN_JSON: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Characters that occur only inside strings of JSON, with their escapes."""
_ENDING: Final = re.compile("<(?=/script|!--)", re.IGNORECASE)
"""The texts that would end a script, or begin a comment inside it."""
_OPENING: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Gradwalk {version}">
<title>{title} · Gradwalk</title>
<style>{style}</style>
</head>
<body>
<gradwalk-player heading="{title}"></gradwalk-player>
<noscript>This file draws with JavaScript: allow it, and open the file again.</noscript>
"""
_CLOSING: Final = """<script type="text/plain" id="licenses">{licenses}</script>
<script type="module">{script}</script>
</body>
</html>
"""


@dataclass(frozen=True)
class Player:
    """The built page that plays a snapshot. `licenses`: the licenses of its dependencies."""

    script: str
    style: str
    licenses: str
    version: str

    @cached_property
    def digest(self) -> str:
        """A hash that identifies this build of the player."""
        text = "\0".join((self.script, self.style, self.licenses, self.version))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def opening(self, title: str) -> bytes:
        """Return the part of the file before the data. `title`: any text."""
        policy = (
            f"default-src 'none'; script-src '{_hash(self._inline_script)}'; style-src '{_hash(self._inline_style)}'; "
            "img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'"
        )
        fields = {"policy": policy, "version": escape(self.version), "title": escape(title)}
        return _OPENING.format(**fields, style=self._inline_style).encode()

    def closing(self) -> bytes:
        """Return the part of the file after the data."""
        licenses = self.licenses.replace("<", "&lt;")
        return _CLOSING.format(licenses=licenses, script=self._inline_script).encode()

    @cached_property
    def _inline_script(self) -> str:
        # in a script these texts occur only inside strings, templates and regular expressions, where `<` may be escaped
        return _ENDING.sub(r"\\x3c", _lines(self.script))

    @cached_property
    def _inline_style(self) -> str:
        return _lines(self.style).replace("</", "<\\/")


def head_block(snapshot_id: str, json: bytes) -> bytes:
    """Return the data block of a snapshot's head."""
    return _block(f'id="gradwalk-snapshot" data-id="{escape(snapshot_id)}"', json)


def data_block(kind: Literal["iteration", "observations", "tensor"], name: str, json: bytes) -> bytes:
    """Return the data block of an iteration, of its observations or of a tensor."""
    return _block(f'data-{kind}="{escape(name)}"', json)


def _block(attributes: str, json: bytes) -> bytes:
    text = json.decode("utf-8", "replace")
    for character, written in _IN_JSON.items():
        text = text.replace(character, written)
    return f'<script type="application/json" {attributes}>{text}</script>\n'.encode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _lines(text: str) -> str:
    """Normalise line ends, as a browser does before it computes the hash."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
