"""The limits of a recording. Past a limit the program runs on, the recording stops, and the snapshot says so."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The amount of one program that is recorded.

    `steps`: recorded steps. `bytes`: memory for recorded tensors. `inline_elements`: the largest tensor that is written
    inside an iteration. `stored_elements`: the largest tensor whose numbers are kept at all. `text_bytes`: length of
    the tensors' JSON, in which a small one is written once for each of its roles, as a gradient and as a contribution.
    `seconds`: wall time from the start of the program; a share of what is left of it at the first recorded step is used
    for recording.
    """

    steps: int = 1_000_000
    bytes: int = 1 << 30
    inline_elements: int = 1024
    stored_elements: int = 65_536
    text_bytes: int = 1 << 40
    seconds: float = math.inf
