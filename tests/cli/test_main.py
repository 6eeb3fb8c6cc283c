"""The command line says in one sentence what is wrong, and does what it says."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gradwalk.cli.main import cli
from gradwalk.config import Settings
from gradwalk.contract.snapshot import Snapshot
from gradwalk.lessons import Lessons
from tests.openapi import document
from tests.processes import gradwalk
from tests.tiers import rest_at_night

PROGRAM = "import torch\nw = torch.tensor(3.0, requires_grad=True)\n(w * w).backward()\nprint(w.grad)\n"


def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    process = gradwalk(*arguments, **environment)
    output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def test_help_lists_the_commands() -> None:
    output = CliRunner().invoke(cli, ["--help"]).output
    assert all(command in output for command in ("serve", "trace", "openapi"))


def test_openapi_is_the_document() -> None:
    code, output, _ = run("openapi")
    assert (code, json.loads(output)) == (0, document())


@pytest.mark.slow
def test_openapi_into_a_file(tmp_path: Path) -> None:
    assert run("openapi", "-o", str(tmp_path / "openapi.json"))[0] == 0
    assert json.loads((tmp_path / "openapi.json").read_text()) == document()


def test_trace_writes_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    code, output, _ = run("trace", str(tmp_path / "program.py"), "-o", str(tmp_path / "snapshot.json"), "--seed", "7")
    assert (code, output) == (0, "tensor(6.)\n")
    snapshot = Snapshot.model_validate_json((tmp_path / "snapshot.json").read_bytes())
    assert snapshot.program.seed == 7
    accumulated = snapshot.iterations[0].backward[0].accumulated
    assert [tensor.data for tensor in accumulated.values()] == [[6.0]]


def test_trace_of_a_program_that_fails_keeps_what_ran(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import torch\nx = torch.ones(2)\ny = x * 2\nraise ValueError('enough')\n")
    code, _, errors = run("trace", str(tmp_path / "program.py"), "-o", str(tmp_path / "out.json"))
    assert code == 1
    assert "line 4: ValueError: enough" in errors
    snapshot = Snapshot.model_validate_json((tmp_path / "out.json").read_bytes())
    assert snapshot.outcome.status == "failed"
    assert any(node.op == "mul" for node in snapshot.graphs[0].nodes)


def test_trace_writes_a_page_that_plays_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    code, _, errors = run("trace", str(tmp_path / "program.py"), "-o", str(tmp_path / "snapshot.html"))
    assert (code, errors) == (0, "")
    page = (tmp_path / "snapshot.html").read_text("utf-8")
    assert '<gradwalk-player heading="program.py">' in page
    assert 'data-iteration="0"' in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trace", "{folder}/program.py", "-o", "{folder}/nowhere/out.json"], "No such file or directory"),
        (["trace", "{folder}/program.py", "-o", "{folder}/out.gif"], "name the output out.json or out.html"),
        (["trace", "{folder}/nothing.py", "-o", "{folder}/out.json"], "does not exist"),
        (["serve", "--port", "99999"], "port: Input should be less than or equal to 65535"),
        (["serve", "--port", "0", "--data-dir", "{folder}/program.py/data"], "--data-dir"),
        (["serve", "--port", "0", "--data-dir", "{folder}", "--host", "0.0.0.0", "--trust-programs"], "loopback"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    code, _, errors = run(*(argument.format(folder=tmp_path) for argument in arguments))
    assert code != 0
    assert sentence in errors
    assert "Traceback" not in errors


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "gradwalk.sqlite3").write_bytes(b"no database" * 1000)
    code, _, errors = run("serve", "--port", "0", "--data-dir", str(tmp_path))
    assert code == 1
    assert "damaged" in errors
    assert "Traceback" not in errors


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    code, _, errors = run("serve", GRADWALK_WALL_SECONDS="soon", GRADWALK_DATA_DIR=str(tmp_path))
    assert code == 1
    assert "wall_seconds" in errors


@pytest.mark.parametrize("stop", rest_at_night([signal.SIGTERM, signal.SIGINT], {signal.SIGINT}))
def test_serve_says_where_it_is_and_stops_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    process = gradwalk("serve", "--port", "0", "--data-dir", str(tmp_path))
    assert process.stdout is not None
    assert re.fullmatch(r"Gradwalk is at http://127\.0\.0\.1:\d+\n", process.stdout.readline())
    process.send_signal(stop)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (0, "")
    # nothing but the lessons that it ran
    assert {(line["level"], line["message"]) for line in map(json.loads, errors.splitlines())} <= {("info", "run")}


def test_the_readme_lists_every_setting() -> None:
    readme = Path("README.md").read_text()
    missing = [name for name in Settings.model_fields if f"`GRADWALK_{name.upper()}`" not in readme]
    assert missing == []


def test_only_trace_needs_torch() -> None:
    code = "import sys; from gradwalk.cli.main import cli; cli(['openapi', '-o', '/dev/null'], standalone_mode=False); "
    code += "print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_what_is_asked_without_a_command_loads_none() -> None:
    code = "import sys; from gradwalk.cli.main import cli; cli(['--version'], standalone_mode=False); "
    code += "print([name for name in sys.modules if name.startswith(('gradwalk.web', 'gradwalk.client', 'fastapi'))])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("\n[]\n")


@pytest.mark.slow
def test_the_lessons_programs_can_be_traced(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(Lessons.built_in().get("training-loop").source)
    assert run("trace", str(tmp_path / "program.py"), "-o", str(tmp_path / "out.json"))[0] == 0
    snapshot = Snapshot.model_validate_json((tmp_path / "out.json").read_bytes())
    assert len(snapshot.graphs) == 1
    losses = [iteration.loss for iteration in snapshot.iterations]
    assert losses == sorted(losses, reverse=True)  # type: ignore[type-var]
    assert len(losses) == 20
