"""The sentences of a walk: what happens in each step, in words, with the numbers of the run."""
