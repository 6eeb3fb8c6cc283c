"""What goes wrong in a program, found from its snapshot: what, where, why, and what to do about it."""

from app.calculus.findings.examination import RULES, Examination, examine
from app.calculus.findings.model import Finding, Severity

__all__ = ["RULES", "Examination", "Finding", "Severity", "examine"]
