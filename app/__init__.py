"""Gradwalk: walk step by step through what PyTorch really does."""
