"""What goes wrong in a program, found from its snapshot: what, where, why, and what to do about it."""

from gradwalk.findings.examination import RULES, Examination, examine
from gradwalk.findings.finding import Finding, Severity

__all__ = ["RULES", "Examination", "Finding", "Severity", "examine"]
