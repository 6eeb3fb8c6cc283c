"""Worked numbers forwards against PyTorch: every element of every result of every sample, in float64."""

import math

import numpy as np
import pytest
import torch

from gradwalk.explain.addressing import Subject
from gradwalk.explain.explanation import NodeExplanation
from gradwalk.explain.node_explanation import explain_value
from gradwalk.iteration.indexed_iteration import IndexedIteration
from tests.operations.samples import forwards, one_of_each_kind
from tests.operations.test_entries import recorded
from tests.tiers import rest_at_night

SAMPLES = rest_at_night([e for _, e in forwards()], [e for _, e in one_of_each_kind()])


def pages(expression: str) -> list[NodeExplanation]:
    """Return the page of every element of every result."""
    snapshot = recorded(expression)
    iteration = IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])
    return [
        explain_value(iteration, Subject(node.id, output=output, element=index))
        for node in iteration.graph.operations
        for output, value in enumerate(iteration.body.values[node.id])
        for index in np.ndindex(*value.shape)
    ]


@pytest.mark.parametrize("expression", SAMPLES)
def test_it_gives_what_pytorch_gives(expression: str) -> None:
    torch.manual_seed(5)
    wrong = [
        f"{page.op}{page.element}: {page.stages.numbers} is {page.computed}, not {page.recorded}, {page.note}"
        for page in pages(expression)
        if page.note or (page.computed is not None and not same(page.computed, page.recorded))
    ]
    assert wrong == []


def same(computed: object, recorded: object) -> bool:
    """Return whether two numbers are equal, far closer than an explanation itself asks for."""
    one, other = float(str(computed)), float(str(recorded))
    return (
        one == other or (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    )
