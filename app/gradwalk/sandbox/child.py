"""The forked, confined child: it takes one job, runs it, and answers. It is trusted until the program starts."""

import fcntl
import math
import mmap
import os
import sys
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.snapshot import ConsoleEntry, ErrorReport, Outcome, Program
from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.perturber import Perturber
from gradwalk.recorder.program_run import PROGRAM_FILENAME, run_program
from gradwalk.recorder.program_tracebacks import of_the_program
from gradwalk.recorder.trace_options import TraceOptions
from gradwalk.sandbox import self_test
from gradwalk.sandbox.answer_writer import write_answer, write_measured, write_outcome
from gradwalk.sandbox.console_stream import Allowance, ConsoleStream
from gradwalk.sandbox.lockdown import HIGH_DESCRIPTOR, Lockdown
from gradwalk.sandbox.progress_sender import ProgressSender
from gradwalk.sandbox.protocol import Decoder, FrameKind, Job, as_json, encode
from gradwalk.sandbox.soft_stop import SoftStop

STDIN: Final = 0
STDOUT: Final = 1
STDERR: Final = 2
RESULTS: Final = 3
DIAGNOSTICS: Final = 4
JOBS: Final = 5

_FIRST_UNUSED: Final = 6
_DESCRIPTORS: Final = 1 << 20
_LONGEST_JOB: Final = 64 << 20
_LONGEST_COMPLAINT: Final = 2000
_OUT_OF_MEMORY: Final = Outcome(
    status="out_of_memory",
    error=ErrorReport(type="MemoryError", message="", line=None, frames=[], phase=None, node=None, hint=None),
)

WARM_UP: Final = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
x = torch.tensor([[1.0, 2.0]])
w = torch.tensor([2.2], requires_grad=True)
b = torch.tensor([0.0], requires_grad=True)
loss = F.binary_cross_entropy(torch.sigmoid(w * 1.1 + b), torch.tensor([1.0]))
loss.backward()
f"{w.grad} {b.grad}"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.second = nn.Linear(3, 1)
    def forward(self, x):
        return torch.sigmoid(self.second(torch.relu(self.first(x))))
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    loss = nn.BCELoss()(net(x), torch.tensor([[1.0]]))
    loss.backward()
    optimizer.step()
f"{loss:.4f} {loss.item()} {net.first.weight} {net.first.weight.grad}"
"""
"""A program that touches what most programs touch, so that the first of them need not wait for it."""


@dataclass(frozen=True)
class Pipes:
    """The child's ends of its pipes."""

    jobs: int
    results: int
    diagnostics: int
    stdout: int
    stderr: int


def run_child(pipes: Pipes, lockdown: Lockdown, number: int, reserve: mmap.mmap) -> None:
    """Run the whole life of child `number`: confine it, warm up, answer one job. Raises when a layer does not hold."""
    _arrange_descriptors(pipes, lockdown.kept_descriptor)
    try:
        _run_confined(lockdown, number, reserve)
    except BaseException as error:
        os.write(DIAGNOSTICS, f"{type(error).__name__}: {error}"[:_LONGEST_COMPLAINT].encode("utf-8", "replace"))
        raise


def _run_confined(lockdown: Lockdown, number: int, reserve: mmap.mmap) -> None:
    os.setsid()
    stop = SoftStop(PROGRAM_FILENAME, DIAGNOSTICS)
    stop.install()
    lockdown.apply(number)
    rehearse(WARM_UP, frozen=True)
    _send(FrameKind.READY)
    _serve(stop, reserve)


def rehearse(source: str, *, frozen: bool) -> None:
    """Run a program and discard its answer: the first run is slow. `frozen`: the zygote has frozen its objects."""
    run = run_program(Program(source=source), Limits(), TraceOptions(freeze=not frozen))
    write_answer(run, _LONGEST_JOB, lambda _kind, _body: None)


def _serve(stop: SoftStop, reserve: mmap.mmap) -> None:
    decoder = Decoder({FrameKind.JOB: _LONGEST_JOB, FrameKind.PROBE: 0})
    while data := os.read(JOBS, 1 << 20):
        for frame in decoder.feed(data):
            if frame.kind is FrameKind.JOB:
                _answer(Job.model_validate_json(frame.body), stop, reserve)
                return
            _send(FrameKind.PROBE, as_json(self_test.holes()))


def _answer(job: Job, stop: SoftStop, reserve: mmap.mmap) -> None:
    os.close(JOBS)
    limits = Limits(
        steps=job.recorded_steps,
        bytes=job.recorded_bytes,
        inline_elements=job.inline_elements,
        stored_elements=job.stored_elements,
        text_bytes=job.answer_bytes,
        seconds=math.inf if job.recorded_seconds is None else job.recorded_seconds,
    )
    # Too much output raises where it is printed: the stop signal that the server sends for it must not raise again.
    _redirect(Allowance(job.output_bytes, on_exceeded=stop.disarm))
    progress = ProgressSender(_send)
    probe = None if job.wanted is None else JacobianProbe(job.wanted)
    options = TraceOptions(observer=progress.iteration_ended, perturber=Perturber(job.move), probe=probe, freeze=False)
    _send(FrameKind.STARTED)
    try:
        stop.arm()
        # around the run, because Python may still speak of what the program has left behind when it is over
        with of_the_program(PROGRAM_FILENAME):
            run = run_program(job.program, limits, options)
        stop.disarm()
    except MemoryError:  # even the report about it did not fit
        stop.disarm()
        reserve.close()
        write_outcome(_OUT_OF_MEMORY, _send)
        return
    reserve.close()
    progress.flush()
    _send(FrameKind.WRITING)
    if probe is None:
        write_answer(run, job.answer_bytes, _send)
    else:
        write_measured(run.outcome, probe.result, _send)


def _redirect(allowance: Allowance) -> None:
    """Replace the program's standard streams with its console."""
    sys.stdout = sys.__stdout__ = ConsoleStream("stdout", allowance, _send_entry, PROGRAM_FILENAME)  # type: ignore[assignment, misc]
    sys.stderr = sys.__stderr__ = ConsoleStream("stderr", allowance, _send_entry, PROGRAM_FILENAME)  # type: ignore[assignment, misc]
    sys.argv[:] = [PROGRAM_FILENAME]


def _send_entry(entry: ConsoleEntry) -> None:
    _send(FrameKind.CONSOLE, as_json({"stream": entry.stream, "text": entry.text, "line": entry.line}))


def _send(kind: FrameKind, body: bytes = b"") -> None:
    rest = memoryview(encode(kind, body))
    while rest:
        rest = rest[os.write(RESULTS, rest) :]


def _arrange_descriptors(pipes: Pipes, kept: int | None) -> None:
    """Arrange the descriptors: 0 empty, 1 and 2 raw output, 3 results, 4 diagnostics, 5 jobs, those of the lockdown, no
    others.
    """
    nothing, writing = os.pipe()
    os.close(writing)
    ends = (nothing, pipes.stdout, pipes.stderr, pipes.results, pipes.diagnostics, pipes.jobs)
    high = [fcntl.fcntl(end, fcntl.F_DUPFD, HIGH_DESCRIPTOR) for end in ends]
    for target, end in enumerate(high):
        os.dup2(end, target, inheritable=False)
    if kept is None:
        os.closerange(_FIRST_UNUSED, _DESCRIPTORS)
    else:
        os.closerange(_FIRST_UNUSED, kept)
        os.closerange(kept + 1, _DESCRIPTORS)
