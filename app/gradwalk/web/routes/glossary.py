"""The route of the glossary."""

from fastapi import APIRouter

from gradwalk.glossary import Glossary, Word
from gradwalk.lessons import Lesson
from gradwalk.web.bodies import GlossaryWord, GlossaryWords
from gradwalk.web.routes.dependencies import CurrentServices

router = APIRouter(prefix="/glossary", tags=["lessons"])


@router.get("", summary="The words of the lessons")
async def list_words(services: CurrentServices) -> GlossaryWords:
    """Return all words with their definitions, each with the stop of a lesson that shows it."""
    words = Glossary.built_in().all()
    ids = {word.name: word.id for word in words}
    return GlossaryWords(words=[_word(word, services.lessons.get(word.lesson), ids) for word in words])


def _word(word: Word, lesson: Lesson, ids: dict[str, str]) -> GlossaryWord:
    return GlossaryWord(
        id=word.id,
        name=word.name,
        forms=list(word.forms),
        definition=word.definition,
        lesson=word.lesson,
        lesson_title=lesson.title,
        stop=word.stop,
        stop_title=lesson.stops[word.stop - 1].title,
        related=[ids[name] for name in word.related],
    )
