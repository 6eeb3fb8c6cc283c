"""Runs one untrusted program and gives back what it left. The only room that starts processes; it imports no torch."""

from gradwalk.sandbox.fair_queue import QueueClient, Standing
from gradwalk.sandbox.protocol import Layers
from gradwalk.sandbox.runner import Answer, Load, ProgressListener, Runner, Sandbox

__all__ = ["Answer", "Layers", "Load", "ProgressListener", "QueueClient", "Runner", "Sandbox", "Standing"]
