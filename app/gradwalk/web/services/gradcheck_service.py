"""A gradient check of a stored program by finite differences: the program runs again with one number perturbed, and the
losses are compared.
"""

from gradwalk.contract.perturbation import PERTURBATION_ERROR
from gradwalk.contract.snapshot import Iteration, Program, Recorded
from gradwalk.errors import CheckImpossible
from gradwalk.explain.addressing import Subject
from gradwalk.explain.gradcheck import (
    RANDOM,
    Check,
    Target,
    judged,
    loss_in,
    loss_of,
    noise_of,
    steps_of,
    target_of,
    without,
)
from gradwalk.explain.node_explanation import node_needed
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.sandbox import ProgressListener, QueueClient, Runner
from gradwalk.store import Store
from gradwalk.web.bodies import CheckRequest
from gradwalk.web.services.snapshot_parts import read_iteration, whole_tensors


class GradcheckService:
    """Gradient checks of stored snapshots."""

    def __init__(self, runner: Runner, store: Store) -> None:
        self._runner = runner
        self._store = store

    async def check(self, client: QueueClient, snapshot_id: str, chosen: CheckRequest) -> Check:
        """Compare one element of a gradient with finite differences. Raises SnapshotNotFound, IterationNotFound,
        NodeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange, CheckImpossible, Busy, SandboxUnavailable.
        """
        head, graph, body = await read_iteration(self._store, snapshot_id, chosen.iteration)
        indexed = IndexedGraph(graph)
        iteration = IndexedIteration(indexed, body)
        needed = [
            *node_needed(iteration, chosen.node, None),
            *node_needed(iteration, chosen.node, chosen.backward_pass),
        ]
        whole = IndexedIteration(indexed, body, await whole_tensors(self._store, snapshot_id, needed))
        target = target_of(whole, Subject(chosen.node, chosen.backward_pass, chosen.output, chosen.element))
        return await _Gradcheck(self._runner, client, head.program, body, target).run()


class _Gradcheck:
    """The runs of one gradient check."""

    def __init__(
        self, runner: Runner, client: QueueClient, program: Program, iteration: Iteration, target: Target
    ) -> None:
        self._runner, self._client, self._program = runner, client, program
        self._target = target
        self._iteration = iteration
        self._backward = iteration.backward[target.backward_pass]

    async def run(self) -> Check:
        """Run the program unchanged and perturbed. Raises CheckImpossible, Busy, SandboxUnavailable."""
        target = self._target
        h, values = steps_of(target)
        recorded = loss_of(self._iteration, self._backward, {})
        if recorded is None:
            raise CheckImpossible("The number that this backward pass began from is not in the recording.")
        unchanged = await self._loss(target.value, perturbed=False)
        if unchanged != recorded:
            return without(target, h, recorded, RANDOM)
        losses = [(value, await self._loss(value)) for value in values]
        noise = noise_of(self._iteration, self._backward, recorded, {})
        return judged(target, h, recorded, losses, noise)

    async def _loss(self, value: float, *, perturbed: bool = True) -> float:
        """Return the loss with the number at `value`. Raises CheckImpossible."""
        move = self._target.move(value) if perturbed else None
        answer = await self._runner.run(self._program, self._client, ProgressListener(), move)
        loss = loss_in(answer.recorded, self._target, self._backward, value)
        if loss is None:
            raise CheckImpossible(_reason(answer.recorded, perturbed))
        return loss


def _reason(recorded: Recorded, perturbed: bool) -> str:
    """Return a sentence that says why a run gives no loss to compare."""
    error = recorded.outcome.error
    if error is not None and error.type == PERTURBATION_ERROR:
        return error.message
    ended = "" if error is None else f" It stopped with {error.type}: {error.message}"
    if not perturbed:
        return f"Run again, the program does not come to this number.{ended}"
    return f"With the number moved a little the program goes another way.{ended}"
