"""A chain of 100,000 operations is recorded, freed inside and outside of the recording, and alive at the end."""

import subprocess
import sys

import pytest

PROGRAM = """
import torch
from gradwalk.recorder import Limits, anchors, trace

torch.set_num_threads(1)

def chain(length):
    y = x = torch.ones(1, requires_grad=True)
    for _ in range(length):
        y = y * 1.0
    return x, y

with trace(Limits(inline_elements=1)) as recording:
    x, y = chain(100_000)
    y.backward()
assert x.grad == 1
assert len(recording.iterations[0].nodes) == 100_001
{freeing}
"""

FREEING = {
    "after_the_recording": "del x, y\nanchors.release()\nassert not anchors._anchored",
    "inside_the_next_recording": "with trace():\n    del x, y\nassert not anchors._anchored",
    "at_the_end_of_the_process": "assert anchors._anchored",
}


@pytest.mark.parametrize("when", FREEING)
def test_a_long_chain_does_not_overflow_the_stack(when: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(freeing=FREEING[when])], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
