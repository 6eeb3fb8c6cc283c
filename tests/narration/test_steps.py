"""What the sentences of single steps say, of programs of a few lines."""

import pytest

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.narration.narrator import told
from gradwalk.narration.numbers import article
from gradwalk.narration.plain_math import plain
from tests.explain.pages import recorded


def sentences(program: str, turn: int = 0) -> list[str]:
    """Return the sentences of one iteration of a program."""
    snapshot = recorded("import torch\nimport torch.nn.functional as F\n" + program)
    body = snapshot.iterations[turn]
    return [one.text for one in told(IndexedIteration.of(snapshot.graphs[body.graph], body)).sentences]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("y = 2 * w", "y is twice w: 3 · 2 = 6."),
        ("y = w - 1", "y is w minus 1: 3 − 1 = 2."),
        ("y = 6 / w", "y is 6 divided by w: 6/3 = 2."),
        ("y = (w - 1) ** 2", "y is (w − 1) squared: 2² = 4."),
        ("y = w * torch.tensor([1.0, 2.0])[1]", "y is w times"),
        ("y = torch.relu(-w)", "What goes in is not positive, so 0 comes out."),
        ("y = (w * torch.tensor([1.0, -2.0])).sum()", "y is the sum of all 2 numbers of"),
    ],
)
def test_an_operation_says_what_it_computes_with_its_constants(line: str, sentence: str) -> None:
    found = sentences(f"w = torch.tensor(3.0, requires_grad=True)\n{line}\ny.backward()")
    assert any(sentence in one for one in found), found


def test_a_gradient_that_ends_is_told() -> None:
    found = sentences("w = torch.tensor(-1.0, requires_grad=True)\ntorch.relu(w).backward()")
    assert any("No gradient flows on to w: it is exactly 0." in one for one in found)


def test_gradients_that_meet_are_added_up() -> None:
    found = sentences("w = torch.tensor(3.0, requires_grad=True)\ny = w * w + 2 * w\ny.backward()")
    assert any(one.startswith("Three gradients meet at w: ") and one.split(". ")[0].endswith("= 8") for one in found)


def test_the_first_number_that_is_not_finite_is_told() -> None:
    found = sentences("w = torch.tensor([0.0, 2.0], requires_grad=True)\ntorch.log(w).sum().backward()")
    assert [one.endswith("The first −∞ of this iteration begins here.") for one in found].count(True) == 1


def test_an_old_gradient_is_told_with_all_three_numbers() -> None:
    program = "w = torch.tensor(3.0, requires_grad=True)\nfor turn in range(2):\n    y = w * w\n    y.backward()"
    found = sentences(program, 1)
    assert any("The old w.grad was still there: 6 still there + 6 new = 12." in one for one in found)


@pytest.mark.parametrize(
    ("optimizer", "sentence"),
    [
        ("SGD([w], lr=0.1)", "SGD changes w from 3 to 2.4: 3 − 0.1 · 6 = 2.4."),
        ("SGD([w], lr=1e-6)", "SGD changes w, 3, by only −5.96e−6: 3 − 1e−6 · 6."),
        ("Adam([w], lr=0.1)", "It remembers m = 0.6 and s = 0.036."),
    ],
)
def test_an_update_is_worked_out(optimizer: str, sentence: str) -> None:
    program = (
        f"w = torch.tensor(3.0, requires_grad=True)\nopt = torch.optim.{optimizer}\n(w * w).backward()\nopt.step()"
    )
    found = sentences(program)
    assert sentence in found[-1]


def test_a_large_tensor_is_told_by_its_range_and_norm() -> None:
    program = "x = torch.ones(40, 40, requires_grad=True)\ny = x * 2\ny.sum().backward()"
    found = sentences(program)
    assert "y, a 40×40 matrix, is twice x, its numbers between 2 and 2." in found
    assert found[-1].startswith("x.grad is now a 40×40 matrix with norm 80")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{1}{4} \cdot ((-1.2 - \left(-1\right))^{2} + 3)", "1/4 · ((−1.2 − (−1))² + 3)"),
        (r"\max(0, \left(-1.5\right))", "max(0, −1.5)"),
        (r"2 + \underbrace{-0.5}_{\text{7 more}}", "2 − 0.5 (7 more)"),
        (r"1 \cdot 10^{-5}", "1e−5"),
        (r"\frac{a}{\sqrt{b + 1}}", "a / √(b + 1)"),
        (r"\begin{cases} 1 \end{cases}", None),
        (r"\frac{1}{", None),
    ],
)
def test_a_formula_in_one_line(latex: str, text: str | None) -> None:
    assert plain(latex) == text


@pytest.mark.parametrize(
    "words", ["an 8×3 matrix", "an 11×2 matrix", "a 4×5 matrix", "a 110×2 matrix", "an 80×2 matrix"]
)
def test_articles(words: str) -> None:
    assert article(words.split(" ", 1)[1]) == words
