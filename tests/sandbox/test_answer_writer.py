"""The parts that a child writes are those that the server reads; what does not fit is left out and said so."""

import asyncio
from typing import Any, NoReturn

import orjson
import pytest

from gradwalk.contract.snapshot import Outcome, Program, Recorded
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import ProgramRun, run_program
from gradwalk.sandbox.answer_reader import JsonBudget, RawAnswer, read_answer
from gradwalk.sandbox.answer_writer import write_answer, write_outcome
from gradwalk.sandbox.protocol import PART_OVERHEAD, FrameKind

TRAINING = """
import torch
w = torch.randn(2000, requires_grad=True)
for _ in range(3):
    loss = (w * w).sum()
    loss.backward()
"""


def written(run: ProgramRun, limit: int = 1 << 30) -> RawAnswer:
    bodies: dict[FrameKind, list[bytes]] = {kind: [] for kind in FrameKind}
    write_answer(run, limit, lambda kind, body: bodies[kind].append(body))
    (head,) = bodies[FrameKind.ANSWER]
    return RawAnswer(head, bodies[FrameKind.ITERATION], bodies[FrameKind.TENSOR])


def read(raw: RawAnswer) -> Recorded:
    recorded = asyncio.run(read_answer(raw, JsonBudget.for_limits(1000, 1 << 20, 65_536), Recorded))
    assert recorded is not None
    return recorded


@pytest.fixture(scope="module")
def training() -> ProgramRun:
    return run_program(Program(source=TRAINING), Limits())


def test_an_answer_in_parts_is_the_recording_whole(training: ProgramRun) -> None:
    raw = written(training)
    assert len(raw.iterations) == 3
    assert len(raw.tensors) > 3
    snapshot = training.snapshot()
    assert read(raw) == Recorded(**{name: getattr(snapshot, name) for name in Recorded.model_fields})


def test_what_does_not_fit_is_left_out_from_the_end(training: ProgramRun) -> None:
    whole = written(training)
    ids = {tensor["id"] for tensor in tensors_in(orjson.loads(whole.iterations[0]))}
    first = [body for body in whole.tensors if orjson.loads(body)["id"] in ids]
    room = sum(len(body) + PART_OVERHEAD for body in (whole.iterations[0], *first))
    cut = written(training, room + len(whole.iterations[1]))
    assert (cut.iterations, cut.tensors) == (whole.iterations[:1], first)
    assert written(training, room - 1).iterations == []
    truncated = read(cut).truncated
    assert truncated is not None
    assert "too large" in truncated.reason
    assert "1 iteration is here" in truncated.reason


def tensors_in(part: Any) -> list[Any]:
    """Return all tensors of an iteration's JSON."""
    if isinstance(part, list):
        return [tensor for item in part for tensor in tensors_in(item)]
    if not isinstance(part, dict):
        return []
    return [part] if "dtype" in part else tensors_in(list(part.values()))


def test_what_has_arrived_is_a_sound_recording_after_every_frame(training: ProgramRun) -> None:
    heads: list[bytes] = []
    iterations: list[bytes] = []
    tensors: list[bytes] = []
    counts = []

    def send(kind: FrameKind, body: bytes) -> None:
        {FrameKind.TENSOR: tensors, FrameKind.ITERATION: iterations}.get(kind, heads).append(body)
        recorded = read(RawAnswer(heads[-1], list(iterations), list(tensors)))
        assert recorded.outcome == training.outcome
        shown = [t for i in recorded.iterations for t in tensors_in(orjson.loads(i.model_dump_json(by_alias=True)))]
        assert {t["id"] for t in shown if t["data"] is None} <= set(recorded.tensors)
        counts.append(len(recorded.iterations))

    write_answer(training, 1 << 30, send)
    assert (counts[0], counts[-1]) == (0, 3)


def raising(error: BaseException) -> Any:
    def written() -> NoReturn:
        raise error

    return written


@pytest.mark.parametrize(
    ("error", "words"), [(MemoryError(), "too little memory"), (ZeroDivisionError(), "(ZeroDivisionError)")]
)
def test_a_recording_that_cannot_be_written_leaves_its_outcome(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_program(Program(source="1 / 0"), Limits())
    monkeypatch.setattr(run.recording, "models", raising(error))
    recorded = read(written(run))
    assert recorded.outcome == run.outcome
    assert recorded.truncated is not None
    assert words in recorded.truncated.reason


def test_an_outcome_alone_is_an_answer() -> None:
    sent: list[tuple[FrameKind, bytes]] = []
    write_outcome(Outcome(status="completed", error=None), lambda kind, body: sent.append((kind, body)))
    ((kind, body),) = sent
    assert kind is FrameKind.ANSWER
    assert orjson.loads(body)["iterations"] == []


NOT_UTF8 = """
import torch
globals()["half \\ud800"] = torch.ones(2, requires_grad=True)
x = globals()["half \\ud800"] * 2
"""


def test_half_characters_in_names_lose_nothing_else() -> None:
    recorded = read(written(run_program(Program(source=NOT_UTF8), Limits())))
    assert recorded.truncated is None
    assert [node.name for node in recorded.graphs[0].nodes] == ["half ?", "x"]
    assert len(recorded.iterations) == 1


def test_an_outcome_survives_a_graph_that_cannot_be_written(
    training: ProgramRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_with_graphs(model: Recorded) -> bytes:
        if model.graphs:
            raise RecursionError
        return model.model_dump_json().encode()

    bodies: list[bytes] = []
    monkeypatch.setattr("gradwalk.sandbox.answer_writer.json_of", fail_with_graphs)
    write_answer(training, 0, lambda _kind, body: bodies.append(body))
    recorded = Recorded.model_validate_json(bodies[-1])
    assert recorded.outcome.status == "completed"
    assert recorded.truncated is not None
    assert "RecursionError" in recorded.truncated.reason
