"""The files of the built page, held in memory with their gzip, and the entry points from Vite's manifest."""

import gzip
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradwalk.exports.player_page import Player
from gradwalk.version import __version__

ADDRESS = "/assets/"
PLAYER = "src/app/player-main.ts"
"""The entry point of the page that is one script and one stylesheet."""
_PLAYER_FOLDER = "player"
PACKAGE = Path(__file__).parents[1]
SOURCE_TREE = PACKAGE.parents[1]
"""The repository that an editable installation serves the page and the templates from."""
_COMPRESSED_TYPES = ("text/", "application/json", "image/svg")


@dataclass(frozen=True)
class Asset:
    """One built file. `gzip`: null where compressing gains nothing."""

    content: bytes
    gzip: bytes | None
    media_type: str


@dataclass(frozen=True)
class Entry:
    """The addresses that an HTML page links to: of the module, of the modules that it imports, of the stylesheets."""

    script: str
    preloads: list[str]
    styles: list[str]


class Assets:
    """The files of one build of the page."""

    def __init__(self, manifest: dict[str, Any], files: dict[str, Asset]) -> None:
        self._manifest = manifest
        self._files = files

    @classmethod
    def load(cls, folder: Path | None = None) -> "Assets":
        """Read a build. Without a folder it is the one inside the wheel, else `static/dist`. Without a build there are
        no assets.
        """
        folder = folder or default_folder()
        manifest = folder / ".vite" / "manifest.json"
        if not manifest.is_file():
            return cls({}, {})
        visible = (path for path in folder.rglob("*") if path.is_file() and ".vite" not in path.parts)
        files = {path.relative_to(folder).as_posix(): read_asset(path) for path in visible}
        return cls(json.loads(manifest.read_bytes()) | _player_manifest(folder), files)

    @property
    def built(self) -> bool:
        """True when there is a build."""
        return bool(self._manifest)

    def entry(self, name: str) -> Entry:
        """Return the addresses for the entry point `name`. Raises KeyError when the build has no such entry point."""
        chunks = _with_imports(self._manifest, name)
        return Entry(
            script=ADDRESS + chunks[0]["file"],
            preloads=[ADDRESS + chunk["file"] for chunk in chunks[1:]],
            styles=[ADDRESS + style for chunk in chunks for style in chunk.get("css", [])],
        )

    def player(self) -> Player | None:
        """Return the page that plays a snapshot, for an export into one file; null when it was not built."""
        if PLAYER not in self._manifest:
            return None
        chunk = self._manifest[PLAYER]
        script, style, licenses = (
            self._files[name].content.decode()
            for name in (chunk["file"], *chunk["css"], f"{_PLAYER_FOLDER}/licenses.md")
        )
        return Player(script, style, licenses, __version__)

    def file(self, name: str) -> Asset | None:
        """Return the file at `/assets/<name>`; null when there is none."""
        return self._files.get(name)


def _player_manifest(folder: Path) -> dict[str, Any]:
    """Return the build of the player as an entry of the page's manifest."""
    manifest = folder / _PLAYER_FOLDER / ".vite" / "manifest.json"
    if not manifest.is_file():
        return {}
    built = [f"{_PLAYER_FOLDER}/{chunk['file']}" for chunk in json.loads(manifest.read_bytes()).values()]
    script, style = (next(name for name in built if name.endswith(ending)) for ending in (".js", ".css"))
    return {PLAYER: {"file": script, "css": [style]}}


def default_folder() -> Path:
    """Return the folder of the build: inside the wheel when there is one, else in the source tree."""
    packaged = PACKAGE / "page"
    return packaged if packaged.is_dir() else SOURCE_TREE / "static" / "dist"


def read_asset(path: Path) -> Asset:
    """Read one file. Its name holds a hash of its content, so it never changes."""
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = media_type.startswith(_COMPRESSED_TYPES)
    return Asset(content, gzip.compress(content, mtime=0) if text else None, media_type)


def _with_imports(manifest: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a chunk and every chunk that it imports, directly or indirectly, each once."""
    found: dict[str, dict[str, Any]] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current not in found:
            found[current] = manifest[current]
            waiting.extend(manifest[current].get("imports", []))
    return list(found.values())
