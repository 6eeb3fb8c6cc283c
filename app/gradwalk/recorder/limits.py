"""The limits of a recording. Past a limit the program runs on, the recording stops, and the snapshot says so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The amount of one program that is recorded.

    `steps`: recorded steps. `bytes`: memory for recorded tensors. `text_bytes`: length of their JSON, in which a small
    tensor is written once for each of its roles, as a gradient and as a contribution. `inline_elements`: the largest
    tensor that is written inside an iteration. `stored_elements`: the largest tensor whose numbers are kept at all.
    """

    steps: int = 1_000_000
    bytes: int = 1 << 30
    text_bytes: int = 1 << 40
    inline_elements: int = 1024
    stored_elements: int = 65_536
