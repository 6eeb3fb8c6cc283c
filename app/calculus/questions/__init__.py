"""Predict before you see: questions about a snapshot, each asked before the step that shows the answer."""

from app.calculus.questions.checking import check, iteration_of
from app.calculus.questions.choosing import RULES, choose
from app.calculus.questions.model import Choice, Question, Verdict

__all__ = ["RULES", "Choice", "Question", "Verdict", "check", "choose", "iteration_of"]
