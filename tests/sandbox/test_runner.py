"""The sandbox as the API sees it: how many at once, who is told to come back, when it refuses to start."""

import asyncio
import os
import threading

import pytest

from gradwalk.config import Settings
from gradwalk.contract.measurement import Wanted
from gradwalk.contract.snapshot import Program, Recorded
from gradwalk.errors import Busy, SandboxUnavailable, SandboxUnsafe
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.sandbox import ProgressListener, Sandbox, runner
from gradwalk.sandbox.protocol import Confinement
from gradwalk.sandbox.runner import is_loopback, require_loopback_for_trust
from tests.sandbox.conftest import Served, nobody, texts


def test_thirty_at_once_each_get_their_own_answer(served: Served) -> None:
    async def class_of_thirty() -> list[str]:
        programs = [Program(source=f"print({number})") for number in range(30)]
        answers = await asyncio.gather(
            *[served.sandbox.run(program, nobody(), ProgressListener()) for program in programs]
        )
        return [texts(answer) for answer in answers]

    assert served.wait(class_of_thirty()) == [f"{number}\n" for number in range(30)]


def test_no_more_than_one_run_per_processor_at_once(served: Served) -> None:
    at_once: list[int] = []

    class Counting(ProgressListener):
        def started(self, queued_ms: float) -> None:
            at_once.append(served.sandbox.load.running)

    async def crowd() -> list[float]:
        program = Program(source="import time\ntime.sleep(0.2)")
        answers = await asyncio.gather(*[served.sandbox.run(program, nobody(), Counting()) for _ in range(8)])
        return [answer.queued_ms for answer in answers]

    queued = served.wait(crowd())
    assert max(at_once) == len(os.sched_getaffinity(0))
    assert len(at_once) == 8
    # the last ones wait for programs that sleep
    assert max(queued) > 200


def test_a_full_queue_says_when_to_come_back(served: Served) -> None:
    async def crowd() -> list[object]:
        program = Program(source="import time\ntime.sleep(0.05)")
        runs = [served.sandbox.run(program, nobody(), ProgressListener()) for _ in range(100)]
        return list(await asyncio.gather(*runs, return_exceptions=True))

    answers = served.wait(crowd())
    refused = [answer for answer in answers if isinstance(answer, Busy)]
    assert len(refused) >= 100 - 64 - 8
    assert all(refusal.retry_after >= 1 for refusal in refused)
    assert {type(answer).__name__ for answer in answers} == {"Answer", "Busy"}


CUSTOM = """
import torch
calls = []
class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        print("forward")
        return x * 3
    @staticmethod
    def backward(ctx, gradient):
        print("backward")
        calls.append(1)
        if len(calls) > BEFORE:
            FAULT
        return gradient * 5
w = torch.tensor([1.0, 2.0], requires_grad=True)
for _ in range(2):
    Own.apply(w).sum().backward()
print("the end")
"""


def custom(before: int, fault: str) -> Program:
    """`fault`: what backward does after it was called so many times."""
    return Program(source=CUSTOM.replace("BEFORE", str(before)).replace("FAULT", fault))


def wanted_of_own(recorded: Recorded) -> Wanted:
    """The second element of the argument of the Function, in the second iteration."""
    body = recorded.iterations[1]
    indexed = IndexedIteration.of(recorded.graphs[body.graph], body)
    own = next(node.id for node in indexed.graph.operations if node.op == "Own")
    contributions = body.backward[0].contributions
    edge = next(i for i, flow in enumerate(indexed.graph.into[own]) if flow.edge.id in contributions)
    return Wanted(operation=indexed.numbers[own], edge=edge, backward_pass=body.passes_before, element=1)


