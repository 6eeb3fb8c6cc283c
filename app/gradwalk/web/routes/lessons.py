"""Lessons: programs with a text beside them."""

from typing import Annotated

from fastapi import APIRouter, Path

from gradwalk.lessons import Number, Question, Spot, Stop
from gradwalk.web.bodies import LessonChoice, LessonList, LessonPage, LessonQuestion, LessonStop, LessonSummary
from gradwalk.web.http.problems import documented
from gradwalk.web.services.services import CurrentServices

router = APIRouter(prefix="/lessons", tags=["lessons"])

Slug = Annotated[str, Path(description="The lesson's name in addresses.", examples=["neuron"])]


@router.get("", summary="All lessons")
async def list_lessons(services: CurrentServices) -> LessonList:
    """In the order in which they are taught."""
    listed = services.lessons.by_part()
    return LessonList(
        lessons=[LessonSummary(slug=x.slug, title=x.title, summary=x.summary, part=part) for part, x in listed]
    )


@router.get("/{slug}", summary="One lesson", responses=documented(404, 422))
async def read_lesson(slug: Slug, services: CurrentServices) -> LessonPage:
    """Its text with its stops, its program, and the snapshot of the program's run."""
    lesson = services.lessons.get(slug)
    spots = services.lesson_runs.spots(slug) or [None] * len(lesson.stops)
    return LessonPage(
        slug=lesson.slug,
        title=lesson.title,
        summary=lesson.summary,
        text=lesson.text,
        html=lesson.html,
        opening=lesson.opening,
        stops=[_stop(stop, spot) for stop, spot in zip(lesson.stops, spots, strict=True)],
        source=lesson.source,
        snapshot=services.lesson_runs.snapshot(slug),
    )


def _stop(stop: Stop, spot: Spot | None) -> LessonStop:
    return LessonStop(
        title=stop.title,
        html=stop.html,
        iteration=spot.iteration if spot else None,
        step=spot.step if spot else None,
        node=spot.node if spot else None,
        questions=[_question(question) for question in stop.questions],
    )


def _question(question: Question) -> LessonQuestion:
    answer = question.answer
    if isinstance(answer, Number):
        return LessonQuestion(
            html=question.html, choices=None, number=answer.value, tolerance=answer.tolerance, reply=answer.reply
        )
    choices = [LessonChoice(html=one.html, right=one.right, reply=one.reply) for one in answer]
    return LessonQuestion(html=question.html, choices=choices, number=None, tolerance=None, reply=None)
