"""Every entry against autograd in float64: every argument, every element."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from gradwalk.contract.snapshot import Snapshot
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import base_name
from gradwalk.operations.registry import EXPLAINED
from gradwalk.recorder import trace
from tests.operations.samples import expressions, leaves, one_of_each_kind
from tests.tiers import rest_at_night

SAMPLES = rest_at_night([e for _, e in expressions()], [e for _, e in one_of_each_kind()])


def recorded(expression: str) -> Snapshot:
    """The sample run under the real recorder, with another gradient for each element of its result."""
    names = leaves()
    torch.manual_seed(5)
    with trace() as recording:
        result = eval(expression, names)
        results = [r for r in (result if isinstance(result, tuple | list) else [result]) if r.requires_grad]
        seeds = [torch.randn(r.shape, dtype=r.dtype) for r in results]
        torch.autograd.backward(results, seeds)
    return recording.snapshot()


def mismatches(snapshot: Snapshot) -> list[str]:
    """Every element of every contribution that its explanation does not give, or not by hand."""
    found = []
    iteration = IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])
    for edge, contribution in iteration.body.backward[0].contributions.items():
        for index in np.ndindex(*contribution.shape):
            said = explain(iteration, Subject(edge, element=index))
            if not (said.kind == "hand-written" and said.agrees and same(said.computed, said.recorded)):
                found.append(f"{said.op}, {said.argument}{list(index)}: {said.kind}, {said.computed}, {said.recorded}")
    return found


def same(computed: Any, recorded: Any) -> bool:
    """Far closer than an explanation itself asks for."""
    return math.isclose(float(computed), float(recorded), rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("expression", SAMPLES)
def test_it_gives_what_autograd_gives(expression: str) -> None:
    snapshot = recorded(expression)
    assert snapshot.iterations[0].backward[0].contributions
    assert mismatches(snapshot) == []


ROUNDING = {"to", "type", "type_as", "float", "double", "half", "bfloat16"}
"""Whose gradients are rounded to another dtype: the cases of programs use them."""


@pytest.mark.slow
def test_every_entry_was_compared() -> None:
    seen = {base_name(node.op) for _, e in expressions() for node in recorded(e).graphs[0].nodes if node.op}
    assert EXPLAINED - seen - ROUNDING == set()
