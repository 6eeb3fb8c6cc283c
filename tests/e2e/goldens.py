"""A script that records the programs of the page's golden tests.

Run python -m tests.e2e.goldens, then npm run goldens in static/. It keeps one iteration of each program and what is
remarkable in it. Of tensors of more than a few dozen numbers it keeps the shape, by which the page draws them.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from gradwalk.contract.snapshot import Program
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.narration.narrator import told
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "app" / "gradwalk" / "lessons" / "programs"
RECORDINGS = ROOT / "static" / "src" / "golden" / "recordings"
# the iteration that is kept: of the training the second, for there it goes on from an update
PROGRAMS = {
    "neuron": (LESSONS / "neuron.py", 0),
    "fan-out": (LESSONS / "fan-out.py", 0),
    "module": (LESSONS / "module.py", 0),
    "training-loop": (LESSONS / "training-loop.py", 1),
    "zero-grad-forgotten": (ROOT / "tests" / "cases" / "zero_grad_forgotten.py", 1),
    "tiny-gpt": (ROOT / "tests" / "store" / "programs" / "tiny_gpt.py", 0),
}
MOST_NUMBERS = 48


def main() -> None:
    """Record every program into one file."""
    RECORDINGS.mkdir(exist_ok=True, parents=True)
    for name, (path, kept) in PROGRAMS.items():
        snapshot = run_program(Program(source=path.read_text("utf-8"), seed=0), Limits()).snapshot()
        iteration = snapshot.iterations[kept]
        [graph] = [one for one in snapshot.graphs if one.id == iteration.graph]
        observations = told(IndexedIteration.of(graph, iteration), snapshot.program.source.splitlines())
        recording = {
            "graph": as_json(graph),
            "iteration": lightened(as_json(iteration)),
            "observations": as_json(observations),
        }
        text = json.dumps(recording, separators=(",", ":"))
        (RECORDINGS / f"{name}.json").write_text(text + "\n", "utf-8")
        print(f"{name}: {len(graph.nodes)} nodes, {len(text) / 1000:.0f} kB")


def as_json(model: BaseModel) -> Any:
    """Return a model as the API writes it."""
    return model.model_dump(mode="json", by_alias=True)


def lightened(value: Any) -> Any:
    """Return the same without the numbers of large tensors."""
    if isinstance(value, list):
        return [lightened(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "shape" in value and "data" in value:
        many = value["data"] is None or len(value["data"]) > MOST_NUMBERS
        return {**value, "data": None if many else value["data"]}
    return {key: lightened(one) for key, one in value.items()}


if __name__ == "__main__":
    main()
