"""Lessons are read from their folder and shown safely."""

from pathlib import Path

import pytest

from gradwalk.errors import LessonNotFound
from gradwalk.lessons import Lesson, Lessons
from gradwalk.lessons.library import read_lesson


def test_they_come_in_the_order_in_which_they_are_taught() -> None:
    lessons = Lessons.built_in().all()
    assert [lesson.order for lesson in lessons] == sorted(lesson.order for lesson in lessons)
    tensors = [lesson.slug for lesson in lessons if lesson.slug.startswith("tensor-")]
    assert tensors == [f"tensor-{what}" for what in ("dimensions", "types", "shape", "reshape", "transpose", "product")]
    assert len({lesson.order for lesson in lessons}) == len(lessons)


def test_every_lesson_is_in_a_part_of_the_course() -> None:
    assert all(part for part, _ in Lessons.built_in().by_part())


def test_the_readme_says_how_many_there_are() -> None:
    assert f"**Lessons.** {len(Lessons.built_in().all())} of them" in Path("README.md").read_text("utf-8")


def test_a_newcomer_sees_the_neuron() -> None:
    assert Lessons.built_in().first().slug == "neuron"


def test_every_program_has_a_text_and_every_text_a_program() -> None:
    folder = Path("app/gradwalk/lessons")
    programs = {path.stem for path in (folder / "programs").glob("*.py")}
    texts = {path.stem for path in (folder / "texts").glob("*.md")}
    assert programs == texts


@pytest.mark.parametrize("lesson", Lessons.built_in().all(), ids=lambda lesson: lesson.slug)
def test_a_lesson_says_what_to_look_at_and_what_to_try(lesson: Lesson) -> None:
    assert "**→**" in lesson.text
    assert "## Try it" in lesson.text


def test_an_unknown_lesson_names_those_that_there_are() -> None:
    with pytest.raises(LessonNotFound, match="neuron"):
        Lessons.built_in().get("nothing")


def write_lesson(folder: Path, text: str) -> Path:
    (folder / "small.py").write_text("print(1)\n")
    path = folder / "small.md"
    path.write_text(text)
    return path


def test_a_text_is_rendered_and_its_markup_is_text(tmp_path: Path) -> None:
    head = "order: 1\ntitle: A\nsummary: B\n\n"
    path = write_lesson(tmp_path, head + "**bold** <script>alert(1)</script> [x](javascript:alert(1))\n")
    lesson = read_lesson(path, tmp_path)
    assert "<strong>bold</strong>" in lesson.html
    assert "<script" not in lesson.html
    assert "href" not in lesson.html


def test_a_text_is_rendered_without_its_places_and_questions(tmp_path: Path) -> None:
    head = "order: 1\ntitle: A\nsummary: B\n\n"
    walk = "Opening.\n\n## X & Y\nat: start\n\nSaid.\n\n### Question: Q?\n= 2 | R\n\n### Then\n\nMore.\n"
    lesson = read_lesson(write_lesson(tmp_path, head + walk), tmp_path)
    assert lesson.html == "<p>Opening.</p>\n<h2>X &amp; Y</h2>\n<p>Said.</p>\n<p>More.</p>"
    assert lesson.text.startswith("Opening.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("order: 1\ntitle: A\n\ntext\n", "line 2.*summary"),
        ("order: 1\ntitle A\nsummary: B\n\ntext\n", "line 2.*name: value"),
        ("order: 1\ntitle:\nsummary: B\n\ntext\n", "line 2.*name: value"),
        ("order: 1\ntitle: A\nsummary: B\nlevel: 3\n\ntext\n", "line 4.*name: value"),
        ("order: first\ntitle: A\nsummary: B\n\ntext\n", "line 1.*whole number"),
        ("", "line 1.*order"),
    ],
)
def test_a_head_that_lacks_something_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=rf"small\.md, {told}"):
        read_lesson(write_lesson(tmp_path, text), tmp_path)


def test_a_text_without_a_program_is_named(tmp_path: Path) -> None:
    path = write_lesson(tmp_path, "order: 1\ntitle: A\nsummary: B\n\ntext\n")
    with pytest.raises(ValueError, match=r"small\.md.*no program"):
        read_lesson(path, tmp_path / "elsewhere")


def write_course(folder: Path, *needs: str) -> Path:
    """Lessons l0, l1, ... in their order; each needs what is given for it."""
    for name in ("texts", "programs"):
        (folder / name).mkdir()
    for order, slugs in enumerate(needs):
        (folder / "programs" / f"l{order}.py").write_text("print(1)\n")
        line = f"needs: {slugs}\n" if slugs else ""
        (folder / "texts" / f"l{order}.md").write_text(f"order: {order}\ntitle: A\nsummary: B\n{line}\ntext\n")
    return folder


def test_a_lesson_names_what_it_builds_on(tmp_path: Path) -> None:
    lessons = Lessons.load(write_course(tmp_path, "", "l0", "l0, l1")).all()
    assert [lesson.needs for lesson in lessons] == [(), ("l0",), ("l0", "l1")]


@pytest.mark.parametrize("needs", ["l2", "l1", "nothing"])
def test_a_lesson_builds_only_on_earlier_ones(tmp_path: Path, needs: str) -> None:
    with pytest.raises(ValueError, match=rf"l1\.md.*needs {needs}, which no lesson before it is"):
        Lessons.load(write_course(tmp_path, "", needs, ""))


def test_only_the_beginnings_of_the_course_need_nothing() -> None:
    assert {lesson.slug for lesson in Lessons.built_in().all() if not lesson.needs} == {"tensor-dimensions", "neuron"}


def test_a_part_goes_on_until_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "programs").mkdir()
    for order, part in enumerate(["", "part: One\n", "", "part: Two\n"]):
        (tmp_path / "programs" / f"l{order}.py").write_text("print(1)\n")
        head = f"order: {order}\ntitle: A\nsummary: B\n{part}"
        (tmp_path / "texts" / f"l{order}.md").write_text(f"{head}\ntext\n")
    assert [part for part, _ in Lessons.load(tmp_path).by_part()] == ["", "One", "One", "Two"]
