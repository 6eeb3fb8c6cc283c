"""Every question about every lesson and every program of tests/cases, checked by what must hold for all of them.

The expected answer is what the snapshot says, read here anew; the wrong choices are wrong; the reason is one of the
operation's kind and holds the number that is asked for; every name points at one node.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from gradwalk.contract.snapshot import BackwardPass, Tensor
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import Array, array_of
from gradwalk.operations.registry import operation_of
from gradwalk.questions import RULES, Question, Verdict, check, choose
from gradwalk.questions.question_words import number
from tests.questions.asking import is_first, iteration_of, lesson, raises, recorded
from tests.tiers import rest_at_night

CASES = sorted(Path("tests/cases").glob("*.py"))
LESSONS = sorted(Path("app/gradwalk/lessons/programs").glob("*.py"))
PROGRAMS = [*CASES, *LESSONS]
ON_PUSH = {*CASES[::8], *(path for path in LESSONS if path.stem in ("convolution", "embedding", "norms", "xor"))}
SEEDS = (0, 1)


def numbers(tensor: Tensor | None) -> Array:
    """All numbers of a tensor, in its shape."""
    found = array_of(tensor, {})
    assert found is not None
    return found


def backward_of(iteration: IndexedIteration, verdict: Verdict) -> BackwardPass:
    assert verdict.backward_pass is not None
    return iteration.body.backward[verdict.backward_pass]


def gradient(iteration: IndexedIteration, verdict: Verdict, node: str) -> Tensor | None:
    found = backward_of(iteration, verdict).gradients.get(node, [])
    return found[0] if found else None


def contribution(iteration: IndexedIteration, verdict: Verdict) -> Tensor:
    assert verdict.edge is not None
    return backward_of(iteration, verdict).contributions[verdict.edge]


def length(tensor: Tensor | None) -> float:
    assert tensor is not None
    if tensor.stats is not None:
        return tensor.stats.norm or 0.0
    return float(np.linalg.norm(numbers(tensor)))


def is_zero(tensor: Tensor | None) -> bool:
    assert tensor is not None
    return tensor.stats.zeros == np.prod(tensor.shape) if tensor.stats is not None else not numbers(tensor).any()


def written(tensor: Tensor) -> str:
    return ",".join(map(str, tensor.shape)) or "scalar"


def right_number(iteration: IndexedIteration, question: Question, verdict: Verdict) -> float:
    """What the snapshot says about a question for a number."""
    place, step = tuple(verdict.element or ()), iteration.body.steps[question.step]
    if question.kind == "value":
        return float(numbers(iteration.body.values[verdict.node][0])[place])
    if question.kind == "contribution":
        return float(numbers(contribution(iteration, verdict))[place])
    if question.kind == "sum":
        return float(numbers(gradient(iteration, verdict, verdict.node))[place])
    if question.kind == "accumulated":
        assert step.kind == "accumulate"
        return float(numbers(backward_of(iteration, verdict).accumulated[step.node])[place])
    assert (question.kind, step.kind) == ("new-number", "update")
    updates = [one for one in iteration.body.steps if one.kind == "update"]
    return float(numbers(iteration.body.updates[updates.index(step)].after)[place])


def right_choices(iteration: IndexedIteration, question: Question, verdict: Verdict) -> set[str]:
    """The same of a question with choices."""
    offered, place = [choice.value for choice in question.choices], tuple(verdict.element or ())
    backward = None if verdict.backward_pass is None else backward_of(iteration, verdict)
    match question.kind:
        case "value-shape":
            return {written(iteration.body.values[verdict.node][0])}
        case "gradient-shape":
            return {written(contribution(iteration, verdict))}
        case "no-gradient":
            return {node for node in offered if gradient(iteration, verdict, node) is None}
        case "meeting":
            assert backward is not None
            graph = [flow.edge for into in iteration.graph.into.values() for flow in into]
            back = [edge.source for edge in graph if edge.id in backward.contributions]
            return {node for node in offered if back.count(node) > 1}
        case "zero-gradients":
            return {node for node in offered if is_zero(gradient(iteration, verdict, node))}
        case "zero-elements":
            back_here = numbers(contribution(iteration, verdict))
            return {value for value in offered if back_here[tuple(map(int, value.split(",")))] == 0}
        case "largest":
            return {max(offered, key=lambda node: length(gradient(iteration, verdict, node)))}
        case "sign":
            found = float(numbers(contribution(iteration, verdict))[place])
            return {"positive" if found > 0 else "negative" if found < 0 else "zero"}
        case "contribution-choice":
            found = float(numbers(contribution(iteration, verdict))[place])
            read = {value: float(value.replace("−", "-")) for value in offered}
            return {min(offered, key=lambda value: abs(read[value] - found))}
        case "direction":
            updates = [one.index for one in iteration.body.steps if one.kind == "update"]
            update = iteration.body.updates[updates.index(question.step)]
            return {"grow" if numbers(update.after)[place] > numbers(update.before)[place] else "fall"}
    raise AssertionError(f"a kind that is not checked here: {question.kind}")


def look(iteration: IndexedIteration, question: Question) -> None:
    """One question with its answers, right and wrong."""
    assert "expected" not in json.dumps(question.model_dump())
    assert "__" not in question.text
    if question.form == "number":
        verdict = check(iteration, question.id, 0.0, raises)
        assert isinstance(verdict.expected, float)
        assert verdict.tolerance is not None
        assert verdict.expected == right_number(iteration, question, verdict), question
        assert check(iteration, question.id, verdict.expected, raises).right
        assert check(iteration, question.id, f"{verdict.expected:.8g}".replace(".", ","), raises).right
        assert not check(iteration, question.id, verdict.expected + 2.1 * verdict.tolerance, raises).right
        assert number(verdict.expected) in words(verdict.why), (question, verdict)
        look_at_the_numbers(iteration, question, verdict)
        return
    assert len({choice.value for choice in question.choices}) == len({choice.text for choice in question.choices})
    assert len(question.choices) >= 2
    verdict = check(iteration, question.id, [question.choices[0].value], raises)
    assert isinstance(verdict.expected, list)
    assert set(verdict.expected) == right_choices(iteration, question, verdict), (question, verdict)
    assert check(iteration, question.id, verdict.expected, raises).right
    wrong = [choice.value for choice in question.choices if choice.value not in verdict.expected]
    assert wrong, "a question whose choices are all right"
    replies = [check(iteration, question.id, [value], raises) for value in wrong]
    assert not any(reply.right for reply in replies)
    explained = check(iteration, question.id, verdict.expected, raises).why
    assert all(reply.why.endswith(explained) for reply in replies)
    look_at_the_reply(iteration, question, verdict, explained)
    look_at_the_numbers(iteration, question, verdict)


def words(sentence: str) -> set[str]:
    """The words and numbers of a text, without the marks around them."""
    return {word.strip(".,:;()") for word in sentence.split()}


def look_at_the_reply(iteration: IndexedIteration, question: Question, verdict: Verdict, why: str) -> None:
    """The reply says what the right choice says, and its reason is one of the operation's kind."""
    right = [choice for choice in question.choices if choice.value in (verdict.expected or ())]  # type: ignore[operator]
    match question.kind:
        case "value-shape" | "gradient-shape":
            (shape,) = (choice.text.removesuffix(", a vector") for choice in right)
            assert shape in why
            assert set(map(str, iteration.body.values[verdict.node][0].shape)) <= set(re.findall(r"\d+", why))
            assert_reason_of_kind(iteration, question, verdict, why)
        case "sign" | "contribution-choice":
            found = float(numbers(contribution(iteration, verdict))[tuple(verdict.element or ())])
            assert number(found) in words(why), (question, why)
        case "direction":
            update = iteration.body.updates[
                [one.index for one in iteration.body.steps if one.kind == "update"].index(question.step)
            ]
            place = tuple(verdict.element or ())
            assert number(float(numbers(update.gradient)[place])) in words(why)
            assert number(float(numbers(update.before)[place])) in words(why)
        case "zero-gradients" | "zero-elements":
            assert "0" in words(why)
        case "meeting":
            assert re.search(r"\d contributions come back", why)
        case "largest":
            assert all(choice.text in why for choice in question.choices)
        case _:
            assert question.kind == "no-gradient"
            assert all(choice.text in why or "more" in why for choice in right)


