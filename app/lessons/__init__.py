"""Lessons: a program (`programs/<slug>.py`) with a text beside it (`texts/<slug>.md`), which is a walk: an opening and
stops. A stop may name a place where the stage goes, and may hold questions.

`python -m app.lessons.check [slug ...]` runs the programs and says which places and questions of the texts do not fit.
"""

from app.lessons.lessons import Lesson, Lessons
from app.lessons.places import Spot
from app.lessons.questions import Number, Question
from app.lessons.stops import Stop

__all__ = ["Lesson", "Lessons", "Number", "Question", "Spot", "Stop"]
