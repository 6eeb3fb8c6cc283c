"""What must hold for the recording of any program, whoever wrote it: a student, or Hypothesis."""

from collections import Counter
from collections.abc import Container
from typing import Any

import pytest
import torch

from gradwalk.contract.snapshot import BackwardPass, Snapshot
from tests.recorder.oracle import (
    named_outputs,
    numbers,
    passes_of,
    record,
    refuses,
    run_plainly,
    same_bits,
    state,
    tensors_in,
    unbalanced,
)
from tests.recorder.watched import watch_plainly


def check_leaves_no_trace(source: str) -> None:
    """Prints, random numbers, variables, gradients and versions are those of a plain run."""
    recorded, plain = record(source), run_plainly(source)
    assert recorded.snapshot.outcome.error is None
    assert recorded.printed == plain.printed
    assert torch.equal(recorded.generator, plain.generator)
    ours, theirs = tensors_in(recorded.variables), tensors_in(plain.variables)
    assert list(ours) == list(theirs)
    for name, tensor in theirs.items():
        assert same_bits(ours[name], tensor), name
        assert state(ours[name]) == state(tensor), name
        if not refuses(tensor) and (tensor.is_leaf or tensor.retains_grad):
            assert same_bits(ours[name].grad, tensor.grad), f"{name}.grad"


def number_of(loss: torch.Tensor) -> Any:
    """Null for several numbers, also where vmap hides that they are several."""
    try:
        return loss.item() if loss.numel() == 1 else None
    except RuntimeError:
        return None


def check_has_every_pass_with_its_loss(source: str) -> None:
    """As many backward passes as plain PyTorch made, and the losses that they started from."""
    expected = [number_of(p.loss) for p in watch_plainly(source).passes]
    recorded = record(source).snapshot
    firsts = [backward is iteration.backward[0] for _, iteration, backward in passes_of(recorded)]
    assert len(firsts) == len(expected)
    losses = [i.loss if i.loss is None else float(i.loss) for i in recorded.iterations if i.backward]
    # the loss in a snapshot is the shortest decimal of its own dtype
    started = [x for x, first in zip(expected, firsts, strict=True) if first]
    shown = [None if x is None else pytest.approx(x, rel=1e-6, nan_ok=True) for x in started]
    assert losses == shown


def check_has_gradients_of_leaves(source: str) -> None:
    """After each pass the leaves' `.grad` are those of a plain run."""
    recorded = record(source).snapshot
    for (_, _, backward), plain in zip(passes_of(recorded), watch_plainly(source).passes, strict=True):
        ours = [numbers(tensor, recorded) for tensor in backward.accumulated.values()]
        for gradient in plain.accumulated:
            same = [i for i, tensor in enumerate(ours) if same_bits(tensor, gradient)]
            assert same, f"no leaf has the .grad {gradient}"
            ours.pop(same[0])
        assert not ours


def check_has_gradients_of_intermediates(source: str) -> None:
    """Of the nodes that hold what the variable held, those that carry its name; any of them when none does."""
    recorded = record(source).snapshot
    for (graph, iteration, backward), plain in zip(passes_of(recorded), watch_plainly(source).passes, strict=True):
        outputs = named_outputs(graph)
        every = [(node, i) for node, values in iteration.values.items() for i in range(len(values))]
        for name, value, gradient in plain.intermediates:
            if gradient is None and name in plain.returned:
                continue  # autograd.grad has returned it, and so it is not retained
            holding = [(n, i) for n, i in every if same_bits(numbers(iteration.values[n][i], recorded), value)]
            holding = [port for port in holding if port in outputs[name]] or holding
            shown = [gradient_of(backward, port, recorded) for port in holding]
            assert any(same_bits(t, gradient) for t in shown), (name, value, gradient)


def check_has_values_of_variables(source: str) -> None:
    """Whatever a variable held at any time, if a gradient can flow to it, is some node's value or was its gradient."""
    recorded = record(source).snapshot
    shown = [numbers(t, recorded) for i in recorded.iterations for values in i.values.values() for t in values]
    for _, _, backward in passes_of(recorded):
        shown += [numbers(t, recorded) for gradients in backward.gradients.values() for t in gradients if t is not None]
    for name, value in watch_plainly(source).values:
        assert any(same_bits(t, value) for t in shown), (name, value)


def check_contributions_add_up(source: str, changed: Container[str] = ()) -> None:
    """Gradients are the sums of contributions, except at the nodes whose gradient a user's hook has `changed`."""
    assert [found for found in unbalanced(record(source).snapshot) if found[1] not in changed] == []


def check_has_gradients_that_autograd_grad_returned(source: str) -> None:
    """What autograd.grad gave back is the gradient of its inputs."""
    recorded = record(source).snapshot
    for (graph, _, backward), plain in zip(passes_of(recorded), watch_plainly(source).passes, strict=True):
        outputs = named_outputs(graph)
        for name, gradient in plain.returned.items():
            shown = [gradient_of(backward, port, recorded) for port in outputs[name]]
            assert any(same_bits(t, gradient) for t in shown), (name, gradient)


def gradient_of(backward: BackwardPass, port: tuple[str, int], recorded: Snapshot) -> torch.Tensor | None:
    node, output = port
    gradients = backward.gradients.get(node)
    tensor = None if gradients is None else gradients[output]
    return None if tensor is None else numbers(tensor, recorded)


def check_has_every_autograd_node(source: str) -> None:
    """Each autograd node that a pass may visit belongs to an operation."""
    recorded = record(source).snapshot
    for (graph, _, _), plain in zip(passes_of(recorded), watch_plainly(source).passes, strict=True):
        shown = Counter(function.name.split("::")[-1] for node in graph.nodes for function in node.autograd)
        assert not plain.functions - shown


CHECKS = (
    check_leaves_no_trace,
    check_has_values_of_variables,
    check_has_every_pass_with_its_loss,
    check_has_gradients_of_leaves,
    check_has_gradients_of_intermediates,
    check_has_gradients_that_autograd_grad_returned,
    check_has_every_autograd_node,
)
