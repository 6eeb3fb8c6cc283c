"""What recording costs: the same programs plain, recorded, and recorded with a snapshot, in turn, on one thread.

Machines are shared and noisy. Everything is a ratio of runs that stood next to each other, and the median of those.
"""

import argparse
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, TypeVar

import torch

from benchmarks.peers import TorchLens, peers_of
from benchmarks.workloads import (
    TRAININGS,
    Training,
    TrainingLoop,
    Workload,
    elementwise_chain,
    encoder_gpt,
    gpt,
    matrix_chain,
    repeated_layer,
    sequential,
    simple_net,
    wide_chain,
)
from gradwalk.config import Settings
from gradwalk.contract.models import json_of
from gradwalk.recorder import Recording, trace
from gradwalk.recorder.limits import Limits
from gradwalk.sandbox.runner import answer_bytes

RECORDED: Final = 3.0
WITH_SNAPSHOT: Final = 5.0
TEN_TIMES_LONGER: Final = 12.0
REPEATED, ENCODER, SEQUENTIAL, TRAINED = 5.0, 4.0, 3.5, 4.0
"""The most that was asked for, with the snapshot: chains in a module, encoder layers, a Sequential, whole trainings."""
TORCHLENS: Final = 20.0
MEGABYTES: Final = 12.0

Result = TypeVar("Result")

LONG: Final = 10_000
"""Operations of the chains that take their time."""
LONGEST: Final = 100_000


class Round(NamedTuple):
    """Seconds that the same program took: plain, recorded, and to make a snapshot of that recording."""

    plain: float
    recorded: float
    snapshot: float


