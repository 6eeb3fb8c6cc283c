"""A network chosen by hand becomes a PyTorch program: what may be chosen, whether it fits, and the text."""

from gradwalk.builder.plan import Plan, plan
from gradwalk.builder.program_text import write
from gradwalk.builder.spec import NetworkSpec

__all__ = ["NetworkSpec", "Plan", "plan", "write"]
