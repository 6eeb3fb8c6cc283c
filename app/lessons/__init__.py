"""Lessons: a program (`programs/<slug>.py`) with a text beside it (`texts/<slug>.md`)."""

from app.lessons.lessons import Lesson, Lessons

__all__ = ["Lesson", "Lessons"]