def main() -> None:
    """Prints all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--thorough", action="store_true", help="TorchLens on chains of 10,000 too: minutes each")
    parser.add_argument("--longest", action="store_true", help=f"the chain of {LONGEST:,} operations and nothing else")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    if arguments.longest:
        survive()
        return
    print(f"recording, one thread, torch {torch.__version__}: medians of ratios to the same program run plainly")
    passes()
    print()
    courses()
    print()
    for program in TRAININGS:
        within_limits(program)
    print()
    training(TrainingLoop(500))
    longest()
    encoding(elementwise_chain(LONG))
    print()
    torchlens(arguments.thorough)


# ---------------------------------------------------------------------- the recorder


def passes() -> None:
    """The table: one row per workload, then the growth of each kind of chain."""
    asked = f"(≤ {RECORDED:.0f}x)", f"(≤ {WITH_SNAPSHOT:.0f}x)"
    row("", "plain", "recorded", "+ snapshot", "TorchLens", "torchview", "prototype")
    row("", "", *asked, *["(earlier)"] * 3)
    for workload in (simple_net(), gpt(1), gpt(8)):
        show(workload.name, rounds(workload, 60), workload.operations)
    for chain, long_rounds in ((elementwise_chain, 9), (matrix_chain, 5), (wide_chain, 3)):
        short, long = chain(LONG // 10), chain(LONG)
        warm_up(short)
        # both lengths in every round: how cost grows is a ratio too
        pairs = [(measure(short), measure(long)) for _ in range(long_rounds)]
        show(short.name, [pair[0] for pair in pairs] + rounds(short, 10), short.operations)
        show(long.name, [pair[1] for pair in pairs], long.operations)
        growth = [statistics.median(b[i] / a[i] for a, b in pairs) for i in range(3)]
        print(
            f"{'':34} ten times the operations: plain {growth[0]:.1f}x, "
            f"recorded {judged(growth[1], TEN_TIMES_LONGER, '.1f')}x, snapshot alone {growth[2]:.1f}x "
            f" (≤ {TEN_TIMES_LONGER:.0f}x)"
        )


def courses() -> None:
    """Networks that cost much more than the others once: many small operations in a module, encoder layers."""
    for workload, count, asked in (
        (repeated_layer(500), 15, REPEATED),
        (repeated_layer(5000), 5, REPEATED),
        (encoder_gpt(4), 20, ENCODER),
        (sequential(), 60, SEQUENTIAL),
    ):
        recording, whole = ratios(rounds(workload, count))
        print(
            f"{workload.name:34} recorded {recording:.1f}x, with snapshot {judged(whole, asked, '.1f')}x  (≤ {asked}x)"
        )


def within_limits(program: Training) -> None:
    """A whole training with the limits that a server has when nothing is set."""
    settings = Settings()
    limits = Limits(
        steps=settings.recorded_steps,
        bytes=settings.recorded_mib << 20,
        inline_elements=settings.inline_elements,
        stored_elements=settings.stored_elements,
        text_bytes=answer_bytes(settings),
        seconds=settings.wall_seconds,
    )

    def recorded_within() -> Recording:
        with trace(limits) as recording:
            program.run()
        return recording

    clocked(recorded_within)
    pairs = [(clocked(program.run)[1], clocked(recorded_within)) for _ in range(5)]
    ratio = statistics.median(took / plain for plain, (_, took) in pairs)
    plain, (recording, _) = pairs[-1]
    snapshot = recording.snapshot()
    whole = sum(1 for iteration in snapshot.iterations if iteration.backward and iteration.updates)
    cut = snapshot.truncated
    losses = sum(1 for i in snapshot.iterations if i.backward) + (0 if cut is None else len(cut.losses))
    print(
        f"{program.name:34} recorded {judged(ratio, TRAINED, '.1f')}x of plain "
        f"({plain * 1000:.0f} ms)  (≤ {TRAINED}x), {whole} of {program.steps} iterations whole, {losses} losses"
        f"{'' if cut is None else ', ' + cut.reason.partition('.')[0]}"
    )


def training(loop: TrainingLoop) -> None:
    """One structure, hundreds of sets of numbers."""
    graphs = len(recorded(loop.run).snapshot().graphs)
    found = [measure(loop) for _ in range(7)]
    recording, whole = ratios(found)
    print(
        f"{loop.name}: recorded {recording:.1f}x, with snapshot {whole:.1f}x of plain "
        f"({statistics.median(r.plain for r in found) * 1000:.0f} ms), graphs {judged(graphs, 1, 'd')}  (asked: 1)"
    )


def longest() -> None:
    """A chain so long that recursion would run out of stack, also while its recording is thrown away again. In a
    process of its own, which may die of it.
    """
    ended = subprocess.run([sys.executable, __file__, "--longest"], check=False)
    if ended.returncode != 0:
        print(f"chain of {LONGEST:,}: !the process died, exit code {ended.returncode}  (asked: no crash)")


def survive() -> None:
    """What the process of its own does."""
    chain = elementwise_chain(LONGEST)
    recording, took = clocked(lambda: recorded(chain.run))
    steps = len(recording.snapshot().iterations[0].steps)
    assert steps > 2 * LONGEST, "every operation has a step forward and one backward"
    del recording
    gc.collect()
    print(f"{chain.name}: recorded in {took:.1f} s, {took / LONGEST * 1e6:.1f} µs per operation, {steps:,} steps")


def encoding(chain: Workload) -> None:
    """The snapshot as JSON: how large, and how long it takes beside recording and making it."""
    found: list[tuple[float, float, float, int]] = []
    for _ in range(3):
        recording, recording_took = clocked(lambda: recorded(chain.run))
        snapshot, snapshot_took = clocked(recording.snapshot)
        json, encoding_took = clocked(partial(json_of, snapshot))
        found.append((recording_took, snapshot_took, encoding_took, len(json)))
    recording_ms, snapshot_ms, encoding_ms = (statistics.median(f[i] for f in found) * 1000 for i in range(3))
    print(
        f"{chain.name}: snapshot of {judged(found[0][3] / 1e6, MEGABYTES, '.1f')} MB  (asked: {MEGABYTES:.0f}); "
        f"recording {recording_ms:.0f} ms, snapshot {snapshot_ms:.0f} ms, encoding {encoding_ms:.0f} ms "
        "(asked: not the longest part)"
    )


# ---------------------------------------------------------------------- TorchLens


def torchlens(thorough: bool) -> None:
    """TorchLens beside the recorder, round by round."""
    if not TorchLens.installed():
        print("TorchLens is not installed (the extra `bench` brings it): nothing to compare with")
        return
    lens = TorchLens()
    print(f"TorchLens {lens.version} with gradients, times the recorder's own time  (asked: ≥ {TORCHLENS:.0f}x)")
    compared = [(simple_net(), 10), (gpt(1), 6), (gpt(8), 6)]
    compared += [(chain(LONG // 10), 2) for chain in (elementwise_chain, matrix_chain, wide_chain)]
    if thorough:
        compared += [(chain(LONG), 1) for chain in (elementwise_chain, matrix_chain, wide_chain)]
    lens.seconds(simple_net())
    for workload, count in compared:
        warm_up(workload)
        found = [(lens.seconds(workload), measure(workload)) for _ in range(count)]
        times = statistics.median(theirs / ours.recorded for theirs, ours in found)
        to_plain = statistics.median(theirs / ours.plain for theirs, ours in found)
        seconds = statistics.median(theirs for theirs, _ in found)
        mark = "" if times >= TORCHLENS else "!"
        print(f"{workload.name:34} {mark}{times:.0f}x  ({seconds:.2f} s, {to_plain:.0f}x of plain)")


# ---------------------------------------------------------------------- measuring


def recorded(program: Callable[[], None]) -> Recording:
    """Runs a program under the recorder. Limits are left alone: none of them may cut a benchmark."""
    with trace() as recording:
        program()
    assert recording.truncated is None, recording.truncated
    return recording


def clocked(function: Callable[[], Result]) -> tuple[Result, float]:
    """The result and the seconds. What earlier measurements left behind is cleared away first."""
    gc.collect()
    began = time.perf_counter()
    result = function()
    return result, time.perf_counter() - began


def measure(program: Workload | TrainingLoop) -> Round:
    """One round."""
    _, plain = clocked(program.run)
    recording, recording_took = clocked(lambda: recorded(program.run))
    _, snapshot = clocked(recording.snapshot)
    return Round(plain, recording_took, snapshot)


def warm_up(program: Workload | TrainingLoop) -> None:
    """What happens once in a process is no cost of a recording."""
    for _ in range(3):
        measure(program)


def rounds(workload: Workload, count: int) -> list[Round]:
    """Rounds after a warm-up."""
    warm_up(workload)
    return [measure(workload) for _ in range(count)]


def ratios(found: list[Round]) -> tuple[float, float]:
    """Recording, and recording with a snapshot, to plain."""
    return (
        statistics.median(r.recorded / r.plain for r in found),
        statistics.median((r.recorded + r.snapshot) / r.plain for r in found),
    )


# ---------------------------------------------------------------------- printing


def show(name: str, found: list[Round], operations: int | None) -> None:
    """One row of the table."""
    recording, whole = ratios(found)
    plain = statistics.median(r.plain for r in found)
    unit = f"{plain / operations * 1e6:.1f} µs/op" if operations else f"{plain * 1000:.2f} ms"
    row(
        name,
        unit,
        f"{judged(recording, RECORDED, '.1f')}x",
        f"{judged(whole, WITH_SNAPSHOT, '.1f')}x",
        *peers_of(name),
    )


def row(name: str, *cells: str) -> None:
    """Prints one line of the table."""
    print(f"{name:34} " + " ".join(f"{cell:>11}" for cell in cells))


def judged(figure: float, asked: float, form: str) -> str:
    """The figure, with a mark when it is more than was asked for."""
    return ("" if figure <= asked else "!") + format(figure, form)


if __name__ == "__main__":
    main()
