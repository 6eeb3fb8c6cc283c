"""Graphs for the exports: one that is plain, and one whose every text is the program's."""

from typing import Any

from gradwalk.contract.snapshot import Edge, Graph, Group, Node

HOSTILE = [
    '"];x[label="',
    'a"b\\"c\\',
    "\\",
    "</script><script>alert(1)</script>",
    "end",
    "]) --> n9",
    "#quot;",
    "two\nlines\r\n}",
    "\x1b[31mred\x00",
    "`code` *bold* |pipe| {brace} <br>",
    "名前é😀",
    "",
]


def node(number: int, **fields: Any) -> Node:
    """An operation, unless it is told otherwise."""
    plain: dict[str, Any] = {
        "kind": "operation",
        "op": "mul",
        "name": None,
        "line": 3,
        "path": [],
        "group": None,
        "arguments": {},
        "outputs": 1,
        "failed": False,
        "requires_grad": True,
        "autograd": [],
    }
    return Node(id=f"n{number}", **{**plain, **fields})


def edge(number: int, source: int, target: int, argument: str) -> Edge:
    """From the first output of a node."""
    return Edge(id=f"e{number}", source=f"n{source}", output=0, target=f"n{target}", argument=argument)


def graph_of(name: str) -> Graph:
    """A layer inside a network inside of nothing, and a loss outside; one group holds nothing."""
    return Graph(
        id=0,
        nodes=[
            node(0, kind="input", op=None, name="x"),
            node(1, kind="parameter", op=None, name="fc1.weight", group="g1"),
            node(2, op="linear", group="g1"),
            node(3, op="sum", name="loss", failed=True),
        ],
        edges=[edge(0, 0, 2, "input"), edge(1, 1, 2, "weight"), edge(2, 2, 3, "self")],
        groups=[
            Group(id="g0", parent=None, kind="module", name=name, type="Net"),
            Group(id="g1", parent="g0", kind="module", name="fc1", type="Linear"),
            Group(id="g2", parent="g0", kind="module", name="empty", type="Identity"),
        ],
    )


def hostile_graph(text: str) -> Graph:
    """Two nodes in a group, an edge between them, and the same text everywhere."""
    return Graph(
        id=0,
        nodes=[node(0, kind="input", op=None, name=text, group="g0"), node(1, op=text, name=text, group="g0")],
        edges=[edge(0, 0, 1, text)],
        groups=[Group(id="g0", parent=None, kind="module", name=text, type=text)],
    )
