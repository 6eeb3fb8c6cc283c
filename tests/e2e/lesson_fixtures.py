"""Records every lesson for the page's own tests: python -m tests.e2e.lesson_fixtures.

One file for each lesson in static/.fixtures, which git ignores: all graphs, and every iteration or, of a long training,
some of them, without the numbers of large tensors and with their observations. Nothing is done when the lessons, the
recorder and the rules are the same as the last time.
"""

import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Final

import torch

import gradwalk
from gradwalk.contract.snapshot import Program
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.lessons import Lesson, Lessons
from gradwalk.narration.narrator import told
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from tests.e2e.goldens import ROOT, as_json, lightened

FOLDER: Final = ROOT / "static" / ".fixtures"
PACKAGE: Final = Path(gradwalk.__file__).parent
MOST_ITERATIONS: Final = 4
"""Of a longer training the first ones and the last one: the others walk through the same graph."""


def main() -> None:
    """Write the fixtures, unless they are there."""
    stamp = FOLDER / "stamp"
    version = _digest()
    if stamp.exists() and stamp.read_text("utf-8") == version:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for lesson in Lessons.built_in().all():
        (FOLDER / f"{lesson.slug}.json.gz").write_bytes(gzip.compress(recorded(lesson), mtime=0))
    stamp.write_text(version, "utf-8")


def recorded(lesson: Lesson) -> bytes:
    """Return a lesson's graphs and iterations as JSON, and the observations of each iteration."""
    snapshot = run_program(Program(source=lesson.source, seed=0), Limits()).snapshot()
    iterations = snapshot.iterations
    if len(iterations) > MOST_ITERATIONS:
        iterations = [*iterations[: MOST_ITERATIONS - 1], iterations[-1]]
    graphs = {graph.id: graph for graph in snapshot.graphs}
    lines = lesson.source.splitlines()
    observations = [told(IndexedIteration.of(graphs[one.graph], one), lines) for one in iterations]
    recording = {
        "graphs": [as_json(graph) for graph in snapshot.graphs],
        "iterations": [lightened(as_json(one)) for one in iterations],
        "observations": [as_json(one) for one in observations],
    }
    return json.dumps(recording).encode()


def _digest() -> str:
    """Return what stays the same as long as every fixture does."""
    digest = hashlib.sha256(str(torch.__version__).encode())
    folders = ("contract", "recorder", "operations", "iteration", "explain", "narration", "lessons")
    files = [path for folder in folders for path in (PACKAGE / folder).rglob("*.py")]
    for path in sorted([*files, Path(__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
