"""The lessons. A lesson is a program (`programs/<slug>.py`) with a text (`texts/<slug>.md`) that has an opening and
stops. A stop may name a place that the stage shows, and may contain questions.

`python -m gradwalk.lessons.lesson_check [slug ...]` runs the programs and reports places and questions of the texts
that do not fit.
"""

from gradwalk.lessons.lesson_question import Number, Question
from gradwalk.lessons.library import Lesson, Lessons
from gradwalk.lessons.stop_places import StopPosition
from gradwalk.lessons.stops import Stop

__all__ = ["Lesson", "Lessons", "Number", "Question", "Stop", "StopPosition"]
