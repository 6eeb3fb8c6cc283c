"""A hook of MkDocs: the files at the top of the repository become pages, and formulas are drawn by the page itself.

README.md, CONTRIBUTING.md and the others stay where a reader of the repository looks for them. Their links start at the
top of the repository, and are rewritten for the site; links from docs/ to them are rewritten as well.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
TEMML = ROOT / "static" / "node_modules" / "temml"
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
    "SECURITY.md": "report.md",
    "CHANGELOG.md": "changelog.md",
}
FILES = {"LICENSE": "license.txt"}
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")
FORMULAS = """document$.subscribe(() => {
  for (const formula of document.querySelectorAll('.arithmatex')) {
    const display = formula.tagName === 'DIV'
    temml.render(formula.textContent.slice(2, -2), formula, { displayMode: display })
  }
})
"""
"""The text of a formula stands between \\( and \\) or between \\[ and \\]."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, the licence, and the script that draws formulas as MathML."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=rewritten((ROOT / source).read_text("utf-8"), "")))
    for source, name in FILES.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text("utf-8")))
    for name in ("dist/temml.min.js", "LICENSE"):
        files.append(File.generated(config, f"temml/{Path(name).name}", content=(TEMML / name).read_text("utf-8")))
    files.append(File.generated(config, "temml/formulas.js", content=FORMULAS))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Rewrite what leads out of docs/ in a page of docs/."""
    return markdown if page.file.generated_by else rewritten(markdown, "docs")


def rewritten(markdown: str, folder: str) -> str:
    """Return a text of a folder of the repository with its links as they are on the site."""

    def link(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, found[1]))
        return (PAGES | FILES).get(path) or path.removeprefix("docs/")

    return LINK.sub(link, markdown)
