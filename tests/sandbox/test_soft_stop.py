"""The soft stop, with real signals in real children."""

from collections.abc import Iterator

import pytest

from gradwalk.config import Settings
from gradwalk.sandbox import Answer
from tests.sandbox.conftest import Served, texts

TRAINING = """
import torch
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
optimizer = torch.optim.Adam(net.parameters())
while True:
    optimizer.zero_grad()
    loss = net(torch.ones(2, 3)).square().mean()
    loss.backward()
    optimizer.step()
    {extra}
"""


@pytest.fixture(scope="module")
def hasty() -> Iterator[Served]:
    """A sandbox that stops every program after 0.2 seconds."""
    served = Served(Settings(wall_seconds=0.2, recorded_steps=500, output_kib=1024))
    try:
        served.wait(served.sandbox.start())
        yield served
    finally:
        served.close()


def timed_out_at(answer: Answer) -> int | None:
    assert answer.recorded.outcome.status == "timed_out", answer.recorded.outcome
    assert answer.recorded.outcome.error is not None
    return answer.recorded.outcome.error.line


def test_a_loop_is_stopped_at_its_line(hasty: Served) -> None:
    answer = hasty.run("x = 0\nwhile True:\n    x += 1")
    assert timed_out_at(answer) in (2, 3)
    assert answer.run_ms < 450


def test_a_sleep_is_stopped(hasty: Served) -> None:
    answer = hasty.run("import time\ntime.sleep(100)")
    assert timed_out_at(answer) == 2
    assert answer.run_ms < 450


@pytest.mark.parametrize("extra", ["pass", "print(loss)", "str(loss)", "[p.sum() for p in net.parameters()]"])
def test_a_stop_in_the_middle_of_recording_keeps_a_sound_recording(hasty: Served, extra: str) -> None:
    for _ in range(5):
        answer = hasty.run(TRAINING.format(extra=extra))
        line = timed_out_at(answer)
        assert line is not None
        assert 5 <= line <= 10
        assert len(answer.recorded.iterations) > 1
        assert answer.recorded.iterations[0].backward


def test_the_line_of_one_long_call_into_c_is_known(hasty: Served) -> None:
    answer = hasty.run("x = 1\nsum(range(10 ** 13))")
    assert timed_out_at(answer) == 2
    assert answer.recorded.iterations == []
    assert 650 < answer.run_ms < 1200


def test_a_stop_hits_once(hasty: Served) -> None:
    source = """
import time
try:
    while True: time.sleep(0.001)
except BaseException as stop:
    print(type(stop).__name__)
for _ in range(10):
    time.sleep(0.01)
print("finished")
"""
    answer = hasty.run(source)
    assert texts(answer) == "TimeLimitReached\nfinished\n"
    assert timed_out_at(answer) is not None


def test_a_program_that_swallows_the_stop_is_killed(hasty: Served) -> None:
    answer = hasty.run("import time\nwhile True:\n    try:\n        time.sleep(0.001)\n    except BaseException: pass")
    assert timed_out_at(answer) is not None
    assert 650 < answer.run_ms < 1200


def test_except_exception_does_not_swallow_the_stop(hasty: Served) -> None:
    answer = hasty.run("import time\nwhile True:\n    try:\n        time.sleep(0.001)\n    except Exception: pass")
    assert timed_out_at(answer) is not None
    assert answer.run_ms < 450


def test_a_stop_in_a_long_backward_pass_comes_through(hasty: Served) -> None:
    source = """
import torch
w = torch.ones(50, 50, requires_grad=True)
y = w
for _ in range(100): y = (y @ w) * 0.01
while True:
    y.sum().backward(retain_graph=True)
"""
    assert timed_out_at(hasty.run(source)) in (6, 7)


def test_a_program_that_prints_without_end_has_whole_frames(hasty: Served) -> None:
    for _ in range(5):
        answer = hasty.run("import time\nwhile True:\n    print('tick')\n    time.sleep(0.0005)")
        assert timed_out_at(answer) in (3, 4)
        assert set(texts(answer).split("\n")[:-1]) == {"tick"}


def test_a_tracing_program_is_stopped_too(hasty: Served) -> None:
    source = "import sys\nsys.settrace(lambda *a: None)\nwhile True:\n    pass"
    assert timed_out_at(hasty.run(source)) in (3, 4)
