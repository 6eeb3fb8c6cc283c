"""Runs one untrusted program and gives back what it left. The only room that starts processes; it imports no torch."""

from app.sandbox.protocol import Layers
from app.sandbox.queue import Client, Standing
from app.sandbox.runner import Answer, Listener, Load, Runner, Sandbox

__all__ = ["Answer", "Client", "Layers", "Listener", "Load", "Runner", "Sandbox", "Standing"]
