"""The command `trace`, which runs one program in this process. Only it and the sandbox's child need torch."""

from pathlib import Path

from gradwalk.config import Settings
from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.errors import Unavailable
from gradwalk.exports.player_page import data_block, head_block
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.web.assets import Assets


def trace_file(program: Path, output: Path, seed: int, settings: Settings) -> str | None:
    """Run a program and write its snapshot, as JSON or as a page that plays it. Return a sentence when the program
    failed, else null. Raises OSError, Unavailable.
    """
    limits = Limits(
        steps=settings.recorded_steps,
        bytes=settings.recorded_mib << 20,
        inline_elements=settings.inline_elements,
        stored_elements=settings.stored_elements,
    )
    run = run_program(Program(source=program.read_text("utf-8"), seed=seed), limits)
    snapshot = run.snapshot()
    if output.suffix == ".html":
        output.write_bytes(page_of(snapshot, program.name))
    else:
        output.write_text(snapshot.model_dump_json(by_alias=True) + "\n", "utf-8")
    error = run.outcome.error
    if error is None:
        return None
    where = f" at line {error.line}" if error.line else ""
    return f"The program failed{where}: {error.type}: {error.message}. What ran before that is in {output}."


def page_of(snapshot: Snapshot, title: str) -> bytes:
    """Return the page that plays a snapshot, in one file. Raises Unavailable."""
    player = Assets.load().player()
    if player is None:
        raise Unavailable("The page was not built: run make build first, or write the snapshot as JSON.")
    iterations = [data_block("iteration", str(body.index), json_of(body)) for body in snapshot.iterations]
    tensors = [data_block("tensor", name, json_of(tensor)) for name, tensor in snapshot.tensors.items()]
    head = head_block(snapshot.id, json_of(snapshot.head()))
    return b"".join([player.opening(title), head, *iterations, *tensors, player.closing()])
