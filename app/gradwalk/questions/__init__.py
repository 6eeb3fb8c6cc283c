"""Predict before you see: questions about a snapshot, each asked before the step that shows the answer."""

from gradwalk.questions.answer_check import check, iteration_of
from gradwalk.questions.question import Choice, Question, Verdict
from gradwalk.questions.question_choice import RULES, choose

__all__ = ["RULES", "Choice", "Question", "Verdict", "check", "choose", "iteration_of"]
