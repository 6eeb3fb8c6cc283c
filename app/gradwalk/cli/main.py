"""The commands serve, run, trace and openapi. Only here are settings read from the environment."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from gradwalk.config import DEFAULT_URL, Settings
from gradwalk.errors import GradwalkError
from gradwalk.json_logs import write_logs
from gradwalk.version import __version__

cli = typer.Typer(name="gradwalk", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

SERVE, RUN, TRACE = (f"gradwalk.cli.{name}_command" for name in ("serve", "run", "trace"))
"""The modules of the commands, which are loaded by their names and each for its own command only: they need a second or
more, and `trace` needs torch, which the server's process must never import.
"""


def _show_version(wanted: bool) -> None:
    """Print the version and exit."""
    if wanted:
        typer.echo(f"gradwalk {__version__}")
        raise typer.Exit


@cli.callback()
def gradwalk(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Walk step by step through what PyTorch really does: forward, backward and update, with the real numbers."""


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for everything that must survive a restart.")] = None,
    trust_programs: Annotated[
        bool | None,
        typer.Option("--trust-programs", help="Run programs without confinement: only your own, only on loopback."),
    ] = None,
) -> None:
    """Serve the page and the REST API until stopped."""
    chosen = {"host": host, "port": port, "data_dir": data_dir, "trust_programs": trust_programs}
    settings = _settings(**chosen)
    write_logs(sys.stderr, settings.log_level)
    try:
        hindrance: str | None = importlib.import_module(SERVE).serve(
            settings, lambda url: typer.echo(f"Gradwalk is at {url}")
        )
    except GradwalkError as error:
        raise _stop(str(error)) from error
    if hindrance is not None:
        raise _stop(hindrance)


@cli.command()
def trace(
    program: Annotated[Path, typer.Argument(help="The Python program.", exists=True, dir_okay=False, readable=True)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the snapshot is written: .json, or .html for a page.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="Seed of every random number generator.")] = 0,
) -> None:
    """Run a program in this process, unconfined, and write its snapshot. Only for programs that you trust."""
    if output.suffix not in (".json", ".html"):
        json, html = (output.with_suffix(suffix).name for suffix in (".json", ".html"))
        raise _stop(f"Snapshots are written as JSON or as a page: name the output {json} or {html}.")
    try:
        failed: str | None = importlib.import_module(TRACE).trace_file(program, output, seed, _settings())
    except GradwalkError as error:
        raise _stop(str(error)) from error
    except OSError as error:
        raise _stop(f"{error.strerror}: {error.filename}.") from error
    if failed is not None:
        raise _stop(failed)


@cli.command()
def run(
    program: Annotated[Path, typer.Argument(help="The Python program.", exists=True, dir_okay=False, readable=True)],
    url: Annotated[str, typer.Option(envvar="GRADWALK_URL", help="The server that runs it.")] = DEFAULT_URL,
    seed: Annotated[int, typer.Option(min=0, help="Seed of every random number generator.")] = 0,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A what-if: w=2.5, or w[0,1]=2.5.")
    ] = None,
    token: Annotated[str | None, typer.Option(envvar="GRADWALK_TOKEN", help="For a server that asks for one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Run a program on a server, and print the gradient of every parameter."""
    command = importlib.import_module(RUN)
    options = command.RunOptions(url=url, token=token, seed=seed, changes=changes or (), as_json=as_json)
    try:
        completed: bool = command.run_file(program, options)
    except UnicodeDecodeError as error:
        raise _stop(f"{program} is not UTF-8: save it as UTF-8.") from error
    except (GradwalkError, ValueError) as error:
        raise _stop(str(error)) from error
    if not completed:
        raise typer.Exit(1)


@cli.command()
def openapi(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write the OpenAPI document of the REST API."""
    text: str = importlib.import_module(SERVE).openapi_document()
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")


def _settings(**chosen: Any) -> Settings:
    """Read the settings from the environment. Options of the command line override them."""
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise _stop(f"These settings cannot be used: {'; '.join(wrong)}.") from error


def _stop(sentence: str) -> typer.Exit:
    """Print an error message, and return an exception to raise."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)


def main() -> None:
    """Run the command `gradwalk`."""
    cli()


if __name__ == "__main__":
    main()
