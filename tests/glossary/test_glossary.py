"""The glossary: enough words, each with a definition that a reader can follow to its end."""

import re
from pathlib import Path

import pytest

from gradwalk.glossary import Glossary, Word
from gradwalk.lessons import Lessons
from tests.glossary.page import page

WORDS = Glossary.built_in().all()
MARKDOWN = re.compile(r"[*_]{2}|\[[^\]]*\]\(|<[a-z]+>")


def words_of(text: str) -> set[str]:
    """The words of a text in small letters, without code."""
    return set(re.findall(r"[a-z]+(?:-[a-z]+)*", re.sub(r"`[^`]*`", "", text).lower()))


PLAIN = words_of(
    """
agree applied approximately attentions averages ball being complex copying costs directions downhill
during dx dy easily elements estimate f field floating found fro heavy held hyperbolic inner judges
label lacks longest max mostly object outer overflow piece positions range recent records reverse
rolls sentences shifts sizes slides smallest stored switch tangent therefore undiminished unit
vanish window
"""
)
"""Plain words of definitions that no lesson happens to use. No technical word belongs here: a lesson teaches it."""


def test_there_are_enough_words() -> None:
    assert len(WORDS) >= 60
    named = {word.name for word in WORDS}
    assert named >= {
        "gradient", "leaf", "loss", "learning rate", "backward pass", "chain rule", "batch", "epoch", "logit",
        "softmax", "embedding", "attention", "vanishing gradient", "dead ReLU", "momentum", "weight decay", "detach",
        "saved tensor", "broadcasting",
    }  # fmt: skip


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.id)
def test_a_definition_is_one_to_three_plain_sentences(word: Word) -> None:
    plain = re.sub(r"`[^`]*`", "code", word.definition)
    sentences = re.findall(r"[.:](?=\s+[A-Z]|$)", plain)
    assert 1 <= len(sentences) <= 3, word.definition
    assert word.definition.endswith(".")
    assert len(word.definition) <= 320
    assert not MARKDOWN.search(word.definition)
    assert word.definition.count("`") % 2 == 0


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.id)
def test_a_word_is_tied_to_a_stop_and_to_other_words(word: Word) -> None:
    lesson = Lessons.built_in().get(word.lesson)
    assert 1 <= word.stop <= len(lesson.stops)
    assert word.related
    assert lesson.stops[word.stop - 1].place is not None


def test_every_part_of_the_course_has_words() -> None:
    parts = {lesson.slug: part for part, lesson in Lessons.built_in().by_part()}
    assert {parts[word.lesson] for word in WORDS} == set(parts.values())


def test_every_word_can_be_reached_from_another_one() -> None:
    pointed_at = {name for word in WORDS for name in word.related}
    assert {word.name for word in WORDS} == pointed_at


def test_definitions_use_the_words_of_the_course() -> None:
    taught = set(PLAIN)
    for lesson in Lessons.built_in().all():
        taught |= words_of(f"{lesson.title} {lesson.summary} {lesson.text}")
    for word in WORDS:
        taught |= words_of(" ".join((word.name, *word.forms)))
    assert {word.name: left for word in WORDS if (left := words_of(word.definition) - taught)} == {}


def test_no_word_is_explained_by_itself() -> None:
    for word in WORDS:
        said = re.sub(r"`[^`]*`", "", word.definition).lower()
        assert not said.startswith((f"a {word.name.lower()} is a {word.name.lower()}", f"{word.name.lower()} is"))


FILE = """About the file.

## one
forms: ones
seen: neuron / The loss
related: two

The first.

## two
seen: neuron / The loss
related: one

The second.
"""


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("seen: neuron / The loss\nrelated: two", "seen: neuron / The lost\nrelated: two", "no stop The lost"),
        ("seen: neuron / The loss\nrelated: two", "seen: neurone / The loss\nrelated: two", "is no place"),
        ("related: one", "related: three", '"three" is no other word'),
        ("related: one", "related: two", '"two" is no other word'),
        ("forms: ones", "forms: two", '"two" is there already'),
        ("forms: ones", "kind: ones", "under a word stand"),
        ("\nThe second.\n", "", "a definition after an empty line"),
        ("related: one\n", "", "a word needs related"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, was: str, becomes: str, fault: str) -> None:
    assert was in FILE
    file = tmp_path / "words.md"
    file.write_text(FILE.replace(was, becomes), "utf-8")
    with pytest.raises(ValueError, match=rf"words\.md, line \d+: .*{fault}"):
        Glossary.load(file, Lessons.built_in())


def test_the_page_is_current() -> None:
    written = Path("docs/glossary.md").read_text("utf-8")
    assert written == page(), "run: python -m tests.glossary.page docs/glossary.md"
