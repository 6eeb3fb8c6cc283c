"""The observations of one iteration: where NaN and infinity began, which nodes get no gradient, which `.grad` was
stale.
"""

from collections.abc import Sequence

from pydantic import ConfigDict, Field

from gradwalk.contract.fields import Count, EdgeId, NodeId, Real
from gradwalk.contract.models import Model
from gradwalk.contract.snapshot import Node
from gradwalk.iteration.first_non_finite import NonFiniteKind, Origin, Where, computations, origins
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.missing_gradient import MissingGradients, ReasonKind
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.iteration.sentence import Sentence
from gradwalk.iteration.stale_gradient import stale_gradient
from gradwalk.iteration.wording import called


class NonFiniteOrigin(Model):
    """The step that made the first NaN, or the first infinite number, out of numbers that were not.

    `where`: in the `value` of the node, or in a `gradient`. `output`: which of the node's results. `edge`: the edge
    along which the contribution left the node; null for a value, and where contributions added up to it. Where only the
    statistics of a tensor are known, `∞` stands for both signs.
    """

    node: NodeId
    output: Count
    edge: EdgeId | None
    step: Count
    what: NonFiniteKind
    where: Where


class MissingGradient(Model):
    """A node that no gradient reaches.

    `pass`: the last backward pass of the iteration by which none had reached it; null where the iteration has no
    backward pass. `reason`: its kind; `sentence`: why, in the program's own names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    node: NodeId
    backward_pass: Count | None = Field(alias="pass")
    reason: ReasonKind
    sentence: str


class StaleGradientFound(Model):
    """A leaf's `.grad` that was not cleared: the pass added to an older gradient.

    `index`: the element where the most was left, empty for a scalar: `before` + `added` = `now`. `count`: how many
    elements held something before, `of` how many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    node: NodeId
    backward_pass: Count = Field(alias="pass")
    step: Count
    index: list[Count]
    before: Real
    added: Real
    now: Real
    count: Count
    of: Count


class Observations(Model):
    """The remarkable things in one iteration. `non_finite`: at most two, the first NaN and the first infinite number,
    in the order of their steps. `sentences`: what happens in each step, in words.
    """

    iteration: Count
    non_finite: list[NonFiniteOrigin]
    no_gradient: list[MissingGradient]
    stale_gradients: list[StaleGradientFound]
    sentences: list[Sentence] = Field(default_factory=list)


def observe(iteration: IndexedIteration, lines: Sequence[str] = ()) -> Observations:
    """Return what is remarkable in an iteration. `lines`: of the program."""
    return Observations(
        iteration=iteration.index,
        non_finite=[_origin(origin) for origin in origins(computations(iteration))],
        no_gradient=_missing(iteration, lines),
        stale_gradients=_stale(iteration),
    )


def _origin(origin: Origin[Node]) -> NonFiniteOrigin:
    return NonFiniteOrigin(
        node=origin.node.id,
        output=origin.output,
        edge=origin.edge,
        step=origin.step,
        what=origin.what,
        where=origin.where,
    )


def _missing(iteration: IndexedIteration, lines: Sequence[str]) -> list[MissingGradient]:
    """Return the nodes that no gradient reaches, in the order of the graph. Those that a later pass reaches are listed
    with the pass before it.
    """
    first: dict[str, int] = {}
    for number, backward in enumerate(iteration.body.backward):
        for reached, gradients in backward.gradients.items():
            if any(gradient is not None for gradient in gradients):
                first.setdefault(reached, number)
    passes = len(iteration.body.backward)
    by_pass: dict[int, MissingGradients] = {}
    found = []
    for node in iteration.graph.nodes.values():
        until = first.get(node.id, passes)
        if passes and until == 0:
            continue
        reasons = by_pass.setdefault(until, MissingGradients(iteration, lines, range(until)))
        reason = reasons.reason(node)
        if reason is not None:
            sentence = f"No gradient reaches {called(node)}: {reason.why}."
            last = until - 1 if passes else None
            found.append(MissingGradient(node=node.id, backward_pass=last, reason=reason.kind, sentence=sentence))
    return found


def _stale(iteration: IndexedIteration) -> list[StaleGradientFound]:
    found = []
    for step in iteration.steps("accumulate"):
        stale = stale_gradient(iteration, step)
        if stale is not None:
            found.append(
                StaleGradientFound(
                    node=step.node,
                    backward_pass=step.backward_pass or 0,
                    step=step.index,
                    index=list(stale.index),
                    before=as_real(stale.before),
                    added=as_real(stale.added),
                    now=as_real(stale.now),
                    count=stale.count,
                    of=stale.of,
                )
            )
    return found
