"""Finite differences of a stored program: it is run again with one number moved, and the losses are compared."""

from collections.abc import Sequence

from gradwalk.contract.perturbation import PERTURBATION_ERROR
from gradwalk.contract.snapshot import Iteration, Program, Recorded
from gradwalk.errors import CheckImpossible
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
from gradwalk.sandbox import ProgressListener, QueueClient, Runner
from gradwalk.store import Store
from gradwalk.web.services.snapshot_parts import read_iteration, whole_tensors

Asked = tuple[int, str, int, int, Sequence[int] | None]
"""Iteration, node, backward pass, output, element."""


async def check(runner: Runner, store: Store, client: QueueClient, snapshot_id: str, asked: Asked) -> Check:
    """What finite differences say of one element of a gradient. Raises SnapshotNotFound, IterationNotFound,
    NodeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange, CheckImpossible, Busy, SandboxUnavailable.
    """
    index, node, backward_pass, output, element = asked
    head, graph, iteration = await read_iteration(store, snapshot_id, index)
    wanted = [*node_needed(graph, iteration, node, None), *node_needed(graph, iteration, node, backward_pass)]
    tensors = await whole_tensors(store, snapshot_id, wanted)
    target = target_of(graph, iteration, node, backward_pass, output, element, tensors)
    return await GradcheckService(runner, client, head.program, iteration, target).taken()


class GradcheckService:
    """The runs of one check."""

    def __init__(
        self, runner: Runner, client: QueueClient, program: Program, iteration: Iteration, target: Target
    ) -> None:
        self._runner, self._client, self._program = runner, client, program
        self._target = target
        self._iteration = iteration
        self._backward = iteration.backward[target.backward_pass]

    async def taken(self) -> Check:
        """Runs the program as it is and with the number moved. Raises CheckImpossible, Busy, SandboxUnavailable."""
        target = self._target
        h, values = steps_of(target)
        recorded = loss_of(self._iteration, self._backward, {})
        if recorded is None:
            raise CheckImpossible("The number that this backward pass began from is not in the recording.")
        at = await self._loss(target.value, moves=False)
        if at != recorded:
            return without(target, h, recorded, RANDOM)
        moved = [(value, await self._loss(value)) for value in values]
        noise, dtype = noise_of(self._iteration, self._backward, recorded, {})
        return judged(target, h, recorded, moved, noise, dtype)

    async def _loss(self, value: float, *, moves: bool = True) -> float:
        """The loss with the number at `value`. Raises CheckImpossible."""
        move = self._target.move(value) if moves else None
        answer = await self._runner.run(self._program, self._client, ProgressListener(), move)
        loss = loss_in(answer.recorded, self._target, self._backward, value)
        if loss is None:
            raise CheckImpossible(_why(answer.recorded, moves))
        return loss


def _why(recorded: Recorded, moves: bool) -> str:
    error = recorded.outcome.error
    if error is not None and error.type == PERTURBATION_ERROR:
        return error.message
    ended = "" if error is None else f" It stopped with {error.type}: {error.message}"
    if not moves:
        return f"Run again, the program does not come to this number.{ended}"
    return f"With the number moved a little the program goes another way.{ended}"
