"""Lookups of the edge, node, pass and element that an explanation is about; each has an error for a missing thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Node, Tensor
from gradwalk.errors import ContributionNotFound, EdgeNotFound, ElementOutOfRange, NodeNotFound, PassNotFound
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import Array

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_MOST_DIMENSIONS: Final = 64


@dataclass(frozen=True)
class Subject:
    """The number that is to be explained. `id`: of an edge or a node. `output`: which of a node's results.

    `element`: its position; by default that of the largest magnitude.
    """

    id: str
    backward_pass: int = 0
    output: int = 0
    element: Sequence[int] | None = None


def flow_of(iteration: IndexedIteration, edge_id: str) -> Flow:
    """Return an edge with its nodes. Raises EdgeNotFound."""
    found = iteration.graph.flows.get(edge_id)
    if found is None:
        raise EdgeNotFound("This graph has no edge with this id: take one from the graph's edges.")
    return found


def node_of(iteration: IndexedIteration, node_id: str) -> Node:
    """Return a node. Raises NodeNotFound."""
    found = iteration.graph.nodes.get(node_id)
    if found is None:
        raise NodeNotFound("This graph has no node with this id: take one from the graph's nodes.")
    return found


def pass_of(iteration: IndexedIteration, number: int) -> BackwardPass:
    """Return a backward pass. Raises PassNotFound."""
    found = iteration.backward(number)
    if found is None:
        count = len(iteration.body.backward)
        raise PassNotFound(f"This iteration has no backward pass {number}: it has {count}.")
    return found


def contribution_of(backward: BackwardPass, edge_id: str) -> Tensor:
    """Return the contribution along an edge. Raises ContributionNotFound."""
    found = backward.contributions.get(edge_id)
    if found is None:
        raise ContributionNotFound("No gradient came back along this edge in this pass: see the pass's contributions.")
    return found


def read_element(text: str | None) -> list[int] | None:
    """Read `0,1` as a position; an empty text is that of a scalar. Raises ElementOutOfRange."""
    if text is None:
        return None
    numbers = [part.strip() for part in text.split(",")] if text.strip() else []
    if len(numbers) > _MOST_DIMENSIONS or not all(_NUMBER.fullmatch(number) for number in numbers):
        raise ElementOutOfRange("Give the element as numbers with commas, one for each dimension: 0,1 in a matrix.")
    return [int(number) for number in numbers]


def element_of(tensor: Tensor, wanted: Sequence[int] | None, *largest_of: Array | None) -> tuple[int, ...] | None:
    """Return the wanted element, else the one of the largest magnitude in the first of the arrays that is there; null
    where nothing tells which. Raises ElementOutOfRange.
    """
    shape = tensor.shape
    if wanted is None:
        array = next((a for a in largest_of if a is not None), None)
        return None if array is None else _largest(array)
    index = [i + size if i < 0 else i for i, size in zip(wanted, shape, strict=False)]
    if len(wanted) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        raise ElementOutOfRange(
            f"There is no such element: the shape is {shape}, so give {len(shape)} numbers, each counted from 0."
        )
    return tuple(index)


def _largest(array: Array) -> tuple[int, ...] | None:
    if not array.size:
        return None
    magnitude = np.nan_to_num(np.abs(array.astype(np.float64)), nan=np.inf)
    return tuple(int(i) for i in np.unravel_index(int(magnitude.argmax()), array.shape))
