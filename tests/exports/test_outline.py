"""The order in which boxes are drawn."""

from gradwalk.contract.snapshot import Graph, Group
from gradwalk.exports.outline import GroupEnd, GroupStart, NodeEntry, outline, title_of
from tests.exports.graphs import graph_of, node


def test_every_node_stands_once_inside_its_group() -> None:
    told = []
    for part in outline(graph_of("net")):
        match part:
            case GroupStart(group, depth):
                told.append((group.id, depth))
            case NodeEntry(inner, depth):
                told.append((inner.id, depth))
            case GroupEnd(depth):
                told.append((")", depth))
    assert told == [("n0", 0), ("n3", 0), ("g0", 0), ("g1", 1), ("n1", 2), ("n2", 2), (")", 1), (")", 0)]


def test_groups_nest_deeper_than_python_may_recurse() -> None:
    deep = 5000
    groups = [
        Group(id=f"g{i}", parent=f"g{i - 1}" if i else None, kind="module", name=str(i), type="M") for i in range(deep)
    ]
    graph = Graph(id=0, nodes=[node(0, group=f"g{deep - 1}")], edges=[], groups=groups)
    assert sum(1 for _ in outline(graph)) == 2 * deep + 1


def test_titles() -> None:
    def titled(name: str, kind: str) -> str:
        return title_of(Group(id="g0", parent=None, kind="module", name=name, type=kind))

    assert titled("fc1", "Linear") == "fc1: Linear"
    assert titled("relu", "relu") == "relu"
    assert titled("", "Net") == "Net"
