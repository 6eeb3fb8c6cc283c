"""The command `run`, which has a server run one program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import orjson
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from gradwalk.cli.run_report import RunReport, fetch_report, format_element, output_console, print_report
from gradwalk.client import Client, IterationEnded, Progress, Queued
from gradwalk.contract.snapshot import Override
from gradwalk.exports.iteration_names import iteration_name
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


@dataclass(frozen=True)
class RunOptions:
    """The options of the command. `changes`: of what-ifs, each as `parse_override` reads it."""

    url: str
    token: str | None
    seed: int
    changes: Sequence[str]
    as_json: bool


def run_file(program: Path, options: RunOptions) -> bool:
    """Run a program on a server and print the report. Return true when the program completed.

    Raises OSError, UnicodeDecodeError, ValueError for a change that sets nothing, and what the client raises.
    """
    overrides = [parse_override(change) for change in options.changes]
    with Client(options.url, token=options.token) as client:
        created = _run_with_bar(client, program.read_text("utf-8"), options.seed, overrides)
        report = fetch_report(client, created)
    console = output_console()
    if options.as_json:
        console.out(orjson.dumps(as_document(report), option=orjson.OPT_INDENT_2).decode(), highlight=False)
    else:
        print_report(report, console)
    return report.created.outcome.status == "completed"


def as_document(report: RunReport) -> dict[str, Json]:
    """Return the report as a JSON document, with the tensors in the format of the snapshot."""
    return {
        "snapshot": report.created.snapshot,
        "page": report.page,
        "outcome": report.created.outcome.model_dump(mode="json"),
        "timings": report.created.timings.model_dump(mode="json"),
        "console": [entry.model_dump(mode="json") for entry in report.head.console],
        "losses": [iteration.loss for iteration in report.head.iterations],
        "parameters": [
            {
                "name": parameter.name,
                "value": parameter.value.model_dump(mode="json") if parameter.value else None,
                "gradient": parameter.gradient.model_dump(mode="json") if parameter.gradient else None,
            }
            for parameter in report.parameters
        ],
    }


def parse_override(text: str) -> Override:
    """Parse `w=2.5`, `w[0,1]=2.5` or, for a scalar in a list, `weights[0][]=2.5`. Raises ValueError with a sentence."""
    found = _OVERRIDE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        index = [int(part) for part in (found["index"] or "").split(",") if part.strip()]
        return Override(name=found["name"], index=index, value=float(found["value"]))
    except ValueError as error:
        raise ValueError(f"{text!r} sets nothing: write w=2.5, or w[0,1]=2.5 for one element.") from error


def progress_text(event: Progress) -> str:
    """Return the text beside the progress bar."""
    if isinstance(event, Queued):
        return f"waiting, {event.position} before it"
    if isinstance(event, IterationEnded):
        loss = f", loss {format_element(event.loss)}" if event.loss is not None else ""
        return f"{iteration_name(event.index, event.turns)}{loss}"
    return "running"


def _run_with_bar(client: Client, source: str, seed: int, overrides: list[Override]) -> RunCreated:
    """Run a program and show a progress bar, but only on a terminal."""
    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("running", total=None)
        return client.run(
            source, seed, overrides, on_progress=lambda event: bar.update(task, description=progress_text(event))
        )
