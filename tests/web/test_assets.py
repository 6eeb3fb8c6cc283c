"""Built files: found by entry name, read once."""

import gzip
import json
from pathlib import Path

import pytest

from gradwalk.web.assets import Assets


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build as Vite leaves it: chunks that import each other, in a circle too."""
    manifest = {
        "src/app/main.ts": {"file": "main-1.js", "imports": ["_a.js", "_b.js"], "css": ["main-1.css"]},
        "_a.js": {"file": "a-2.js", "imports": ["_b.js"]},
        "_b.js": {"file": "b-3.js", "imports": ["_a.js"], "css": ["b-3.css"]},
        "src/other.ts": {"file": "other-4.js"},
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "main-1.js").write_text("import './a-2.js'\n" * 50)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "font-5.woff2").write_bytes(b"\0\1\2")
    return tmp_path


def test_an_entry_names_all_that_it_needs_once(build: Path) -> None:
    entry = Assets.load(build).entry("src/app/main.ts")
    assert entry.script == "/assets/main-1.js"
    assert entry.preloads == ["/assets/a-2.js", "/assets/b-3.js"]
    assert entry.styles == ["/assets/main-1.css", "/assets/b-3.css"]


def test_an_entry_that_is_not_there(build: Path) -> None:
    with pytest.raises(KeyError, match="nothing"):
        Assets.load(build).entry("src/nothing.ts")


def test_files_are_held_with_their_type_and_compressed_where_it_helps(build: Path) -> None:
    script = Assets.load(build).file("main-1.js")
    assert script is not None
    assert "javascript" in script.media_type
    assert script.gzip is not None
    assert gzip.decompress(script.gzip) == script.content
    font = Assets.load(build).file("sub/font-5.woff2")
    assert font is not None
    assert font.gzip is None


@pytest.mark.parametrize("name", ["nothing.js", ".vite/manifest.json", "../secret", "", "sub"])
def test_nothing_else_is_served(build: Path, name: str) -> None:
    (build.parent / "secret").write_text("secret")
    assert Assets.load(build).file(name) is None


def test_without_a_build_there_is_no_page(tmp_path: Path) -> None:
    assets = Assets.load(tmp_path)
    assert not assets.built
    assert assets.file("main-1.js") is None
