"""The Mermaid text, as its grammar reads it: https://mermaid.js.org/syntax/flowchart.html."""

import re

import pytest

from gradwalk.exports import mermaid
from tests.exports.graphs import HOSTILE, graph_of, hostile_graph

TEXT = r"\"(?:[\w .,:=+\-()\[\]]|#\d+;|<br>)+\""
LINES = (
    rf"title: {TEXT}|---|flowchart LR|end|classDef [\w:#,\- ]+",
    rf"subgraph g\d+\[{TEXT}\]",
    rf"n\d+(?:\[/{TEXT}/\]|\[{TEXT}\]|\[\[{TEXT}\]\]|\(\[{TEXT}\]\))(?::::\w+)?",
    rf"n\d+ -->(?:\|{TEXT}\|)? n\d+",
)
LINE = re.compile("|".join(f"(?:{line})" for line in LINES))


def test_a_network() -> None:
    assert mermaid(graph_of("net"), "a network").splitlines()[:16] == [
        "---",
        'title: "a network"',
        "---",
        "flowchart LR",
        '  n0[/"x<br>input"/]',
        '  n3(["loss<br>sum"]):::failed',
        '  subgraph g0["net: Net"]',
        '    subgraph g1["fc1: Linear"]',
        '      n1["fc1.weight<br>parameter"]:::parameter',
        '      n2(["linear"])',
        "    end",
        "  end",
        '  n0 -->|"input"| n2',
        '  n1 -->|"weight"| n2',
        '  n2 -->|"self"| n3',
        "  classDef default fill:#FFFFFF,stroke:#0072B2,color:#111111",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_program_stays_text(text: str) -> None:
    lines = [line.strip() for line in mermaid(hostile_graph(text), text).splitlines()]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert sum(line.startswith("subgraph") for line in lines) == 1
    assert sum("-->" in line for line in lines) == 1
