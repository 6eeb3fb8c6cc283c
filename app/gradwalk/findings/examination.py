"""The examination of one snapshot by all rules, iteration by iteration."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.findings.finding import BY_SEVERITY, Finding
from gradwalk.findings.finding_rule import Rule
from gradwalk.findings.in_place import InPlace
from gradwalk.findings.layer_gradients import EqualUnits, ExplodingGradient, Saturated, VanishingGradient
from gradwalk.findings.loss_inputs import BroadcastInLoss, SigmoidBeforeLogits, SoftmaxBeforeCrossEntropy
from gradwalk.findings.no_gradient import NoGradient, NotALeaf, NoWayBack, UnusedParameter
from gradwalk.findings.non_finite import FirstNonFiniteRule
from gradwalk.findings.optimizer_steps import MissingZeroGrad, NotInOptimizer, RisingLoss
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.findings.train_eval_modes import EvaluatedInTraining, TrainedInEval
from gradwalk.findings.zero_gradients import DeadRelu, ZeroGradient
from gradwalk.iteration.indexed_iteration import IndexedIteration

_log = logging.getLogger(__name__)

_MOST_OF_A_CODE: Final = 5
_LONGEST_SENTENCE: Final = 600
_MOST_OTHERS: Final = 50

RULES: Final[tuple[type[Rule], ...]] = (
    NoWayBack,
    InPlace,
    NoGradient,
    NotALeaf,
    MissingZeroGrad,
    NotInOptimizer,
    RisingLoss,
    FirstNonFiniteRule,
    BroadcastInLoss,
    SoftmaxBeforeCrossEntropy,
    SigmoidBeforeLogits,
    DeadRelu,
    ZeroGradient,
    Saturated,
    VanishingGradient,
    ExplodingGradient,
    EqualUnits,
    EvaluatedInTraining,
    TrainedInEval,
    UnusedParameter,
)
"""All rules, in the order in which findings of one severity are listed."""

Failed = Callable[[type[Rule], Exception], None]


def log_failure(rule: type[Rule], error: Exception) -> None:
    """Log that a rule failed. The other rules go on."""
    _log.error("The rule %s failed.", rule.code, exc_info=error)


class Examination:
    """The rules at work on one snapshot. `failed` is called with a rule that raises; that rule is left out from then
    on.
    """

    def __init__(self, head: SnapshotHead, failed: Failed = log_failure) -> None:
        self._run = RecordedRun(head)
        self._failed = failed
        self._rules = [rule(self._run) for rule in RULES]

    def look(self, body: Iteration) -> None:
        """Let every rule look at the next iteration. It is not kept."""
        self._ask(partial(_look, self._run.iteration(body)))

    def findings(self) -> list[Finding]:
        """Return all findings, errors first."""
        return sorted(self._ask(_few), key=lambda finding: BY_SEVERITY[finding.severity])

    def _ask(self, work: Callable[[Rule], Iterable[Finding]]) -> list[Finding]:
        told: list[Finding] = []
        for rule in list(self._rules):
            try:
                told += work(rule)
            except Exception as error:
                self._rules.remove(rule)
                self._failed(type(rule), error)
        return told


def examine(head: SnapshotHead, iterations: Iterable[Iteration], failed: Failed = log_failure) -> list[Finding]:
    """Return everything that the rules find in a snapshot."""
    examination = Examination(head, failed)
    for body in iterations:
        examination.look(body)
    return examination.findings()


def _look(iteration: IndexedIteration, rule: Rule) -> Iterable[Finding]:
    rule.look(iteration)
    return ()


def _few(rule: Rule) -> list[Finding]:
    """Return the most important findings of a rule, with sentences of a readable length."""
    found = sorted(rule.found(), key=lambda finding: BY_SEVERITY[finding.severity])[:_MOST_OF_A_CODE]
    return [
        finding.model_copy(
            update={
                "why": finding.why[:_LONGEST_SENTENCE],
                "todo": finding.todo[:_LONGEST_SENTENCE],
                "others": finding.others[:_MOST_OTHERS],
            }
        )
        for finding in found
    ]
