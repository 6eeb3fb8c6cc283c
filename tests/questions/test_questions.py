"""What is asked of which program, and what is said about the answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradwalk.errors import AnswerNotAChoice, AnswerNotANumber, QuestionNotFound
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions import Question, check, choose
from gradwalk.questions.answer_check import Given
from gradwalk.questions.question_choice import RULES
from gradwalk.questions.question_rule import Asked, Spot
from gradwalk.questions.question_words import number
from tests.questions.asking import any_of, asked_about, expected, iteration_of, judged, lesson, recorded

PRIMES = """import torch
a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(5.0, requires_grad=True)
c = torch.tensor(0.7, requires_grad=True)
d = a * b
e = d * c
loss = e * 1.1
loss.backward()
"""


def test_the_neuron_is_asked_about_along_its_way() -> None:
    source = lesson("neuron")
    questions = asked_about(source, seed=1)
    assert 5 <= len(questions) <= 7
    assert len({question.kind for question in questions}) >= 4
    weight = judged(source, "contribution.0.12.e1-0", -0.09)
    assert weight.right
    assert weight.expected == pytest.approx(-0.0898, abs=1e-4)
    assert "−0.0817 × 1.1 = −0.0898" in weight.why
    assert (weight.edge, weight.node, weight.backward_pass, weight.element) == ("e1", "n2", 0, [0])


def test_two_ways_meet_in_the_fan_out() -> None:
    source = lesson("fan-out")
    meeting = any_of("meeting", source)
    assert [choice.text for choice in meeting.choices] == ["x", "left", "right"]
    assert judged(source, meeting.id, ["n0"]).right
    assert not judged(source, meeting.id, ["n0", "n1"]).right
    total = any_of("sum", source)
    assert expected(source, total).expected == 20.0
    assert "6 + 14 = 20" in expected(source, total).why
    assert "20" not in total.text
    assert "14" not in total.text


def test_broadcasting_in_shapes() -> None:
    source = "import torch\nx = torch.ones(4, 3)\nb = torch.zeros(3, requires_grad=True)\n(x + b).sum().backward()\n"
    back = next(q for s in range(9) for q in asked_about(source, s) if q.kind == "gradient-shape" and "to b" in q.text)
    assert expected(source, back).expected == ["3"]
    assert "Broadcasting" in expected(source, back).why


def test_a_dead_relu_lets_nothing_through() -> None:
    source = Path("tests/findings/cases/dead-relu/shows_one_neuron.py").read_text("utf-8")
    zeros = any_of("zero-gradients", source)
    names = {choice.text: choice.value for choice in zeros.choices}
    verdict = expected(source, zeros)
    assert {names["w"], names["b"]} <= set(verdict.expected if isinstance(verdict.expected, list) else [])
    assert "relu in line 6 lets nothing through" in verdict.why


def test_a_mask_is_asked_for_its_zeros() -> None:
    source = "import torch\nx = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)\n(x.relu() * 2).sum().backward()\n"
    question = any_of("zero-elements", source)
    assert [choice.value for choice in question.choices] == ["0", "1", "2"]
    assert expected(source, question).expected == ["1"]


def test_what_is_detached_gets_none() -> None:
    source = """import torch
w = torch.tensor(2.0, requires_grad=True)
v = torch.tensor(3.0, requires_grad=True)
loss = w * (v * 2).detach()
loss.backward()
"""
    question = any_of("no-gradient", source)
    assert {choice.text for choice in question.choices} == {"w", "v"}
    verdict = expected(source, question)
    assert [choice.text for choice in question.choices if choice.value in (verdict.expected or [])] == ["v"]  # type: ignore[operator]
    assert "No gradient reaches v: detach in line 4 cuts the way back from the loss." in verdict.why


def test_without_any_gradient_there_is_still_the_way_forwards() -> None:
    source = "import torch\na = torch.tensor(2.0)\nb = a * 3\nc = b + 1\n"
    assert {question.kind for question in asked_about(source)} == {"value"}
    assert {question.kind for question in asked_about(lesson("tensor-product"))} == {"value", "value-shape"}


def test_a_program_that_failed_is_asked_about_as_far_as_it_came() -> None:
    source = "import torch\na = torch.tensor([2.0, 1.0])\nb = a * 3\nc = b @ torch.ones(5)\n"
    snapshot = recorded(source)
    assert snapshot.outcome.status == "failed"
    questions = asked_about(source)
    assert [question.kind for question in questions] == ["value"]


def test_two_passes_that_add_up() -> None:
    source = "import torch\nw = torch.tensor(2.0, requires_grad=True)\nfor k in range(2):\n    (w * 3).backward()\n"
    question = any_of("accumulated", source, index=1)
    verdict = judged(source, question.id, 6, index=1)
    assert verdict.right
    assert "3 + 3 = 6" in verdict.why


def test_a_later_iteration_of_the_same_graph_is_asked_less() -> None:
    source = lesson("training-loop")
    later = asked_about(source, index=4)
    assert 1 <= len(later) <= 3
    assert {question.kind for question in later}.isdisjoint({rule.code for rule in RULES if rule.once})


def test_an_update_of_plain_sgd() -> None:
    source = """import torch
