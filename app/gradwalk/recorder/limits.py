"""How much of one program is recorded. Past a limit the program runs on, the recording stops and says so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`steps`: recorded steps; `bytes`: memory for recorded tensors; `inline_elements`: largest tensor written inside
    an iteration; `stored_elements`: largest tensor whose numbers are kept at all.
    """

    steps: int = 1_000_000
    bytes: int = 1 << 30
    inline_elements: int = 1024
    stored_elements: int = 65_536
