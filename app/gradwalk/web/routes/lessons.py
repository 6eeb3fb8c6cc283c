"""The routes of the lessons."""

from typing import Annotated

from fastapi import APIRouter, Path

from gradwalk.lessons import Number, Question, Stop, StopPosition
from gradwalk.web.bodies import (
    LessonChoice,
    LessonExplanation,
    LessonList,
    LessonPage,
    LessonQuestion,
    LessonStop,
    LessonSummary,
)
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices

router = APIRouter(prefix="/lessons", tags=["lessons"])

Slug = Annotated[str, Path(description="The lesson's name in addresses.", examples=["neuron"])]


@router.get("", summary="All lessons")
async def list_lessons(services: CurrentServices) -> LessonList:
    """Return the lessons in the order in which they are taught."""
    listed = services.lessons.by_part()
    return LessonList(
        lessons=[
            LessonSummary(slug=x.slug, title=x.title, summary=x.summary, part=part, needs=list(x.needs))
            for part, x in listed
        ]
    )


@router.get("/{slug}", summary="One lesson", responses=documented(404, 422))
async def read_lesson(slug: Slug, services: CurrentServices) -> LessonPage:
    """Return the lesson's text with its stops, its program, and the snapshot of the program's run."""
    lesson = services.lessons.get(slug)
    positions = services.lesson_runs.stop_positions(slug) or [None] * len(lesson.stops)
    return LessonPage(
        slug=lesson.slug,
        title=lesson.title,
        summary=lesson.summary,
        text=lesson.text,
        html=lesson.html,
        opening=lesson.opening,
        stops=[_stop(stop, position) for stop, position in zip(lesson.stops, positions, strict=True)],
        source=lesson.source,
        snapshot=services.lesson_runs.snapshot(slug),
    )


def _stop(stop: Stop, position: StopPosition | None) -> LessonStop:
    return LessonStop(
        title=stop.title,
        html=stop.html,
        iteration=position.iteration if position else None,
        step=position.waits_at if position else None,
        node=position.node if position else None,
        questions=[_question(question) for question in stop.questions],
        explanation=None if stop.explanation is None else _explanation(stop.explanation, position),
    )


def _explanation(html: str, position: StopPosition | None) -> LessonExplanation:
    return LessonExplanation(
        html=html,
        iteration=position.iteration if position else None,
        step=position.step if position else None,
        node=position.node if position else None,
    )


def _question(question: Question) -> LessonQuestion:
    answer = question.answer
    if isinstance(answer, Number):
        return LessonQuestion(
            html=question.html, choices=None, number=answer.value, tolerance=answer.tolerance, reply=answer.reply
        )
    choices = [LessonChoice(html=choice.html, right=choice.right, reply=choice.reply) for choice in answer]
    return LessonQuestion(html=question.html, choices=choices, number=None, tolerance=None, reply=None)
