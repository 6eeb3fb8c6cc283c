"""The nested groups of a graph in the order of text formats: first the nodes of a group, then the groups inside it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gradwalk.contract.snapshot import Graph, Group, Node


@dataclass(frozen=True)
class GroupStart:
    """The beginning of a group, inside `depth` others."""

    group: Group
    depth: int


@dataclass(frozen=True)
class NodeEntry:
    """A node inside `depth` groups."""

    node: Node
    depth: int


@dataclass(frozen=True)
class GroupEnd:
    """The end of the group that began last."""

    depth: int


def outline(graph: Graph) -> Iterator[GroupStart | NodeEntry | GroupEnd]:
    """Yield every node once, inside its groups, without empty groups. It uses a loop because groups may nest deeply."""
    nodes: dict[str | None, list[Node]] = defaultdict(list)
    inner: dict[str | None, list[Group]] = defaultdict(list)
    for node in graph.nodes:
        nodes[node.group].append(node)
    for group in _nonempty_groups(graph, nodes):
        inner[group.parent].append(group)
    todo: list[Group | GroupEnd | None] = [None]
    depth = 0
    while todo:
        current = todo.pop()
        if isinstance(current, GroupEnd):
            yield current
            depth = current.depth
            continue
        if current is not None:
            yield GroupStart(current, depth)
            todo.append(GroupEnd(depth))
            depth += 1
        key = None if current is None else current.id
        yield from (NodeEntry(node, depth) for node in nodes[key])
        todo += reversed(inner[key])


def _nonempty_groups(graph: Graph, nodes: dict[str | None, list[Node]]) -> list[Group]:
    """Return the groups with a node somewhere inside, in their order."""
    parents = {group.id: group.parent for group in graph.groups}
    nonempty: set[str] = set()
    for identifier in list(nodes):
        while identifier is not None and identifier not in nonempty:
            nonempty.add(identifier)
            identifier = parents.get(identifier)
    return [group for group in graph.groups if group.id in nonempty]


def title_of(group: Group) -> str:
    """Return the title of a group, such as `fc1: Linear`."""
    return f"{group.name}: {group.type}" if group.name and group.name != group.type else group.type or group.name


def title_lines(node: Node) -> list[str]:
    """Return the lines of a node's box: the variable and, below it, the operation that made it."""
    if node.op is None:
        return [node.name or node.kind, *([node.kind] if node.name else [])]
    return [node.name, node.op] if node.name else [node.op]
