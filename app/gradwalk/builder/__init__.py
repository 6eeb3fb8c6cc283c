"""The builder: it turns a network chosen by hand into a PyTorch program. It has the possible choices, the check that
they fit together, and the text of the program.
"""

from gradwalk.builder.plan import NetworkPlan, plan_network
from gradwalk.builder.program_text import write_program
from gradwalk.builder.spec import NetworkSpec

__all__ = ["NetworkPlan", "NetworkSpec", "plan_network", "write_program"]
