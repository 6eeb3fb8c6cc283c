"""Answers are read strictly: what a forged one may hold is data here."""

import asyncio
import json
from typing import Any

import pytest

from gradwalk.contract.snapshot import Program, Recorded
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.sandbox.answer_reader import JsonBudget, RawAnswer, read_answer
from gradwalk.sandbox.answer_writer import write_answer
from gradwalk.sandbox.protocol import FrameKind

BULK = JsonBudget.for_limits(steps=1000, recorded_bytes=16 << 20, stored_elements=65_536)
GRAPH = (
    b'{"id":0,"nodes":[{"id":"n0","kind":"input","op":null,"name":"x","line":1,"path":[],"group":null,"arguments":{},'
    b'"outputs":1,"failed":false,"requires_grad":false,"autograd":[]}],"edges":[],"groups":[]}'
)
HEAD = (
    b'{"outcome":{"status":"completed","error":null},"truncated":null,"graphs":[%s],"iterations":[],"tensors":{}}'
    % GRAPH
)


def tensor(**changes: Any) -> bytes:
    body = {"id": "t3", "shape": [2], "dtype": "float32", "device": "cpu", "data": [1.5, "NaN"], "stats": None}
    return json.dumps({**body, **changes}).encode()


def iteration(index: int = 0, loss: bytes = b"0.5") -> bytes:
    return b'{"index":%d,"graph":0,"loss":%s,"values":{},"backward":[],"updates":[],"steps":[]}' % (index, loss)


def read(raw: RawAnswer) -> Recorded | None:
    return asyncio.run(read_answer(raw, BULK, Recorded))


def test_parts_find_their_places() -> None:
    recorded = read(RawAnswer(HEAD, [iteration(0), iteration(1)], [tensor()]))
    assert recorded is not None
    assert [one.index for one in recorded.iterations] == [0, 1]
    assert recorded.tensors["t3"].data == [1.5, "NaN"]
    assert recorded.outcome.status == "completed"


def test_numbers_that_are_not_finite_are_words() -> None:
    for loss in (b"0.5", b"1", b'"NaN"', b'"-Infinity"', b"null"):
        assert read(RawAnswer(HEAD, [iteration(loss=loss)])) is not None


FORGED = {
    "empty": RawAnswer(b""),
    "no JSON": RawAnswer(b"{"),
    "no recording": RawAnswer(b"{}"),
    "bytes": RawAnswer(b"\xff\xfe\x00"),
    "deep": RawAnswer(b"[" * 100_000),
    "another field": RawAnswer(HEAD[:-1] + b',"extra":1}'),
    "another type": RawAnswer(HEAD.replace(GRAPH, b'"x"')),
    "another status": RawAnswer(HEAD.replace(b"completed", b"perfect")),
    "surrogate": RawAnswer(HEAD.replace(b'"truncated":null', b'"truncated":{"reason":"\\ud800","recorded_steps":1}')),
    "NaN": RawAnswer(HEAD, [iteration(loss=b"NaN")]),
    "infinity": RawAnswer(HEAD, [iteration(loss=b"-Infinity")]),
    "huge number": RawAnswer(HEAD, [iteration(loss=b"9" * 100_000)]),
    "iteration of another shape": RawAnswer(HEAD, [b"{}"]),
    "tensor of another shape": RawAnswer(HEAD, [], [tensor(shape="2")]),
    "tensor with another id": RawAnswer(HEAD, [], [tensor(id="../../etc")]),
    "tensor with text": RawAnswer(HEAD, [], [tensor(data=["<script>"])]),
    "the same iteration twice": RawAnswer(HEAD, [iteration(0), iteration(0)]),
    "an iteration in the head": RawAnswer(HEAD.replace(b'"iterations":[]', b'"iterations":[%s]' % iteration())),
    "the same tensor twice": RawAnswer(HEAD, [], [tensor(), tensor()]),
    "the same tensor with a zero in front": RawAnswer(HEAD, [], [tensor(id="t3"), tensor(id="t03")]),
    "the same tensor in other digits": RawAnswer(HEAD, [], [tensor(id="t3"), tensor(id="t\u0663")]),
    "a tensor of a dtype that allocates": RawAnswer(HEAD, [], [tensor(dtype="S100000000")]),
    "a tensor of objects": RawAnswer(HEAD, [], [tensor(dtype="object")]),
    "a negative shape": RawAnswer(HEAD, [], [tensor(shape=[-1])]),
    "a line beyond any file": RawAnswer(HEAD.replace(b'"line":1', b'"line":' + b"9" * 30)),
    "empty lists without end": RawAnswer(
        HEAD.replace(b'"arguments":{}', b'"arguments":{"x":[' + b"[]," * 5_000_000 + b"[]]}")
    ),
    "a tensor larger than any that is kept": RawAnswer(HEAD, [], [tensor(shape=[200_000], data=[0.5] * 200_000)]),
    "an iteration of more numbers than were recorded": RawAnswer(
        HEAD, [iteration(loss=b"[" + b"1," * 20_000_000 + b"1]")]
    ),
    "numbers without end": RawAnswer(
        HEAD.replace(b'"arguments":{}', b'"arguments":{"x":[' + b"1," * 4_000_000 + b"1]}")
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_answer_is_no_recording(name: str) -> None:
    assert read(FORGED[name]) is None


def test_other_tasks_run_while_a_large_answer_is_read() -> None:
    renumbered = [tensor(id=f"t{i}", shape=[30_000], data=[0.12345678] * 30_000) for i in range(100)]

    async def scene() -> int:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        task = asyncio.ensure_future(other())
        assert await read_answer(RawAnswer(HEAD, [], renumbered), BULK, Recorded) is not None
        task.cancel()
        return turns

    assert asyncio.run(scene()) >= 10


RECURSION = """
import torch
def f(x, depth):
    for _ in range(8):
        x = x * 2
    return f(x, depth - 1) if depth else x
f(torch.ones(1), 60)
f(torch.ones(1), 60)
"""


def test_a_recursion_is_not_taken_for_a_forgery() -> None:
    """No real program has more objects for a step: each operation carries the calls that led to it."""
    run = run_program(Program(source=RECURSION), Limits())
    bodies: dict[FrameKind, list[bytes]] = {kind: [] for kind in FrameKind}
    write_answer(run, 1 << 30, lambda kind, body: bodies[kind].append(body))
    raw = RawAnswer(bodies[FrameKind.ANSWER][0], bodies[FrameKind.ITERATION], bodies[FrameKind.TENSOR])
    steps = sum(len(iteration.steps) for iteration in run.snapshot().iterations)
    objects = sum(body.count(b"{") for body in (raw.head, *raw.iterations))
    assert steps > 900
    assert objects / steps < (JsonBudget.for_limits(2, 0, 0).objects - JsonBudget.for_limits(1, 0, 0).objects)
    assert read(raw) is not None
