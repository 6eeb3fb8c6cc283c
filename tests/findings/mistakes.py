"""Programs with one typical mistake each (its first line says which), and what they have to be told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.findings.recording import findings_of, snapshot_of

_PROGRAMS: Final = Path(__file__).parent / "programs"
WRONG: Final = sorted((_PROGRAMS / "wrong").glob("*.py"))
RIGHT: Final = sorted((_PROGRAMS / "right").glob("*.py"))

FINDINGS: Final = {
    "accuracy_wrong": {"broadcast-in-metric": "squeeze", "logits-against-one-half": "Compare logits with 0"},
    "argmax_in_loss": {"no-way-back": "softmax instead of argmax"},
    "backward_twice": {"backward-twice": "Compute loss again"},
    "ce_with_one_output": {"one-class": "two outputs"},
    "dead_relu": {"dead-relu": "biases"},
    "deep_sigmoids": {"vanishing-gradient": "ReLU"},
    "detach_in_forward": {"gradient-none": "Use the tensor itself"},
    "eval_missing": {"eval-forgotten": "net.eval()"},
    "eval_while_training": {"training-in-eval-mode": "net.train()"},
    "functional_dropout_in_eval": {"eval-forgotten": "training=self.training"},
    "grad_of_result": {"gradient-of-a-result": "requires_grad_()"},
    "inplace_relu": {"in-place-change": "y = y + 1"},
    "labels_not_shuffled": {"labels-not-shuffled": "y[order]"},
    "layer_in_forward": {"layer-in-forward": "self.hidden = nn.Linear"},
    "log_of_softmax_underflow": {"first-nan": "log_softmax"},
    "log_of_zero": {"first-nan": "binary_cross_entropy_with_logits"},
    "loss_accumulated": {"graph-of-earlier-turns": "total += loss.item()"},
    "loss_on_wrong_variable": {"no-way-back": "from prediction and the target"},
    "lr_too_big": {"learning-rate-too-large": "Divide the learning rate"},
    "no_step": {"nothing-learns": "optimizer.step()"},
    "numpy_in_forward": {"gradient-none": "Leave .numpy() out"},
    "optimizer_before_new_layer": {"optimizer-without-parameter": "net.parameters()"},
    "optimizer_only_last_layer": {"optimizer-without-parameter": "net.parameters()"},
    "python_list_of_layers": {"layers-in-a-list": "nn.ModuleList"},
    "reassign_leaf": {"gradient-of-a-result": "w -= 0.1 * w.grad inside with torch.no_grad()"},
    "relu_at_the_end": {"targets-out-of-reach": "Leave the relu"},
    "scheduler_before_optimizer": {"torch-warning": "after optimizer.step()"},
    "sigmoid_saturated": {"saturated-activation": "Scale the inputs"},
    "sigmoid_with_ce": {"softmax-before-cross-entropy": "as they are"},
    "softmax_before_ce": {"softmax-before-cross-entropy": "as they are"},
    "softmax_into_nll": {"nll-without-log": "log_softmax"},
    "softmax_wrong_dim": {"softmax-dimension": "dim=1"},
    "step_before_backward": {"nothing-learns": "behind the backward"},
    "view_for_transpose": {"view-for-transpose": "x.T"},
    "weight_decay_huge": {"weight-decay-too-large": "weight_decay much smaller"},
    "wrong_loss_sign": {"loss-without-minus": "Put a minus"},
    "zero_division": {"first-nan": "1e-8 to the divisor"},
    "zero_grad": {"missing-zero-grad": "optimizer.zero_grad()"},
}
"""The findings of each mistake, and words of the advice."""

HINTS: Final = {
    "batchnorm_batch_of_one": "larger batches",
    "device_mismatch": "x.to(device)",
    "embedding_out_of_range": "num_embeddings",
    "float_targets_to_ce": "target.long()",
    "inplace_leaf": "torch.no_grad()",
    "loss_not_scalar": ".mean() or .sum()",
    "onehot_long_to_ce": "target.argmax(dim=1)",
    "swapped_arguments": "F.cross_entropy(outputs, classes)",
}
"""Mistakes that end in an error, and words of the hint that it comes with."""


class Told(NamedTuple):
    """One program with its mistake, what it was told, and whether that is all that is wrong, and nothing else."""

    name: str
    mistake: str
    answer: str
    caught: bool


def told() -> Iterator[Told]:
    """Every wrong program with what it is told."""
    for path in WRONG:
        mistake = path.read_text("utf-8").splitlines()[0].removeprefix("# mistake: ")
        found = {finding.code: finding.todo for finding in findings_of(path)}
        error = snapshot_of(path).outcome.error
        if path.stem in HINTS:
            said = "" if error is None or error.hint is None else error.hint
            yield Told(path.stem, mistake, "hint", HINTS[path.stem] in said and not found)
        else:
            wanted = FINDINGS.get(path.stem, {})
            right = found.keys() == wanted.keys() and all(words in found[code] for code, words in wanted.items())
            yield Told(path.stem, mistake, ", ".join(f"`{code}`" for code in found), right and bool(wanted))
