"""A graph in Mermaid's language (https://mermaid.js.org/syntax/flowchart.html)."""

from typing import Final

from gradwalk.contract.snapshot import Graph, Node
from gradwalk.exports.outline import GroupEnd, GroupStart, NodeEntry, outline, title_lines, title_of

_SHAPES: Final = {
    "input": ("[/", "/]"),
    "parameter": ("[", "]"),
    "buffer": ("[[", "]]"),
    "operation": ("([", "])"),
}
_CLASSES: Final = (
    "  classDef default fill:#FFFFFF,stroke:#0072B2,color:#111111",
    "  classDef parameter stroke-width:3px",
    "  classDef failed stroke:#B00020,stroke-width:3px",
)


def mermaid(graph: Graph, title: str) -> str:
    """Return the graph from left to right, with groups as subgraphs. Text of the program cannot end its quotes."""
    lines = ["---", f"title: {_quoted(title)}", "---", "flowchart LR"]
    for part in outline(graph):
        indent = "  " * (part.depth + 1)
        if isinstance(part, GroupStart):
            lines.append(f"{indent}subgraph {part.group.id}[{_quoted(title_of(part.group))}]")
        elif isinstance(part, GroupEnd):
            lines.append(f"{indent}end")
        elif isinstance(part, NodeEntry):
            lines.append(indent + _node(part.node))
    for edge in graph.edges:
        label = f"|{_quoted(edge.argument)}|" if edge.argument else ""
        lines.append(f"  {edge.source} -->{label} {edge.target}")
    return "\n".join([*lines, *_CLASSES, ""])


def _node(node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    kind = ":::failed" if node.failed else ":::parameter" if node.kind == "parameter" else ""
    return f"{node.id}{opening}{_quoted(*title_lines(node))}{closing}{kind}"


def _quoted(*lines: str) -> str:
    """Return lines of text in quotes. Characters that would end the quotes or are markup for Mermaid become numbered
    entities. The text is never empty, because Mermaid refuses that.
    """
    return '"' + ("<br>".join("".join(map(_escaped, line)) for line in lines) or " ") + '"'


def _escaped(character: str) -> str:
    if character.isalnum() or character in " _.,:=+-()[]":
        return character
    return f"#{ord(character)};" if character.isprintable() else " "
