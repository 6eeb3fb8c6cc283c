"""Runs one untrusted program and gives back what it left. The only room that starts processes; it imports no torch."""

from app.sandbox.protocol import Layers
from app.sandbox.runner import Answer, Runner, Sandbox

__all__ = ["Answer", "Layers", "Runner", "Sandbox"]
