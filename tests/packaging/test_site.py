"""The documentation builds as a site that loads nothing from other hosts, and names only files that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = [*sorted(Path("docs").glob("*.md")), *(Path(name) for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
NAMED = re.compile(r"`((?:app|static|templates|tests|benchmarks|docs|\.github|\.ci)/[\w./-]*)`")
LOADED = re.compile(r"<(?:script|img|link|source|iframe)\b[^>]*?(?:src|href)=\"?(?:https?:)?//[^\s\">]+")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site that was built with every warning as an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_it_loads_nothing_from_other_hosts(site: Path) -> None:
    pages = list(site.glob("*.html"))
    assert len(pages) > 15
    assert [(page.name, found) for page in pages for found in LOADED.findall(page.read_text("utf-8"))] == []


def test_every_text_is_a_page(site: Path) -> None:
    assert [
        path.name for path in Path("docs").glob("*.md") if not (site / path.with_suffix(".html").name).exists()
    ] == []
    for page in ("index", "contributing", "code-of-conduct", "report", "changelog"):
        assert (site / f"{page}.html").exists()


def test_formulas_are_drawn_without_a_network(site: Path) -> None:
    page = (site / "formulas.html").read_text("utf-8")
    assert 'class="arithmatex"' in page
    assert "temml/temml.min.js" in page
    assert (site / "temml" / "temml.min.js").stat().st_size > 50_000
    assert "MIT" in (site / "temml" / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_every_file_that_a_text_names_exists(text: Path) -> None:
    named = set(NAMED.findall(text.read_text("utf-8")))
    assert sorted(name for name in named if "SLUG" not in name and not Path(name).exists()) == []
