"""The examination of one snapshot by all rules, iteration by iteration."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.findings.data_edits import DataEdit
from gradwalk.findings.earlier_iterations import BackwardTwice, EarlierIterations
from gradwalk.findings.example_order import LabelsLeftBehind, ViewForTranspose
from gradwalk.findings.finding import BY_SEVERITY, Finding
from gradwalk.findings.finding_rule import Rule
from gradwalk.findings.gradient_clipping import UselessClipping
from gradwalk.findings.in_place import InPlace, StepBetween
from gradwalk.findings.input_scale import UnscaledInput
from gradwalk.findings.layer_gradients import EqualUnits, ExplodingGradient, Saturated, VanishingGradient
from gradwalk.findings.layer_ownership import LayerInForward, LayersInList
from gradwalk.findings.layer_structure import LinearAfterLinear, OutOfReach
from gradwalk.findings.loss_inputs import BroadcastInLoss, SigmoidBeforeLogits, SoftmaxBeforeCrossEntropy
from gradwalk.findings.loss_sign import WrongSign
from gradwalk.findings.metric_inputs import BroadcastInMetric, LogitThreshold
from gradwalk.findings.no_gradient import ConstantPenalty, NoGradient, NotALeaf, NoWayBack, UnusedParameter
from gradwalk.findings.non_finite import FirstNonFiniteRule
from gradwalk.findings.nothing_learns import LateStep, NoBackward, NothingLearns
from gradwalk.findings.optimizer_steps import GradientOfData, MissingZeroGrad, NotInOptimizer, RisingLoss
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.findings.repeated_updates import FrozenMoves, MovingAverages, UpdatedTwice
from gradwalk.findings.softmax_dimension import NoLogProbability, OnlyOneClass, SoftmaxDimension
from gradwalk.findings.torch_warnings import TorchWarning
from gradwalk.findings.train_eval_modes import EvalFromTheStart, EvaluatedInTraining, TrainedInEval
from gradwalk.findings.update_sizes import StrongDecay, TinyUpdates
from gradwalk.findings.zero_gradients import DeadRelu, ZeroGradient
from gradwalk.iteration.indexed_iteration import IndexedIteration

_log = logging.getLogger(__name__)

_MOST_OF_A_CODE: Final = 5
_LONGEST_SENTENCE: Final = 600
_MOST_OTHERS: Final = 50

RULES: Final[tuple[type[Rule], ...]] = (
    NoWayBack,
    BackwardTwice,
    EarlierIterations,
    InPlace,
    StepBetween,
    DataEdit,
    NoGradient,
    NotALeaf,
    ConstantPenalty,
    NothingLearns,
    NoBackward,
    LateStep,
    MissingZeroGrad,
    UselessClipping,
    LayersInList,
    LayerInForward,
    NotInOptimizer,
    UpdatedTwice,
    FrozenMoves,
    UnscaledInput,
    RisingLoss,
    TinyUpdates,
    StrongDecay,
    FirstNonFiniteRule,
    BroadcastInLoss,
    BroadcastInMetric,
    LogitThreshold,
    LabelsLeftBehind,
    ViewForTranspose,
    SoftmaxBeforeCrossEntropy,
    SigmoidBeforeLogits,
    SoftmaxDimension,
    NoLogProbability,
    OnlyOneClass,
    WrongSign,
    OutOfReach,
    DeadRelu,
    ZeroGradient,
    Saturated,
    VanishingGradient,
    ExplodingGradient,
    EqualUnits,
    EvaluatedInTraining,
    TrainedInEval,
    EvalFromTheStart,
    MovingAverages,
    LinearAfterLinear,
    TorchWarning,
    GradientOfData,
    UnusedParameter,
)
"""All rules, in the order in which findings of one severity are listed."""

_CONSEQUENCES: Final[dict[str, tuple[str, ...]]] = {
    "graph-of-earlier-turns": ("in-place-change", "missing-zero-grad", "backward-twice", "gradient-none"),
    "gradient-of-data": ("graph-of-earlier-turns", "backward-twice"),
    "equal-initialisation": ("dead-relu", "gradient-zero"),
    "step-between": ("in-place-change", "optimizer-without-parameter"),
    "layers-in-a-list": ("optimizer-without-parameter",),
    "layer-in-forward": ("optimizer-without-parameter",),
    "learning-rate-too-large": ("first-nan", "dead-relu", "exploding-gradient", "saturated-activation"),
    "nothing-learns": ("torch-warning", "learning-rate-too-small", "gradient-none", "unused-parameter"),
    "one-class": ("gradient-zero", "nothing-learns", "linear-after-linear"),
    "backward-forgotten": ("unused-parameter",),
    "backward-twice": ("gradient-without-graph",),
    "parameter-twice": ("learning-rate-too-large",),
    "softmax-dimension": ("nll-without-log",),
    "step-before-backward": ("missing-zero-grad", "step-between", "in-place-change"),
    "targets-out-of-reach": ("dead-relu", "gradient-zero", "saturated-activation"),
    "unscaled-input": (
        "learning-rate-too-large",
        "first-nan",
        "dead-relu",
        "saturated-activation",
        "exploding-gradient",
    ),
    "exploding-gradient": ("first-nan", "learning-rate-too-large"),
    "vanishing-gradient": ("saturated-activation",),
    "weight-decay-too-large": ("dead-relu", "learning-rate-too-large"),
    "data-edit": ("gradient-zero", "linear-after-linear"),
}
"""What follows from a finding, and is not told beside it: one cause is one finding."""

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
        """Return all findings, errors first, without those that only follow from another one."""
        told = self._ask(_few)
        follow = {code for finding in told for code in _CONSEQUENCES.get(finding.code, ())}
        causes = [finding for finding in told if finding.code not in follow]
        lines = {finding.line for finding in causes if finding.code != TorchWarning.code}
        causes = [f for f in causes if f.code != TorchWarning.code or f.line not in lines]
        return sorted(causes, key=lambda finding: BY_SEVERITY[finding.severity])

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
