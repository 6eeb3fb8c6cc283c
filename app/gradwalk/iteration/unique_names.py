"""Names of the nodes of a graph that point at exactly one of them each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.wording import at_line, called, number, operation_word, short
from gradwalk.operations.call import canonical
from gradwalk.operations.registry import operation_of

Operands = Mapping[str, Sequence[tuple[str, Node]]]
"""The arguments of each operation that are tensors, by the id of its node: the name of the argument, and its node."""

_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def unique_names(nodes: Sequence[Node], operands: Operands, paths: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each node by its id. No two nodes have the same one.

    A node has its own name where no other has it: `loss`. An operation without a name has its source text and line,
    as in `w × x in line 4`. Those that are still alike are told apart by their layer (`linear of net.fc1 in line 3`),
    then by their line, then by the order in which they ran (`the second h in line 14`). `paths`: the path of the
    module that each node ran in.
    """
    found = {node.id: _plain(node, operands) for node in nodes}

    def tell_apart(better: Callable[[Node], str]) -> None:
        counts = Counter(found.values())
        alike = [node for node in nodes if counts[found[node.id]] > 1]
        found.update({node.id: better(node) for node in alike})

    tell_apart(lambda node: _in_layer(node, found[node.id], paths[node.id]))
    tell_apart(lambda node: _with_line(node, found[node.id]))
    counts, seen = Counter(found.values()), Counter[str]()
    for node in nodes:
        name = found[node.id]
        if counts[name] > 1:
            seen[name] += 1
            found[node.id] = f"the {_ordinal(seen[name])} {name}"
    return found


def _plain(node: Node, operands: Operands) -> str:
    if node.name or node.kind != "operation":
        return called(node)
    text = _source_text(node, operands.get(node.id, ()))
    return at_line(node) if text is None else f"{text} in line {node.line}" if node.line else text


def _source_text(node: Node, operands: Sequence[tuple[str, Node]]) -> str | None:
    """Return an operation as it is written, and as the page labels it: `w × x`, `relu(z)`. Null where one of its
    operands has no name.
    """
    if not operands or any(source.name is None for _, source in operands):
        return None
    operation = operation_of(node.op)
    right = operation.right if operation else None
    plain = {canonical(name): value for name, value in node.arguments.items() if _is_number(value)}
    if any(name != right for name in plain):
        return None  # any other number makes it more than its sign says
    written = [short(source.name or "") for _, source in operands] + [number(float(value)) for value in plain.values()]
    if operation is not None and operation.infix and len(written) == 2:
        return f" {operation.infix} ".join(written)
    op = short(node.op or node.kind)
    return f"{op}({written[0]})" if len(written) == 1 and op.isidentifier() and not op.startswith("__") else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_layer(node: Node, name: str, path: str) -> str:
    if node.name or node.kind != "operation" or not path:
        return name
    return f"{operation_word(node)} of {short(path)} in line {node.line}" if node.line else name


def _with_line(node: Node, name: str) -> str:
    return f"{name} in line {node.line}" if node.name and node.line else name


def _ordinal(place: int) -> str:
    return _ORDINALS[place - 1] if place <= len(_ORDINALS) else f"{place}th"
