"""What is asked for: an edge, a node, a pass, an element; and a clear answer when there is no such thing."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Edge, Graph, Iteration, Node, Tensor
from gradwalk.errors import ContributionNotFound, EdgeNotFound, ElementOutOfRange, NodeNotFound, PassNotFound
from gradwalk.operations.call import Array

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_MOST_DIMENSIONS: Final = 64

T = TypeVar("T", Edge, Node)


def edge_of(graph: Graph, edge_id: str) -> Edge:
    """Raises EdgeNotFound."""
    found = _find(graph.edges, edge_id)
    if found is None:
        raise EdgeNotFound("This graph has no edge with this id: take one from the graph's edges.")
    return found


def node_of(graph: Graph, node_id: str) -> Node:
    """Raises NodeNotFound."""
    found = _find(graph.nodes, node_id)
    if found is None:
        raise NodeNotFound("This graph has no node with this id: take one from the graph's nodes.")
    return found


def pass_of(iteration: Iteration, index: int) -> BackwardPass:
    """Raises PassNotFound."""
    if not 0 <= index < len(iteration.backward):
        raise PassNotFound(f"This iteration has no backward pass {index}: it has {len(iteration.backward)}.")
    return iteration.backward[index]


def contribution_of(backward: BackwardPass, edge: Edge) -> Tensor:
    """Raises ContributionNotFound."""
    found = backward.contributions.get(edge.id)
    if found is None:
        raise ContributionNotFound("No gradient came back along this edge in this pass: see the pass's contributions.")
    return found


def read_element(text: str | None) -> list[int] | None:
    """`0,1` as a position; an empty text is that of a scalar. Raises ElementOutOfRange."""
    if text is None:
        return None
    numbers = [part.strip() for part in text.split(",")] if text.strip() else []
    if len(numbers) > _MOST_DIMENSIONS or not all(_NUMBER.fullmatch(number) for number in numbers):
        raise ElementOutOfRange("Give the element as numbers with commas, one for each dimension: 0,1 in a matrix.")
    return [int(number) for number in numbers]


def element_of(tensor: Tensor, asked: Sequence[int] | None, *largest_of: Array | None) -> tuple[int, ...] | None:
    """The element that is asked for, else the one of the largest magnitude in the first of the arrays that is there.
    Null where nothing tells which. Raises ElementOutOfRange.
    """
    shape = tensor.shape
    if asked is None:
        array = next((a for a in largest_of if a is not None), None)
        return None if array is None else _largest(array)
    index = [i + size if i < 0 else i for i, size in zip(asked, shape, strict=False)]
    if len(asked) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        raise ElementOutOfRange(
            f"There is no such element: the shape is {shape}, so give {len(shape)} numbers, each counted from 0."
        )
    return tuple(index)


def _largest(array: Array) -> tuple[int, ...] | None:
    if not array.size:
        return None
    magnitude = np.nan_to_num(np.abs(array.astype(np.float64)), nan=np.inf)
    return tuple(int(i) for i in np.unravel_index(int(magnitude.argmax()), array.shape))


def _find(things: Iterable[T], wanted: str) -> T | None:
    return next((thing for thing in things if thing.id == wanted), None)
