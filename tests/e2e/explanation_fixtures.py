"""Writes pages of explanations for the page's own tests: python -m tests.e2e.explanation_fixtures [--all].

They are those of some lessons, some cases and one sample of each operation with awkward names, with --all those of all
of them. Pages that differ in digits only are written once. The file lies in static/.fixtures, which git ignores;
nothing is done when nothing has changed, and when there are more pages than were asked for.
"""

import contextlib
import gzip
import hashlib
import io
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

import torch

import gradwalk
from gradwalk.explain.explanation import Explained
from tests.e2e.goldens import ROOT, as_json
from tests.explain.pages import iterations_of, pages_of, programs, recorded

FOLDER: Final = ROOT / "static" / ".fixtures" / "explanations"
PACKAGE: Final = Path(gradwalk.__file__).parent
_ALL: Final = "--all"
_DIGITS: Final = re.compile(r"\d+")


def main(everything: bool) -> None:
    """Write the file, unless it is there."""
    stamp, version = FOLDER / "stamp", _digest()
    whole = f"{version} {_ALL}"
    if stamp.exists() and stamp.read_text("utf-8") in ((whole,) if everything else (version, whole)):
        return
    count = 0
    different: dict[str, dict[str, Any]] = {}
    for name, source in programs(everything):
        with contextlib.redirect_stdout(io.StringIO()):
            snapshot = recorded(source)
        for iteration in iterations_of(snapshot):
            for page in pages_of(iteration):
                count += 1
                look = {"of": name, "kind": type(page).__name__, "page": as_json(page), "times": 0}
                different.setdefault(_look(page), look)["times"] += 1
    FOLDER.mkdir(exist_ok=True, parents=True)
    text = json.dumps({"everything": everything, "count": count, "different": list(different.values())})
    (FOLDER / "pages.json.gz").write_bytes(gzip.compress(text.encode(), 5, mtime=0))
    stamp.write_text(whole if everything else version, "utf-8")
    print(f"{count} pages of explanations, {len(different)} of them different")


def _look(page: Explained) -> str:
    """Return the formulas of a page without their digits."""
    told: Any = as_json(page)
    formulas = [told["formula"], *told["stages"].values(), told.get("whole"), told.get("rule"), told.get("accumulated")]
    formulas += [(term["upstream"]["symbol"], term["local"], term["put_in"]) for term in told.get("terms", [])]
    return _DIGITS.sub("0", repr(formulas))


def _digest() -> str:
    """Return what stays the same as long as the pages do."""
    digest = hashlib.sha256(str(torch.__version__).encode())
    folders = [PACKAGE / name for name in ("contract", "recorder", "operations", "iteration", "explain", "lessons")]
    folders += [ROOT / "tests" / name for name in ("cases", "operations", "explain")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    for path in sorted([*files, Path(__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main(_ALL in sys.argv)