def assert_reason_of_kind(iteration: IndexedIteration, question: Question, verdict: Verdict, why: str) -> None:
    """The reason for a shape speaks of what an operation of this kind does, and of nothing else."""
    forwards = question.kind == "value-shape"
    node = iteration.graph.nodes[verdict.node] if forwards else iteration.graph.flows[verdict.edge or ""].target
    operation = operation_of(node.op)
    kind = operation.kind if operation else "other"
    said = {
        "elementwise": "Broadcasting",
        "reduction": "makes one number" if forwards else "went into the reduction",
        "product": "meet|kernel|one row for each" if forwards else "other factor|bias is added",
        "structural": "same|swaps|puts|copies|lays" if forwards else "only copied",
        "writes_constants": "only copied",
        "other": "One number for each window|divides each dimension" if forwards else "gradient of its own",
    }
    assert re.search(said[kind], why), (node.op, why)
    others = {name: text for name, text in said.items() if name != kind and text != said[kind]}
    if kind in ("elementwise", "reduction", "product"):
        assert not re.search(others["structural"], why), (node.op, why)


def look_at_the_numbers(iteration: IndexedIteration, question: Question, verdict: Verdict) -> None:
    """No gradient that is asked about is rounding noise, and no product is one of 1 and 1."""
    if question.kind in ("sign", "contribution", "contribution-choice"):
        assert "1 × 1 = 1" not in verdict.why
        found = float(numbers(contribution(iteration, verdict))[tuple(verdict.element or ())])
        all_of_pass = backward_of(iteration, verdict).contributions.values()
        real = [one for one in all_of_pass if not one.dtype.startswith("complex")]
        largest = max(length(one) for one in real)
        assert found == 0 or abs(found) >= 1e-6 * largest, question
    if question.kind == "value":
        assert "1 × 1 = 1" not in verdict.why
    assert "−0 " not in f"{question.text} {verdict.why} "


