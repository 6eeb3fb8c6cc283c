"""A graph in Graphviz's language DOT (https://graphviz.org/doc/info/lang.html)."""

from typing import Final

from gradwalk.contract.snapshot import Graph, Node
from gradwalk.exports.outline import GroupEnd, GroupStart, NodeEntry, outline, title_lines, title_of

_BLUE, _FAILED, _GROUP = "#0072B2", "#B00020", "#8A8F98"
_SHAPES: Final = {"input": "box", "parameter": "box", "buffer": "box", "operation": "ellipse"}
_STYLES: Final = {"input": "filled", "parameter": "filled,bold", "buffer": "filled,dashed", "operation": "filled"}


def dot(graph: Graph, title: str) -> str:
    """Return the graph from left to right, with groups as clusters. Text of the program cannot end its quotes."""
    lines = [
        "digraph gradwalk {",
        f"  label={_quoted(title)}; labelloc=t; rankdir=LR; compound=true;",
        '  node [fontname="sans-serif", fillcolor="#FFFFFF"]; edge [fontname="sans-serif", fontsize=10];',
    ]
    for part in outline(graph):
        indent = "  " * (part.depth + 1)
        if isinstance(part, GroupStart):
            lines.append(f"{indent}subgraph {_quoted('cluster_' + part.group.id)} {{")
            lines.append(f'{indent}  label={_quoted(title_of(part.group))}; style=rounded; color="{_GROUP}";')
        elif isinstance(part, GroupEnd):
            lines.append(f"{indent}}}")
        elif isinstance(part, NodeEntry):
            lines.append(indent + _node(part.node))
    for edge in graph.edges:
        label = f" [label={_quoted(edge.argument)}]" if edge.argument else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{label};")
    return "\n".join([*lines, "}", ""])


def _node(node: Node) -> str:
    colour = _FAILED if node.failed else _BLUE
    tip = "" if node.line is None else f", tooltip={_quoted(f'line {node.line}')}"
    return (
        f"{_quoted(node.id)} [label={_quoted(*title_lines(node))}, shape={_SHAPES[node.kind]}, "
        f'style="{_STYLES[node.kind]}", color="{colour}"{tip}];'
    )


def _quoted(*lines: str) -> str:
    """Return lines of text as one DOT string. Quotes are escaped, and also backslashes, which begin other escapes."""
    escaped = (_visible(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def _visible(text: str) -> str:
    """Replace characters that no drawing can show by spaces."""
    return "".join(c if c.isprintable() else " " for c in text)
