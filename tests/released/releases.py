"""The folders of earlier releases, as tests open them: always a copy."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

VERSIONS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/snapshots.json"))


class Release:
    """What one release left."""

    def __init__(self, version: str) -> None:
        self._folder = Path(__file__).parent / version
        self.snapshots: dict[str, str] = json.loads((self._folder / "snapshots.json").read_text("utf-8"))
        """The ids of its snapshots, by a name."""

    def copy_data(self, folder: Path) -> Path:
        """Return a copy of its data folder inside `folder`."""
        return shutil.copytree(self._folder / "data", folder / "data")

    def exports(self) -> dict[str, Any]:
        """Return its whole snapshots, as it exported them, by name."""
        found: dict[str, Any] = json.loads(gzip.decompress((self._folder / "exports.json.gz").read_bytes()))
        return found

    def links(self) -> list[dict[str, Any]]:
        """Return the addresses that its page wrote."""
        found: list[dict[str, Any]] = json.loads((self._folder / "links.json").read_text("utf-8"))
        return found

    def player(self) -> bytes:
        """Return the page in one file that it exported."""
        return gzip.decompress((self._folder / "neuron.html.gz").read_bytes())
