"""Explanations of steps: formulas with the recorded numbers put into them. Pure functions of a snapshot."""
