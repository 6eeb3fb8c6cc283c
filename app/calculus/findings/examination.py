"""All rules over one snapshot, iteration by iteration."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from app.calculus.findings.flat import DeadRelu, ZeroGradient
from app.calculus.findings.inplace import InPlace
from app.calculus.findings.layers import EqualUnits, ExplodingGradient, Saturated, VanishingGradient
from app.calculus.findings.losses import BroadcastInLoss, SigmoidBeforeLogits, SoftmaxBeforeCrossEntropy
from app.calculus.findings.model import BY_SEVERITY, Finding
from app.calculus.findings.modes import EvaluatedInTraining, TrainedInEval
from app.calculus.findings.nonfinite import FirstNonFinite
from app.calculus.findings.optimizing import MissingZeroGrad, NotInOptimizer, RisingLoss
from app.calculus.findings.rule import Rule
from app.calculus.findings.unreached import NoGradient, NotALeaf, NoWayBack, UnusedParameter
from app.calculus.findings.view import Moment, Run
from app.snapshot import Iteration, SnapshotHead

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
    FirstNonFinite,
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
"""In the order in which findings of one severity are told."""

Failed = Callable[[type[Rule], Exception], None]


def log_failure(rule: type[Rule], error: Exception) -> None:
    """Tells whoever runs the server that a rule failed. The others are heard all the same."""
    _log.error("The rule %s failed.", rule.code, exc_info=error)


class Examination:
    """The rules at work on one snapshot. `failed` is told of a rule that raises, which then says nothing."""

    def __init__(self, head: SnapshotHead, failed: Failed = log_failure) -> None:
        self._run = Run(head)
        self._failed = failed
        self._rules = [rule(self._run) for rule in RULES]

    def look(self, body: Iteration) -> None:
        """The next iteration; it is let go again."""
        moment = self._run.moment(body)
        if moment is not None:
            self._ask(partial(_look, moment))

    def findings(self) -> list[Finding]:
        """What was found, errors first."""
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
    """Everything that the rules find in a snapshot."""
    examination = Examination(head, failed)
    for body in iterations:
        examination.look(body)
    return examination.findings()


def _look(moment: Moment, rule: Rule) -> Iterable[Finding]:
    rule.look(moment)
    return ()


def _few(rule: Rule) -> list[Finding]:
    """The most important findings of a rule, of a size that somebody reads."""
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
