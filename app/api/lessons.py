"""Lessons: programs with a text beside them."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.models import LessonList, LessonPage, LessonSummary
from app.api.problems import documented
from app.api.services import Parts

router = APIRouter(prefix="/lessons", tags=["lessons"])

Slug = Annotated[str, Path(description="The lesson's name in addresses.", examples=["neuron"])]


@router.get("", summary="All lessons")
async def list_lessons(parts: Parts) -> LessonList:
    """In the order in which they are taught."""
    lessons = parts.lessons.all()
    return LessonList(lessons=[LessonSummary(slug=x.slug, title=x.title, summary=x.summary) for x in lessons])


@router.get("/{slug}", summary="One lesson", responses=documented(404, 422))
async def read_lesson(slug: Slug, parts: Parts) -> LessonPage:
    """Its text, its program, and the snapshot of the program's run."""
    lesson = parts.lessons.get(slug)
    return LessonPage(
        slug=lesson.slug,
        title=lesson.title,
        summary=lesson.summary,
        text=lesson.text,
        html=lesson.html,
        source=lesson.source,
        snapshot=parts.lesson_runs.snapshot(slug),
    )
