"""A long chain of operations is recorded, freed inside and outside of the recording, and alive at the end."""

import resource
import subprocess
import sys

import pytest

from tests.tiers import rest_at_night

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
    x, y = chain({length})
    y.backward()
assert x.grad == 1
assert len(recording.iterations[0].nodes) == {length} + 1
{freeing}
"""

FREEING = {
    "after_the_recording": "del x, y\nanchors.release()\nassert not anchors._anchored",
    "inside_the_next_recording": "with trace():\n    del x, y\nassert not anchors._anchored",
    "at_the_end_of_the_process": "assert anchors._anchored",
}


LENGTHS = [(20_000, 1 << 20), pytest.param(100_000, 8 << 20, marks=pytest.mark.slow)]
"""Operations of the chain, and the bytes of a stack that half of them would overflow: a small one on a push, the usual
one at night.
"""


@pytest.mark.parametrize(("length", "stack"), LENGTHS)
@pytest.mark.parametrize("when", rest_at_night(FREEING, {"after_the_recording"}))
def test_a_long_chain_does_not_overflow_the_stack(when: str, length: int, stack: int) -> None:
    def limit_stack() -> None:
        resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.RLIM_INFINITY))

    program = PROGRAM.format(length=length, freeing=FREEING[when])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, preexec_fn=limit_stack)
    assert (done.returncode, done.stderr) == (0, "")
