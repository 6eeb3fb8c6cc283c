"""What a step means: formulas, and the recorded numbers put into them. Pure functions of a snapshot."""
