"""The command `trace`: one program, run in this process. Only this command and the sandbox's child need torch."""

from pathlib import Path

from app.config import Settings
from app.snapshot import Program
from app.tracing.limits import Limits
from app.tracing.program import run_program


def trace_file(program: Path, output: Path, seed: int, settings: Settings) -> str | None:
    """Runs a program and writes its snapshot. A sentence when the program failed, else null. Raises OSError."""
    limits = Limits(
        steps=settings.recorded_steps,
        bytes=settings.recorded_mib << 20,
        inline_elements=settings.inline_elements,
        stored_elements=settings.stored_elements,
    )
    run = run_program(Program(source=program.read_text("utf-8"), seed=seed), limits)
    output.write_text(run.snapshot().model_dump_json(by_alias=True) + "\n", "utf-8")
    error = run.outcome.error
    if error is None:
        return None
    where = f" at line {error.line}" if error.line else ""
    return f"The program failed{where}: {error.type}: {error.message}. What ran before that is in {output}."
