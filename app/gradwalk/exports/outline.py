"""A graph as text languages draw it: boxes inside boxes, first what a box holds itself, then the boxes in it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gradwalk.contract.snapshot import Graph, Group, Node


@dataclass(frozen=True)
class Opens:
    """A group begins, `depth` groups deep."""

    group: Group
    depth: int


@dataclass(frozen=True)
class Holds:
    """A node stands here, `depth` groups deep."""

    node: Node
    depth: int


@dataclass(frozen=True)
class Closes:
    """The group that began last ends."""

    depth: int


def outline(graph: Graph) -> Iterator[Opens | Holds | Closes]:
    """Every node once, inside its group; groups that hold nothing are left out. A loop: groups may nest deeply."""
    nodes: dict[str | None, list[Node]] = defaultdict(list)
    inner: dict[str | None, list[Group]] = defaultdict(list)
    for node in graph.nodes:
        nodes[node.group].append(node)
    for group in _holding(graph, nodes):
        inner[group.parent].append(group)
    todo: list[Group | Closes | None] = [None]
    depth = 0
    while todo:
        current = todo.pop()
        if isinstance(current, Closes):
            yield current
            depth = current.depth
            continue
        if current is not None:
            yield Opens(current, depth)
            todo.append(Closes(depth))
            depth += 1
        key = None if current is None else current.id
        yield from (Holds(node, depth) for node in nodes[key])
        todo += reversed(inner[key])


def _holding(graph: Graph, nodes: dict[str | None, list[Node]]) -> list[Group]:
    """The groups with a node somewhere inside, in their order."""
    parents = {group.id: group.parent for group in graph.groups}
    held: set[str] = set()
    for identifier in list(nodes):
        while identifier is not None and identifier not in held:
            held.add(identifier)
            identifier = parents.get(identifier)
    return [group for group in graph.groups if group.id in held]


def title_of(group: Group) -> str:
    """`fc1: Linear`."""
    return f"{group.name}: {group.type}" if group.name and group.name != group.type else group.type or group.name


def title_lines(node: Node) -> list[str]:
    """What a node's box says: the variable and, under it, the operation that made it."""
    if node.op is None:
        return [node.name or node.kind, *([node.kind] if node.name else [])]
    return [node.name, node.op] if node.name else [node.op]
