"""Findings: mistakes of a program that its snapshot shows, each with a place, a reason and an advice."""

from gradwalk.findings.examination import RULES, Examination, examine
from gradwalk.findings.finding import Finding, Severity

__all__ = ["RULES", "Examination", "Finding", "Severity", "examine"]
