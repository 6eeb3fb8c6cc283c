"""Reading parts of a stored snapshot as models, for answers that are computed from it."""

import asyncio
from typing import Final, TypeVar

from gradwalk.contract.snapshot import Graph, Iteration, SnapshotHead, Tensor
from gradwalk.errors import IterationNotFound, TensorNotFound
from gradwalk.operations.call import Tensors
from gradwalk.store import CompressedJson, Store

_LARGEST: Final = 1 << 18
"""Elements of a tensor that is fetched for an answer: reading more takes longer than a click may."""

Part = TypeVar("Part", SnapshotHead, Iteration, Tensor)


async def read_iteration(store: Store, snapshot_id: str, index: int) -> tuple[SnapshotHead, Graph, Iteration]:
    """An iteration with its graph. Raises SnapshotNotFound, IterationNotFound."""
    head = await read_part(SnapshotHead, await store.head(snapshot_id))
    return head, *await read_iteration_of(store, head, index)


async def read_iteration_of(store: Store, head: SnapshotHead, index: int) -> tuple[Graph, Iteration]:
    """The same of a snapshot whose head is read already."""
    iteration = await read_part(Iteration, await store.iteration(head.id, index))
    if not 0 <= iteration.graph < len(head.graphs):
        raise IterationNotFound(f"Iteration {index} of this snapshot has no graph: take another one.")
    return head.graphs[iteration.graph], iteration


async def whole_tensors(store: Store, snapshot_id: str, wanted: list[Tensor]) -> Tensors:
    """Those of the tensors that were kept, with all of their numbers, by their ids."""
    found: dict[str, Tensor] = {}
    for tensor in wanted:
        size = 1
        for extent in tensor.shape:
            size *= extent
        if size <= _LARGEST:
            try:
                found[tensor.id] = await read_part(Tensor, await store.tensor(snapshot_id, tensor.id))
            except TensorNotFound:
                continue  # it was too large to be kept: the explanation says so
    return found


async def read_part(model: type[Part], body: CompressedJson) -> Part:
    """A stored document as a model."""
    return await asyncio.to_thread(lambda: model.model_validate_json(body.json()))
