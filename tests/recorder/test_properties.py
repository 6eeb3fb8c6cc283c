"""Generated programs, recorded and run plainly: the same bits, contributions that add up, and gradients that finite
differences confirm.
"""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, note, settings

from tests.recorder.checks import CHECKS, check_contributions_add_up, check_leaves_no_trace
from tests.recorder.oracle import numbers as as_torch
from tests.recorder.oracle import passes_of, record, same_bits, unbalanced
from tests.recorder.programs import EVERY, HEAD, SMOOTH, Generated, programs

# the same programs in every run: a failure is a failure of the change, not of the day
SAME = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

EXAMPLES = [100, pytest.param(1000, marks=pytest.mark.slow)]
"""Generated programs: some on a push, many at night."""

STEP = 1e-6
"""Half the distance of central differences: the error is of the order of STEP squared, and of 1e-16 / STEP."""


@pytest.mark.parametrize("examples", EXAMPLES)
def test_what_holds_for_any_program_holds(examples: int) -> None:
    @settings(SAME, max_examples=examples)
    @given(programs(EVERY))
    def hold(program: Generated) -> None:
        note(program.source)
        for check in (*CHECKS, check_contributions_add_up):
            check(program.source)

    hold()


@pytest.mark.parametrize("examples", EXAMPLES)
def test_gradients_are_those_of_finite_differences(examples: int) -> None:
    """The first pass of the recording, whatever the program does afterwards, against the program's own loss."""

    @settings(SAME, max_examples=examples)
    @given(programs(SMOOTH))
    def agree(program: Generated) -> None:
        simple = Generated(program.leaves, program.body, program.names, "{body}loss.backward()")
        note(simple.source)
        recorded = record(simple.source).snapshot
        graph, _, backward = next(passes_of(recorded))
        by_name = {n.name: n.id for n in graph.nodes if n.kind == "parameter"}
        for name in program.names:
            shown = as_torch(backward.accumulated[by_name[name]], recorded)
            assert shown is not None
            torch.testing.assert_close(shown, differences(simple, name), rtol=1e-5, atol=1e-8)

    agree()


def differences(program: Generated, name: str) -> torch.Tensor:
    """D loss / d leaf, element by element, by running the program's body twice for each."""
    variables: dict[str, Any] = {}
    exec(HEAD + program.leaves, variables)
    leaf: torch.Tensor = variables[name]
    body = compile(program.body, "body.py", "exec")

    def loss(element: int, by: float) -> float:
        kept = leaf.detach().clone()
        with torch.no_grad():
            leaf.view(-1)[element] += by
            exec(body, variables)
            leaf.copy_(kept)
        return float(variables["loss"].item())

    slopes = [(loss(i, STEP) - loss(i, -STEP)) / (2 * STEP) for i in range(leaf.numel())]
    return torch.tensor(slopes, dtype=torch.float64).reshape(leaf.shape)


def test_the_oracle_can_tell_programs_apart() -> None:
    """Were it blind, everything above would pass."""
    assert not same_bits(torch.tensor(0.0), torch.tensor(-0.0))
    assert not same_bits(torch.tensor([1.0]), torch.tensor([1.0], dtype=torch.float64))
    source = "import torch\nw = torch.ones(2, requires_grad=True)\nloss = (w * 2).sum()\n{}"
    recorded = record(source.format("loss.backward()")).snapshot
    backward = recorded.iterations[0].backward[0]
    wrong = backward.model_copy(update={"contributions": dict(list(backward.contributions.items())[1:])})
    iteration = recorded.iterations[0].model_copy(update={"backward": [wrong]})
    assert list(unbalanced(recorded)) == []
    assert list(unbalanced(recorded.model_copy(update={"iterations": [iteration]}))) != []
    with pytest.raises(AssertionError):
        check_leaves_no_trace(source.format("loss.backward()\nw.grad += torch._C._len_torch_function_stack()"))
