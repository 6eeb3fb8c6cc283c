"""operations.json is the part of the table of operations that the page needs; one entry is enough to add to it."""

import json

import pytest
import torch

from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations import registry
from gradwalk.operations.catalogue import PATH, catalogue, document
from gradwalk.operations.elementwise import Slope, elementwise
from gradwalk.operations.entry import Operation
from gradwalk.operations.formulas import document as formulas
from gradwalk.recorder import trace

TOY = Operation(
    ("toy", "toy_alias"), "elementwise", sign="☺", word="toy function", infix="☺", right="other", attention="passes",
    gradient={"self": "upstream ☺ <other>"}, zero_slope="A toy is flat at 0.",
    formulas=(elementwise(
        forward="e^{<self>}", source="a toy shop", self=Slope("<result>", "A toy grows.", lambda v: v["result"]),
    ),),
)  # fmt: skip
"""An operation that is computed as `exp` is."""


def test_the_file_is_current() -> None:
    written = document(catalogue(each for chapter in registry.CHAPTERS.values() for each in chapter))
    assert PATH.read_text("utf-8") == written, "run: python -m gradwalk.operations.catalogue"


def test_every_name_is_a_word() -> None:
    """Names are separated by spaces in the file."""
    assert [name for name in registry.OPERATIONS if not name.replace("_", "a").isalnum()] == []


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy operation as one more entry of a chapter."""
    monkeypatch.setitem(registry.CHAPTERS, "Arithmetic", (*registry.CHAPTERS["Arithmetic"], TOY))
    table = registry.by_name(each for chapter in registry.CHAPTERS.values() for each in chapter)
    monkeypatch.setattr(registry, "OPERATIONS", table)


@pytest.mark.usefixtures("toy")
def test_one_entry_is_in_the_page_s_table() -> None:
    found = catalogue(each for chapter in registry.CHAPTERS.values() for each in chapter)
    assert found.keys() == json.loads(PATH.read_text("utf-8")).keys()
    assert {"toy", "toy_alias"} <= set(found["kinds"]["elementwise"].split())
    assert found["signs"]["☺"] == found["words"]["toy function"] == found["infixes"]["☺"] == "toy toy_alias"
    assert "toy" in found["right"]["other"].split()
    assert "toy" in found["attention"]["passes"].split()
    assert found["gradients"]["toy"] == {"self": "upstream ☺ <other>"}


@pytest.mark.usefixtures("toy")
def test_one_entry_is_in_the_document_of_formulas() -> None:
    assert "**`toy`, `toy_alias`**: $y = e^{x}$" in formulas()
    assert "- source: a toy shop" in formulas()


@pytest.mark.usefixtures("toy")
def test_one_entry_explains_a_contribution() -> None:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    with trace() as recording:
        torch.autograd.backward(torch.exp(x).sum())
    snapshot = recording.snapshot()
    graph = snapshot.graphs[0]
    nodes = [node.model_copy(update={"op": "toy"}) if node.op == "exp" else node for node in graph.nodes]
    edge = next(edge for edge in graph.edges if {node.id: node.op for node in nodes}[edge.target] == "toy")
    iteration = IndexedIteration.of(graph.model_copy(update={"nodes": nodes}), snapshot.iterations[0])
    said = explain(iteration, Subject(edge.id, element=[1]))
    assert (said.kind, said.agrees, said.source) == ("hand-written", True, "a toy shop")
    assert registry.operation_of("toy_") is TOY