@pytest.mark.parametrize("source", rest_at_night(PROGRAMS, ON_PUSH), ids=lambda path: str(path.stem))
def test_what_is_expected_is_what_was_recorded(source: Path) -> None:
    snapshot = recorded(source.read_text("utf-8"))
    for index in range(min(3, len(snapshot.iterations))):
        iteration, first = iteration_of(snapshot, index), is_first(snapshot, index)
        for seed in SEEDS:
            questions = choose(iteration, seed, raises, first=first)
            assert questions == choose(iteration_of(snapshot, index), seed, raises, first=first)
            assert [question.step for question in questions] == sorted(question.step for question in questions)
            assert len({question.text for question in questions}) == len(questions)
            assert len(questions) <= (7 if first else 3)
            for question in questions:
                look(iteration, question)


@pytest.mark.parametrize("slug", ["neuron", "fan-out", "module", "tensor-product", "training-loop"])
def test_the_lessons_have_questions(slug: str) -> None:
    iteration = iteration_of(recorded(lesson(slug)))
    for seed in range(5):
        questions = choose(iteration, seed, raises)
        assert len(questions) >= (3 if slug == "tensor-product" else 5)
        for question in questions:
            look(iteration, question)


@pytest.mark.parametrize("source", rest_at_night(PROGRAMS, ON_PUSH), ids=lambda path: str(path.stem))
def test_every_name_points_at_one_node(source: Path) -> None:
    for graph in recorded(source.read_text("utf-8")).graphs:
        names = list(IndexedGraph(graph).names.values())
        assert len(names) == len(graph.nodes)
        assert len(names) == len(set(names))


def test_every_kind_is_asked() -> None:
    wanted = {rule.code for rule in RULES}
    kinds: set[str] = set()
    for source in CASES:
        snapshot = recorded(source.read_text("utf-8"))
        for index in range(min(3, len(snapshot.iterations))):
            iteration, first = iteration_of(snapshot, index), is_first(snapshot, index)
            kinds |= {q.kind for seed in SEEDS for q in choose(iteration, seed, raises, first=first)}
        if kinds == wanted:
            break
    assert kinds == wanted
