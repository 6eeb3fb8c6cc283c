"""Gradwalk: walk step by step through what PyTorch really does."""

__version__ = "0.1.0"
