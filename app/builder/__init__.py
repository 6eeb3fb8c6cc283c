"""A network chosen by hand becomes a PyTorch program: what may be chosen, whether it fits, and the text."""

from app.builder.plan import Plan, plan
from app.builder.program import write
from app.builder.spec import NetworkSpec

__all__ = ["NetworkSpec", "Plan", "plan", "write"]
