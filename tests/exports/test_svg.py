"""A drawing with numbers: inert, alone, and nothing in it but what was recorded."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from gradwalk.contract.snapshot import BackwardPass, Edge, Graph, Iteration, Root, Tensor
from gradwalk.errors import ExportTooLarge
from gradwalk.exports import svg
from gradwalk.exports.tensor_drawing import colour_of
from tests.exports.graphs import HOSTILE, edge, graph_of, hostile_graph, node
from tests.factories import make_tensor

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "rect", "path", "text"}
ATTRIBUTES = {
    *("x", "y", "width", "height", "rx", "d", "fill", "stroke", "stroke-width", "transform", "viewBox", "role"),
    *("font-family", "font-size", "font-weight", "text-anchor"),
}


def iteration_of(values: dict[str, Tensor], **gradients: Tensor) -> Iteration:
    backward = BackwardPass(
        root=Root(node="n3", output=0),
        roots=[],
        seeds={},
        gradients={name: [tensor] for name, tensor in gradients.items()},
        contributions={},
        accumulated={},
        line=None,
    )
    held = {name: [tensor] for name, tensor in values.items()}
    plain: dict[str, Any] = {"index": 0, "graph": 0, "loss": 0.5, "updates": [], "steps": []}
    return Iteration(values=held, backward=[backward], **plain)


def read(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def texts(text: str) -> list[str]:
    return [element.text or "" for element in read(text).iter(f"{SVG}text")]


NUMBERS = {
    "n0": make_tensor(0, [1.5], []),
    "n2": make_tensor(1, [0.25, -2.0], [1, 2]),
    "n3": make_tensor(2, [0.0852], []),
}


def test_values_and_gradients_stand_at_their_nodes() -> None:
    iteration = iteration_of(NUMBERS, n3=make_tensor(3, [1.0], []), n2=make_tensor(4, [0.5, -0.125], [1, 2]))
    drawn = svg(graph_of("net"), iteration, 0, "A network")
    assert texts(drawn)[0] == "A network"
    nodes = {g.findtext(f"{SVG}title"): [t.text for t in g.iter(f"{SVG}text")] for g in read(drawn).iter(f"{SVG}g")}
    assert nodes["x, input, line 3"] == ["x", "input", "1.5"]
    assert nodes["linear, line 3"] == ["linear", "0.25", "−2", "0.5", "−0.125"]
    assert nodes["loss, sum, line 3"] == ["loss", "sum", "0.0852", "1"]
    assert len(list(read(drawn).iter(f"{SVG}path"))) == 3
    without = texts(svg(graph_of("net"), iteration, None, "A network"))
    assert ("0.25" in without, "−0.125" in without) == (True, False)


def test_the_look_of_it_is_the_same_every_time(pytestconfig: pytest.Config) -> None:
    golden = pytestconfig.rootpath / "tests" / "exports" / "network.svg"
    assert svg(
        graph_of("net"), iteration_of(NUMBERS, n3=make_tensor(3, [1.0], [])), 0, "A network"
    ) == golden.read_text("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_program_stays_text_and_nothing_in_it_runs(text: str) -> None:
    drawn = svg(hostile_graph(text), iteration_of({"n0": NUMBERS["n0"]}), 0, text)
    plain = svg(hostile_graph("plain"), iteration_of({"n0": NUMBERS["n0"]}), 0, "plain")
    elements = list(read(drawn).iter())
    if text:
        assert [e.tag for e in elements] == [e.tag for e in read(plain).iter()]
    assert {e.tag.removeprefix(SVG) for e in elements} <= ELEMENTS
    assert {name for e in elements for name in e.attrib} <= ATTRIBUTES
    assert not re.search(r"url\(|href|<!|<\?(?!xml)", drawn.replace("&lt;", ""))
    shown = "".join(c if c.isprintable() else " " for c in text)
    assert read(drawn).findtext(f"{SVG}title") == shown


def test_a_long_name_shows_its_end_and_tells_all_of_it() -> None:
    graph = Graph(id=0, nodes=[node(0, op=None, name="net.blocks.12.attention.key.weight")], edges=[], groups=[])
    drawn = svg(graph, iteration_of({}), 0, "x")
    assert texts(drawn)[1] == "….attention.key.weight"
    assert "<title>net.blocks.12.attention.key.weight, operation, line 3</title>" in drawn


@pytest.mark.parametrize(
    ("tensor", "shown"),
    [
        (make_tensor(0, ["NaN"], []), ["NaN"]),  # type: ignore[list-item]
        (make_tensor(0, [], [0]), ["0 numbers"]),
        (make_tensor(0, None, [1000, 1000]), ["1000×1000 numbers"]),
        (make_tensor(0, [0.0] * 100, [10, 10]), ["10×10"]),
        (make_tensor(0, [float(i) for i in range(9)], [3, 3]), [str(i) for i in range(9)]),
        (make_tensor(0, [0.0] * 24, [2, 3, 4]), ["2×3×4"]),
    ],
)
def test_every_kind_of_tensor(tensor: Tensor, shown: list[str]) -> None:
    graph = Graph(id=0, nodes=[node(0, op=None, name="x")], edges=[], groups=[])
    assert texts(svg(graph, iteration_of({"n0": tensor}), 0, "t"))[3:] == shown


def test_colours_are_those_of_the_page() -> None:
    assert colour_of(-1, 1) == (0, 84, 140)
    assert colour_of(0, 1) == (247, 247, 245)
    assert colour_of(float("inf"), 0) == (193, 78, 0)
    assert colour_of(float("nan"), 1) == (210, 0, 120)


def chains(count: int, length: int) -> Iterator[Edge]:
    for number in range(length - 1):
        yield edge(number, number, number + 1, "self")
    for number in range(count):
        yield edge(length + number, 0, length - 1, "other")


def test_what_is_too_large_says_what_to_do() -> None:
    many = Graph(id=0, nodes=[node(number) for number in range(401)], edges=[], groups=[])
    with pytest.raises(ExportTooLarge, match="A graph of 401 nodes is too large for one drawing"):
        svg(many, iteration_of({}), 0, "x")
    long = Graph(id=0, nodes=[node(number) for number in range(300)], edges=list(chains(30, 300)), groups=[])
    with pytest.raises(ExportTooLarge, match="take export/dot"):
        svg(long, iteration_of({}), 0, "x")
