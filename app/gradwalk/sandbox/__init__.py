"""Runs one untrusted program and gives back what it left. The only room that starts processes; it imports no torch."""

from gradwalk.sandbox.fair_queue import Client, Standing
from gradwalk.sandbox.protocol import Layers
from gradwalk.sandbox.runner import Answer, Listener, Load, Runner, Sandbox

__all__ = ["Answer", "Client", "Layers", "Listener", "Load", "Runner", "Sandbox", "Standing"]
