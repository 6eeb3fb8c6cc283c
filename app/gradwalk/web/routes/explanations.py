"""Explanations: why a contribution, a gradient, a value or an update is the number that it is. They are computed from a
snapshot when they are asked for.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath

from gradwalk.contract.models import Model, json_of
from gradwalk.contract.snapshot import Graph, Iteration, Program, Tensor
from gradwalk.explain.addressing import read_element
from gradwalk.explain.chain_rule import explain, needed
from gradwalk.explain.explanation import Explanation, NodeExplanation, UpdateExplanation
from gradwalk.explain.measured_derivative import explain_measured, wanted
from gradwalk.explain.node_explanation import explain_gradient, explain_value, node_needed
from gradwalk.explain.update_explanation import explain_update, update_needed
from gradwalk.operations.call import Tensors
from gradwalk.store import CompressedJson, Store
from gradwalk.web.http.client_identity import CurrentClient
from gradwalk.web.http.disconnect import NOBODY_WAITS, cancel_on_disconnect
from gradwalk.web.http.negotiation import derived_answer
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.snapshots import NOT_MODIFIED, IterationIndex, SnapshotId
from gradwalk.web.services.services import CurrentServices
from gradwalk.web.services.snapshot_parts import read_iteration, whole_tensors

router = APIRouter(prefix="/snapshots/{snapshot_id}/iterations/{index}/explanations", tags=["explanations"])

EdgeId = Annotated[str, InPath(description="The id of an edge of the iteration's graph.", examples=["e0"])]
NodeId = Annotated[str, InPath(description="The id of a node of the iteration's graph.", examples=["n0"])]
PassNumber = Annotated[int, Query(alias="pass", ge=0, description="0 for the iteration's first backward pass.")]
Element = Annotated[
    str | None,
    Query(description="Its position, `0,1` in a matrix; by default that of the largest magnitude.", examples=["0,1"]),
]
Output = Annotated[int, Query(ge=0, description="Which of the operation's results.")]
Number = Annotated[int, Query(ge=0, description="0 for the leaf's first update in the iteration.")]

_RESPONSES: Final = {**NOT_MODIFIED, **documented(404, 422, 503)}
Needed = Callable[[Graph, Iteration], list[Tensor]]
Explain = Callable[[Graph, Iteration, Tensors], Model]


@router.get("/{edge_id}", summary="Why a contribution is what it is", response_model=Explanation, responses=_RESPONSES)
async def explain_edge(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    edge_id: EdgeId,
    services: CurrentServices,
    request: Request,
    backward_pass: PassNumber = 0,
    element: Element = None,
) -> Response:
    """The chain rule at one edge in four stages: symbols, local derivatives, numbers put in, result."""
    place = read_element(element)
    return await _answer(
        request,
        services.store,
        (snapshot_id, index),
        lambda graph, iteration: needed(graph, iteration, edge_id, backward_pass),
        lambda graph, iteration, tensors: explain(graph, iteration, edge_id, backward_pass, place, tensors),
    )


@router.post(
    "/{edge_id}/measurements",
    summary="Measure a local derivative",
    response_model=Explanation,
    responses=documented(404, 422, 503),
)
async def measure_edge(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    edge_id: EdgeId,
    services: CurrentServices,
    client: CurrentClient,
    request: Request,
    backward_pass: PassNumber = 0,
    element: Element = None,
) -> Response:
    """Runs the snapshot's program again in the sandbox, as far as this backward pass, and calls the operation's
    backward on basis vectors: the explanation for an operation that has no formula here, above all a custom
    `torch.autograd.Function`. Nothing of that run is kept. It waits for the client's turn, as `POST /runs` does.
    Closing the connection cancels it.
    """
    place = read_element(element)
    asked = await _look_up(
        services.store,
        (snapshot_id, index),
        lambda graph, iteration: needed(graph, iteration, edge_id, backward_pass),
    )
    where = (asked.graph, asked.iteration, edge_id, backward_pass, place, asked.tensors)
    wish = await asyncio.to_thread(wanted, *where)
    if wish is None:
        return _as_json(await asyncio.to_thread(explain_measured, *where))
    left = await cancel_on_disconnect(request, services.runner.measure(asked.program, wish, client))
    if left is None:
        return Response(status_code=NOBODY_WAITS)
    return _as_json(await asyncio.to_thread(explain_measured, *where, left.measured, left.outcome))


@router.get(
    "/nodes/{node_id}",
    summary="Why a value or a gradient is what it is",
    response_model=NodeExplanation,
    responses=_RESPONSES,
)
async def explain_node(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    node_id: NodeId,
    services: CurrentServices,
    request: Request,
    backward_pass: Annotated[
        int | None, Query(alias="pass", ge=0, description="Left out, the value is explained.")
    ] = None,
    output: Output = 0,
    element: Element = None,
) -> Response:
    """Without `pass` the node's formula with its numbers; with it the gradient as the sum of its contributions."""
    place = read_element(element)
    return await _answer(
        request,
        services.store,
        (snapshot_id, index),
        lambda graph, iteration: node_needed(graph, iteration, node_id, backward_pass),
        lambda graph, iteration, tensors: (
            explain_value(graph, iteration, node_id, output, place, tensors)
            if backward_pass is None
            else explain_gradient(graph, iteration, node_id, backward_pass, output, place, tensors)
        ),
    )


@router.get(
    "/updates/{node_id}",
    summary="Why an update changed a leaf as it did",
    response_model=UpdateExplanation,
    responses=_RESPONSES,
)
async def explain_leaf_update(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    node_id: NodeId,
    services: CurrentServices,
    request: Request,
    number: Number = 0,
    element: Element = None,
) -> Response:
    """The optimizer's rule with its settings, its memory and the gradient."""
    place = read_element(element)
    return await _answer(
        request,
        services.store,
        (snapshot_id, index),
        lambda graph, iteration: update_needed(iteration, node_id, number),
        lambda graph, iteration, tensors: explain_update(graph, iteration, node_id, number, place, tensors),
    )


def _as_json(said: Explanation) -> Response:
    return Response(json_of(said), media_type="application/json")


async def _answer(
    request: Request, store: Store, where: tuple[str, int], needs: Needed, explained: Explain
) -> Response:
    """The explanation as JSON."""
    asked = await _look_up(store, where, needs)
    said = asyncio.to_thread(lambda: CompressedJson.of(json_of(explained(asked.graph, asked.iteration, asked.tensors))))
    return await derived_answer(request, await said)


@dataclass(frozen=True)
class _LookedUp:
    """What an explanation is computed from. `program`: that the snapshot is of."""

    program: Program
    graph: Graph
    iteration: Iteration
    tensors: Tensors


async def _look_up(store: Store, where: tuple[str, int], needs: Needed) -> _LookedUp:
    """Raises SnapshotNotFound, IterationNotFound, and what `needs` raises."""
    snapshot_id, index = where
    head, graph, iteration = await read_iteration(store, snapshot_id, index)
    tensors = await whole_tensors(store, snapshot_id, needs(graph, iteration))
    return _LookedUp(head.program, graph, iteration, tensors)
