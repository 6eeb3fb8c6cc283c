"""The sandbox: it runs one untrusted program and returns what it left. It alone starts processes, and it imports no
torch.
"""

from gradwalk.sandbox.fair_queue import QueueClient, Standing
from gradwalk.sandbox.protocol import Layers
from gradwalk.sandbox.runner import Answer, Load, ProgressListener, Runner, Sandbox

__all__ = ["Answer", "Layers", "Load", "ProgressListener", "QueueClient", "Runner", "Sandbox", "Standing"]
