"""The child tells of ended iterations rarely enough to cost nothing, and never loses the last."""

import json
from typing import Any

import pytest

from gradwalk.recorder.code_loops import loops_in
from gradwalk.recorder.turns import LoopRun, Turn
from gradwalk.sandbox import progress_sender as progress_module
from gradwalk.sandbox.progress_sender import ProgressSender
from gradwalk.sandbox.protocol import LONGEST_PROGRESS, FrameKind, IterationReport

Sent = list[tuple[FrameKind, bytes]]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock, as its first element."""
    clock = [100.0]
    monkeypatch.setattr(progress_module, "_now", lambda: clock[0])
    return clock


def told(sent: Sent) -> list[tuple[int, object]]:
    assert {kind for kind, _ in sent} <= {FrameKind.PROGRESS}
    assert all(len(body) <= LONGEST_PROGRESS for _, body in sent)
    overs = [IterationReport.model_validate_json(body) for _, body in sent]
    return [(iteration_ended.index, iteration_ended.loss) for iteration_ended in overs]


def test_slow_iterations_are_told_one_by_one(now: list[float]) -> None:
    sent: Sent = []
    progress = ProgressSender(lambda kind, body: sent.append((kind, body)))
    for index in range(3):
        progress.iteration_ended(index, index / 2, [])
        now[0] += 1
    progress.flush()
    assert told(sent) == [(0, 0.0), (1, 0.5), (2, 1.0)]


def test_of_fast_ones_few_are_told_and_the_last_at_the_end(now: list[float]) -> None:
    sent: Sent = []
    progress = ProgressSender(lambda kind, body: sent.append((kind, body)))
    for index in range(10_000):
        progress.iteration_ended(index, None, [])
        now[0] += 0.0001
    progress.flush()
    progress.flush()
    assert len(sent) <= 1 / 0.005 + 2
    assert told(sent)[-1] == (9999, None)


@pytest.mark.parametrize("loss", ["NaN", "-Infinity", -1.7976931348623157e308, 2**63 - 1, None])
def test_every_loss_fits(now: list[float], loss: object) -> None:
    sent: Sent = []
    ProgressSender(lambda kind, body: sent.append((kind, body))).iteration_ended(10**12, loss, [])
    assert told(sent) == [(10**12, loss)]
    assert json.loads(sent[0][1])["loss"] == loss


def turns_of(names: list[str]) -> list[Turn]:
    """One turn of each loop of a function whose loops have these variables, one inside the other."""
    lines = ["def function():"]
    lines += [" " * (depth + 1) + f"for {name} in range(2):" for depth, name in enumerate(names)]
    variables: dict[str, Any] = {}
    exec("\n".join([*lines, " " * (len(names) + 1) + "pass"]), variables)
    code = variables["function"].__code__
    turn = None
    for loop in max(loops_in(code).statements_of, key=len):
        turn = Turn(LoopRun(code, loop, turn))
        turn.value = 0
    return [] if turn is None else turn.chain()


@pytest.mark.parametrize(
    ("names", "told_of"),
    [
        ([], 0),
        (["epoch"], 1),
        (["epoch", "batch"], 2),
        ([letter * 300 for letter in "ijkl"], 0),
        (["fold", "epoch", "i"], 3),
    ],
)
def test_the_turns_of_the_loops_are_told_where_they_fit(now: list[float], names: list[str], told_of: int) -> None:
    sent: Sent = []
    ProgressSender(lambda kind, body: sent.append((kind, body))).iteration_ended(3, 0.5, turns_of(names))
    assert told(sent) == [(3, 0.5)]
    turns = IterationReport.model_validate_json(sent[0][1]).turns
    assert [(turn.variable, turn.value, turn.number) for turn in turns] == [(name, 0, 0) for name in names[:told_of]]


def test_a_pipe_that_the_program_has_closed_is_no_error_of_its_iteration() -> None:
    tried: list[FrameKind] = []

    def send(kind: FrameKind, _body: bytes) -> None:
        tried.append(kind)
        raise OSError

    progress = ProgressSender(send)
    progress.iteration_ended(0, None, [])
    progress.flush()
    # nobody listens any more: what is lost is not sent again
    assert tried == [FrameKind.PROGRESS]


def test_where_memory_is_gone_the_iteration_is_told_when_there_is_some_again() -> None:
    sent: Sent = []
    lacking = [True]

    def send(kind: FrameKind, body: bytes) -> None:
        if lacking and lacking.pop():
            raise MemoryError
        sent.append((kind, body))

    progress = ProgressSender(send)
    progress.iteration_ended(3, 0.5, [])
    assert sent == []
    progress.flush()
    assert told(sent) == [(3, 0.5)]
