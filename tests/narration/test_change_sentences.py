"""What is said of a gradient that the program changes between backward and step."""

import pytest

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.narration.narrator import told
from tests.recorder.test_gradient_changes import recorded


def sentence(change: str) -> str:
    """The sentence of the first change."""
    snapshot = recorded(change)
    body = snapshot.iterations[0]
    step = next(step.index for step in body.steps if step.kind == "change")
    sentences = told(IndexedIteration.of(snapshot.graphs[body.graph], body)).sentences
    return "".join(part.text for part in sentences[step].parts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "clip_grad_norm_([w, b], 1.5)",
            "The call of clip_grad_norm_ shortens w.grad: the norm of all gradients is 10.2, and 1.5 is allowed; "
            "w.grad[1] becomes −8 × 0.1471 = −1.177.",
        ),
        ("clip_grad_norm_([w, b], 100)", "as it is: the norm of all gradients is 10.2, and 100 is allowed."),
        (
            "clip_grad_value_([w, b], 2.5)",
            "keeps every number of w.grad between −2.5 and 2.5: w.grad[1] goes from −8 to",
        ),
        ("w.grad.mul_(0.5)", "The program changes w.grad: w.grad[1] goes from −8 to −4."),
    ],
)
def test_it_is_told_with_the_number_before_and_after(change: str, words: str) -> None:
    assert words in sentence(change)
