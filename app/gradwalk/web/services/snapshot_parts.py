"""Reading parts of a stored snapshot as models, for responses that are computed from them."""

import asyncio
from typing import Final, TypeVar

from gradwalk.contract.snapshot import Graph, Iteration, SnapshotHead, Tensor
from gradwalk.errors import IterationNotFound, TensorNotFound
from gradwalk.operations.call import Tensors
from gradwalk.store import CompressedJson, Store

_LARGEST: Final = 1 << 18
"""Elements of the largest tensor that is read for an explanation. Reading a larger one takes longer than a user waits
after a click.
"""

Part = TypeVar("Part", SnapshotHead, Iteration, Tensor)


async def read_iteration(store: Store, snapshot_id: str, index: int) -> tuple[SnapshotHead, Graph, Iteration]:
    """Return a snapshot's head, and one of its iterations with its graph. Raises SnapshotNotFound,
    IterationNotFound.
    """
    head = await read_part(SnapshotHead, await store.head(snapshot_id))
    return head, *await read_iteration_of(store, head, index)


async def read_iteration_of(store: Store, head: SnapshotHead, index: int) -> tuple[Graph, Iteration]:
    """Return an iteration with its graph, for a snapshot whose head is already read. Raises IterationNotFound."""
    iteration = await read_part(Iteration, await store.iteration(head.id, index))
    if not 0 <= iteration.graph < len(head.graphs):
        raise IterationNotFound(f"Iteration {index} of this snapshot has no graph: take another one.")
    return head.graphs[iteration.graph], iteration


async def whole_tensors(store: Store, snapshot_id: str, wanted: list[Tensor]) -> Tensors:
    """Return these tensors with all of their numbers, by id. Tensors that are too large to be stored are left out."""
    found: dict[str, Tensor] = {}
    for tensor in wanted:
        size = 1
        for extent in tensor.shape:
            size *= extent
        if size <= _LARGEST:
            try:
                found[tensor.id] = await read_part(Tensor, await store.tensor(snapshot_id, tensor.id))
            except TensorNotFound:
                continue  # it was too large to be stored: the explanation says so
    return found


async def read_part(model: type[Part], body: CompressedJson) -> Part:
    """Parse a stored document as a model."""
    return await asyncio.to_thread(lambda: model.model_validate_json(body.json()))
