"""The DOT text is read by another program's parser."""

import pydot
import pytest

from gradwalk.exports import dot
from tests.exports.graphs import HOSTILE, graph_of, hostile_graph

# of pydot's own use of the library that it parses with
pytestmark = pytest.mark.filterwarnings("ignore:.* deprecated - use .*:DeprecationWarning")


def read_dot(text: str) -> pydot.Dot:
    """The one graph that a text describes."""
    graphs = pydot.graph_from_dot_data(text)
    assert graphs is not None
    (graph,) = graphs
    return graph


def test_nodes_edges_and_clusters() -> None:
    read = read_dot(dot(graph_of("net"), "a network"))
    clusters = {str(c.get_name()).strip('"'): c for c in read.get_subgraph_list()}
    assert set(clusters) == {"cluster_g0"}
    (inner,) = clusters["cluster_g0"].get_subgraph_list()
    assert inner.get("label") == '"fc1: Linear"'
    assert [n.get("label") for n in inner.get_node_list()] == ['"fc1.weight\\nparameter"', '"linear"']
    assert [(e.get_source(), e.get_destination(), e.get("label")) for e in read.get_edge_list()] == [
        ('"n0"', '"n2"', '"input"'),
        ('"n1"', '"n2"', '"weight"'),
        ('"n2"', '"n3"', '"self"'),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_program_stays_text(text: str) -> None:
    read = read_dot(dot(hostile_graph(text), text))
    assert len(read.get_subgraph_list()) == 1
    assert len(read.get_subgraph_list()[0].get_node_list()) == 2
    assert len(read.get_edge_list()) == 1
