"""The table of operations: one entry for each, with its names, kind, formulas and derivatives. Pure."""