def test_a_local_derivative_is_measured_in_the_sandbox(served: Served) -> None:
    """Of a Function that prints, counts, and whose backward is wrong: what it does is what is measured."""
    program = custom(9, "pass")
    first = served.wait(served.sandbox.run(program, nobody(), ProgressListener()))
    wanted = wanted_of_own(first.recorded)
    left = served.wait(served.sandbox.measure(program, wanted, nobody()))
    assert left.outcome.status == "completed"
    assert left.measured is not None
    assert [(r.index, r.backward, round(float(r.forward or 0), 6)) for r in left.measured.responses] == [(1, 5.0, 3.0)]
    assert (left.graphs, left.iterations) == ([], [])
    assert texts(first).endswith("the end\n")


@pytest.mark.parametrize(
    ("fault", "status", "trouble"),
    [
        ("raise ValueError('no')", "completed", "backward_failed"),
        ("while True: pass", "timed_out", None),
        ("import os; os.abort()", "crashed", None),
        ("calls.append(bytearray(10**10))", "completed", "backward_failed"),
    ],
)
def test_a_backward_that_does_not_stand_to_be_called_alone(
    served: Served, fault: str, status: str, trouble: str | None
) -> None:
    """The first iteration's pass calls it once, and the measuring comes after that."""
    program = custom(2, fault)
    first = served.wait(served.sandbox.run(program, nobody(), ProgressListener()))
    wanted = wanted_of_own(first.recorded)
    left = served.wait(served.sandbox.measure(program, wanted, nobody()))
    assert left.outcome.status == status
    assert (left.measured.trouble if left.measured else None) == trouble


def test_a_program_that_does_something_else_the_second_time(served: Served) -> None:
    wanted = Wanted(operation=1, edge=0, backward_pass=0, element=1)
    left = served.wait(served.sandbox.measure(Program(source="print(1)"), wanted, nobody()))
    assert (left.outcome.status, left.measured) == ("completed", None)


def test_before_the_start_nothing_runs() -> None:
    sandbox = Sandbox(Settings())
    with pytest.raises(SandboxUnavailable):
        asyncio.run(sandbox.check())
    with pytest.raises(SandboxUnavailable):
        _ = sandbox.environment


def test_closing_what_was_never_started_is_harmless() -> None:
    sandbox, before = Sandbox(Settings()), threading.active_count()
    asyncio.run(sandbox.close())
    assert threading.active_count() == before
    with pytest.raises(SandboxUnavailable):
        asyncio.run(sandbox.check())


def test_a_hole_keeps_the_server_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    def unconfined(_: Settings) -> Confinement:
        return Confinement(memory_bytes=1 << 28, reserve_bytes=1 << 20, cpu_seconds=5, trusted=True)

    monkeypatch.setattr(runner, "_confinement", unconfined)
    sandbox = Sandbox(Settings())
    with pytest.raises(SandboxUnsafe, match="open a file"):
        asyncio.run(sandbox.start())
    with pytest.raises(SandboxUnavailable):
        asyncio.run(sandbox.check())


def test_trusted_programs_have_limits_but_no_walls() -> None:
    async def scene() -> None:
        sandbox = Sandbox(Settings(trust_programs=True, wall_seconds=0.3))
        await sandbox.start()
        try:
            assert not sandbox.layers.seccomp
            answer = await sandbox.run(
                Program(source="print(len(open('/proc/self/stat').read()) > 0)"), nobody(), ProgressListener()
            )
            assert texts(answer) == "True\n"
            stopped = await sandbox.run(Program(source="while True: pass"), nobody(), ProgressListener())
            assert stopped.recorded.outcome.status == "timed_out"
        finally:
            await sandbox.close()

    asyncio.run(scene())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    require_loopback_for_trust(Settings(trust_programs=True, host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.4", "school.example", "127.0.0.1.example"])
def test_trust_is_refused_where_others_can_reach_the_server(host: str) -> None:
    assert not is_loopback(host)
    require_loopback_for_trust(Settings(trust_programs=False, host=host))
    with pytest.raises(SandboxUnsafe):
        require_loopback_for_trust(Settings(trust_programs=True, host=host))
