"""Every sentence is good English, tells a number of the run, and its sums are right."""

from typing import Final

import pytest

from tests.narration.grammar import faults, has_value, wrong_sums
from tests.narration.told_programs import names, steps_of
from tests.tiers import rest_at_night

ON_PUSH: Final = {
    *(f"lesson {slug}" for slug in ("neuron", "xor", "module", "norms", "convolution", "tiny-gpt", "llm-components")),
    *(
        f"case {name}"
        for name in ("adam_loop", "complex_numbers", "double_backward_of_custom", "clip_gradients", "gan")
    ),
    *(f"case {name}" for name in ("in_place", "losses", "operators", "several_outputs", "zero_grad_forgotten")),
}


@pytest.mark.parametrize("name", rest_at_night(names(), ON_PUSH))
def test_every_sentence_is_good_english_and_its_sums_are_right(name: str) -> None:
    for step in steps_of(name):
        assert (faults(step.sentence), list(wrong_sums(step.sentence))) == ([], []), step.sentence.text


@pytest.mark.parametrize("name", rest_at_night(names(), ON_PUSH))
def test_nearly_every_sentence_has_a_number_of_the_run(name: str) -> None:
    told = [has_value(step.sentence) for step in steps_of(name) if step.has_numbers]
    assert sum(told) >= 0.8 * len(told)


@pytest.mark.slow
def test_at_least_95_of_100_sentences_have_a_number() -> None:
    told = [has_value(step.sentence) for name in names() for step in steps_of(name) if step.has_numbers]
    print(f"{sum(told)} of {len(told)} sentences have a number of the run: {100 * sum(told) / len(told):.1f} %")
    assert sum(told) >= 0.95 * len(told)
