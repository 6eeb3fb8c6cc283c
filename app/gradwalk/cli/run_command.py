"""The command `run`: one program, run by a server."""

import re
from pathlib import Path
from typing import TypeAlias

import orjson
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from gradwalk.cli.run_report import Report, number, output_console, report, show
from gradwalk.client import Client, IterationEnded, Progress, Queued
from gradwalk.contract.snapshot import Override
from gradwalk.web.bodies import RunCreated

_OVERRIDE = re.compile(
    r"""
    (?P<name> [^\W\d][\w.]* (?: \[ (?: \d+ | '[^']*' | "[^"]*" ) \] )*? )   # w, net.0.weight, weights[0], p['a']
    (?: \[ (?P<index> [\d,\s]* ) \] )?
    \s* = (?P<value> [^=]+ )
    """,
    re.VERBOSE,
)

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def run_file(client: Client, program: Path, seed: int, overrides: list[Override], as_json: bool) -> bool:
    """Runs a program and prints what came of it. Whether it completed.

    Raises OSError, UnicodeDecodeError, and what the client raises.
    """
    told = report(client, _run_with_bar(client, program.read_text("utf-8"), seed, overrides))
    console = output_console()
    if as_json:
        console.out(orjson.dumps(as_document(told), option=orjson.OPT_INDENT_2).decode(), highlight=False)
    else:
        show(told, console)
    return told.created.outcome.status == "completed"


def as_document(told: Report) -> dict[str, Json]:
    """The report for a machine, with the tensors as they stand in the snapshot."""
    return {
        "snapshot": told.created.snapshot,
        "page": told.page,
        "outcome": told.created.outcome.model_dump(mode="json"),
        "timings": told.created.timings.model_dump(mode="json"),
        "console": [entry.model_dump(mode="json") for entry in told.head.console],
        "losses": [iteration.loss for iteration in told.head.iterations],
        "parameters": [
            {
                "name": parameter.name,
                "value": parameter.value.model_dump(mode="json") if parameter.value else None,
                "gradient": parameter.gradient.model_dump(mode="json") if parameter.gradient else None,
            }
            for parameter in told.parameters
        ],
    }


def override(text: str) -> Override:
    """`w=2.5`, `w[0,1]=2.5` or, of an element in a list, `weights[0][]=2.5`. Raises ValueError with a sentence."""
    found = _OVERRIDE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        index = [int(part) for part in (found["index"] or "").split(",") if part.strip()]
        return Override(name=found["name"], index=index, value=float(found["value"]))
    except ValueError as error:
        raise ValueError(f"{text!r} sets nothing: write w=2.5, or w[0,1]=2.5 for one element.") from error


def progress_text(told: Progress) -> str:
    """What the bar says."""
    if isinstance(told, Queued):
        return f"waiting, {told.position} before it"
    if isinstance(told, IterationEnded):
        loss = f", loss {number(told.loss)}" if told.loss is not None else ""
        return f"iteration {told.index}{loss}"
    return "running"


def _run_with_bar(client: Client, source: str, seed: int, overrides: list[Override]) -> RunCreated:
    """A bar on a terminal, nothing on a pipe: nobody would see it move."""
    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("running", total=None)
        return client.run(
            source, seed, overrides, on_progress=lambda told: bar.update(task, description=progress_text(told))
        )