w = torch.tensor(2.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
(w * 3).backward()
optimizer.step()
"""
    question = any_of("new-number", source)
    assert "1.7" not in question.text
    verdict = judged(source, question.id, 1.7)
    assert verdict.right
    assert "2 − 0.1 × 3 = 1.7" in verdict.why
    # the old number is no answer, though it is near
    assert not judged(source, question.id, 2.0).right
    assert judged(source, any_of("direction", source).id, "fall").right


def test_nothing_gives_an_answer_away_beforehand() -> None:
    """All numbers of this program differ: no question, and no reply to one before it, holds one that is to come."""
    for seed in range(20):
        told = ""
        for question in asked_about(PRIMES, seed):
            told += f" {question.text} {question.precision}"
            verdict = expected(PRIMES, question)
            if isinstance(verdict.expected, float):
                assert number(verdict.expected) not in set(told.split()) - seen_before(question), (question, told)
            told += f" {verdict.why}".replace(". ", " ").replace(", ", " ")


def seen_before(question: Question) -> set[str]:
    """The numbers that stand on the stage before a question."""
    iteration = iteration_of(recorded(PRIMES))
    shown = [step for step in iteration.body.steps[: question.step] if step.kind in ("leaf", "operation")]
    values = [iteration.body.values[step.node][0].data for step in shown]
    return {number(float(data[0])) for data in values if data and isinstance(data[0], float)}


def test_wrong_choices_are_the_usual_mistakes() -> None:
    question = any_of("contribution-choice", lesson("neuron"))
    texts = {choice.text for choice in question.choices}
    # the right one, its sign turned round, the upstream gradient alone, the local derivative alone
    assert texts == {"−0.0817", "0.0817", "−1.089", "0.075"}


def test_seeds_differ_and_each_is_always_the_same() -> None:
    source = lesson("module")
    lists = [[question.id for question in asked_about(source, seed)] for seed in range(6)]
    assert len({tuple(ids) for ids in lists}) > 3
    command = (
        "from tests.questions.asking import asked_about, lesson\n"
        "print(*(question.id for question in asked_about(lesson('module'), 3)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    ran = subprocess.run([sys.executable, "-c", command], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == lists[3]


@pytest.mark.parametrize("answer", ["1,32", "−5", " 1.5e0 ", 2, 3.5])
def test_numbers_as_people_write_them(answer: Given) -> None:
    source = lesson("fan-out")
    assert judged(source, "value.0.3.n3-0", answer).right is False
    assert judged(source, "value.0.3.n3-0", "42,0").right


@pytest.mark.parametrize("answer", ["", "many", "nan", float("inf"), "1e999", ["42"], "4 2", "--1"])
def test_what_is_no_number(answer: Given) -> None:
    with pytest.raises(AnswerNotANumber, match="number"):
        judged(lesson("fan-out"), "value.0.3.n3-0", answer)


@pytest.mark.parametrize("answer", [42.0, "n9", [], ["n0", "left"], "x" * 200])
def test_what_is_no_choice(answer: Given) -> None:
    with pytest.raises(AnswerNotAChoice, match="choices"):
        judged(lesson("fan-out"), "meeting.0.4.p0", answer)


def test_one_choice_is_not_two() -> None:
    with pytest.raises(AnswerNotAChoice, match="Only one"):
        judged(lesson("fan-out"), "sign.0.4.e2-0", ["positive", "zero"])


@pytest.mark.parametrize(
    "question",
    [
        "",
        "x",
        "sign.0.4",
        "sign.0.4.e9-0",
        "nothing.0.4.e2-0",
        "sign.0.99.e2-0",
        "meeting.0.4.p7",
        "sign.0.4.e2-99",
        "sign.00.4.e2-0",
    ],
)
def test_a_question_that_does_not_exist(question: str) -> None:
    with pytest.raises(QuestionNotFound, match="no question"):
        judged(lesson("fan-out"), question, 1.0)


def test_a_rule_that_fails_is_told_and_the_others_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        raise ZeroDivisionError

    failed: list[str] = []
    rule = next(rule for rule in RULES if rule.code == "sign")
    monkeypatch.setattr(type(rule), "ask", broken)
    iteration = iteration_of(recorded(lesson("fan-out")))
    questions = choose(iteration, 0, lambda rule, error: failed.append(rule.code))
    assert len([question for question in questions if question.kind != "sign"]) >= 3
    assert set(failed) == {"sign"}
    with pytest.raises(QuestionNotFound):
        check(iteration, "sign.0.4.e2-0", "positive", lambda rule, error: failed.append(rule.code))
