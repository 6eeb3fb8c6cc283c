"""Lessons: a program (`programs/<slug>.py`) with a text beside it (`texts/<slug>.md`), which is a walk: an opening and
stops. A stop may name a place where the stage goes, and may hold questions.

`python -m gradwalk.lessons.lesson_check [slug ...]` runs the programs and says which places
and questions of the texts do not fit.
"""

from gradwalk.lessons.lesson_question import Number, Question
from gradwalk.lessons.library import Lesson, Lessons
from gradwalk.lessons.stop_places import Spot
from gradwalk.lessons.stops import Stop

__all__ = ["Lesson", "Lessons", "Number", "Question", "Spot", "Stop"]
