"""The knowledge of operations: one entry for each, with its names, formula and derivatives. Pure."""
