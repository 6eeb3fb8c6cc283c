"""Records the networks for the tests of the page's layout, without their numbers: python -m tests.e2e.recording."""

import json
from pathlib import Path

from gradwalk.contract.snapshot import Program
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from tests.e2e.networks import NETWORKS

FIXTURES = Path(__file__).parents[2] / "static" / "src" / "stage" / "program" / "fixtures"


def main() -> None:
    """Every network into one file."""
    for name, source in NETWORKS.items():
        run = run_program(Program(source=source, seed=0), Limits())
        graph = run.snapshot().graphs[0]
        nodes = [
            [n.id, n.kind, n.op, n.name, n.line, [frame.line for frame in n.path], n.group, n.outputs]
            for n in graph.nodes
        ]
        edges = [[e.source, e.output, e.target] for e in graph.edges]
        groups = [[g.id, g.parent, g.name, g.type] for g in graph.groups]
        text = json.dumps({"nodes": nodes, "edges": edges, "groups": groups}, separators=(",", ":"))
        (FIXTURES / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
