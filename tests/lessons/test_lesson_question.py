"""A question is read from its heading and what stands under it."""

import pytest

from gradwalk.lessons.lesson_question import Choice, Number, Question, read_question
from gradwalk.lessons.passage import Passage


def read(under: str, asked: str = "How *many*?") -> Question:
    return read_question(asked, Passage("small.md", 8, tuple(under.splitlines())))


def test_choices_have_their_replies() -> None:
    question = read("- [x] `w` | It is\n  so.\n- [ ] `a` * b | Look again.\n")
    assert question.html == "<p>How <em>many</em>?</p>"
    assert question.answer == (
        Choice("<code>w</code>", True, "It is so."),
        Choice("<code>a</code> * b", False, "Look again."),
    )


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [("20", 20, 0.2), ("-0.0898", -0.0898, 0.005), ("−0.0898", -0.0898, 0.005), ("1e3", 1000, 10), ("0", 0, 0.005)],
)
def test_a_number_has_its_tolerance(text: str, value: float, tolerance: float) -> None:
    answer = read(f"= {text} | Because.\n").answer
    assert isinstance(answer, Number)
    assert (answer.value, answer.reply) == (value, "Because.")
    assert answer.tolerance == pytest.approx(tolerance)


def test_words_may_stand_before_the_answers() -> None:
    question = read("\nMore words.\n\n- a list\n- of facts\n\nAnd:\n\n= 2 | So.\n", "Q?")
    assert question.html.startswith("<p>Q?</p><p>More words.</p>")
    assert "<li>a list</li>" in question.html
    assert question.answer == Number(2, 0.02, "So.")


@pytest.mark.parametrize(
    ("under", "told"),
    [
        ("", "line 7.*a list of choices"),
        ("Words alone.\n", "line 7.*a list of choices"),
        ("- [x] a | b\n", "line 8.*two choices or more"),
        ("- [x] a | b\n- [x] c | d\n", "line 8.*one of them right, here 2 and 2"),
        ("- [ ] a | b\n- [ ] c | d\n", "line 8.*here 2 and 0"),
        ("- [x] a | b\n- [ ] c\n", "line 9.*- .x. answer . reply"),
        ("- [x] a | b\n- [ ] c | d\n\nMore.\n", "line 11.*put it before"),
        ("= twenty | b\n", "line 8.*= 20"),
        ("= nan | b\n", "line 8.*= 20"),
        ("= 20\n", "line 8.*= 20"),
        ("= 0.001 | b\n", "line 8.*0 would be right too"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(under: str, told: str) -> None:
    with pytest.raises(ValueError, match=rf"small\.md, {told}"):
        read(under)
