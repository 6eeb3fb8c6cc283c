"""The examples of docs/api.md run against a real server, and its tables are whole."""

import os
import re
import subprocess
import sys
from pathlib import Path

import typer

from gradwalk.cli.main import cli
from gradwalk.contract.snapshot import Snapshot
from gradwalk.web.http.problems import CONNECTION, INTERNAL_ERROR, KINDS, PROTOCOL
from tests.openapi import document
from tests.processes import ServerProcess

TEXT = Path("docs/api.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"


def examples(language: str, gradwalk_server: ServerProcess) -> str:
    """All examples in a language, one after the other, for the server that runs."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert all(ADDRESS in example for example in found)
    return "\n".join(found).replace(ADDRESS, gradwalk_server.url)


def run(command: list[str], folder: Path) -> str:
    """Standard output of a program that must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
    return ran.stdout


def test_the_examples_in_python(gradwalk_server: ServerProcess, tmp_path: Path) -> None:
    (tmp_path / "examples.py").write_text(examples("python", gradwalk_server))
    promised = re.findall(r"# prints: (.*)$", TEXT, re.MULTILINE)
    assert len(promised) > 5
    assert run([sys.executable, "examples.py"], tmp_path).splitlines() == promised


def test_the_examples_with_curl_and_the_command_line(gradwalk_server: ServerProcess, tmp_path: Path) -> None:
    output = run(["bash", "-euo", "pipefail", "-c", examples("sh", gradwalk_server)], tmp_path)
    assert re.search(r"^  w +1 +2\.2 +-0\.0898\d? *$", output, re.MULTILINE)
    assert '"schema_version":1' in output
    assert (tmp_path / "w.npy").read_bytes().startswith(b"\x93NUMPY")
    (exported,) = tmp_path.glob("gradwalk-*.json")
    assert Snapshot.model_validate_json(exported.read_bytes()).outcome.status == "completed"


def test_every_problem_code_is_listed_with_its_status() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (\d{3}) \|", TEXT, re.MULTILINE))
    codes = {error.code: str(int(kind.status)) for error, kind in KINDS.items()}
    for protocols in (PROTOCOL, CONNECTION, {500: INTERNAL_ERROR}):
        codes |= {protocol.code: str(status) for status, protocol in protocols.items()}
    assert listed == codes


def test_every_route_is_listed() -> None:
    for path in document()["paths"]:
        told = path.replace("{snapshot_id}", "{id}").replace("{index}", "{k}").replace("{tensor_id}", "{tensor}")
        told = told.replace("{edge_id}", "{edge}").replace("{node_id}", "{node}")
        assert f"{told}`" in TEXT


def test_every_option_of_the_command_is_named() -> None:
    command = typer.main.get_command(cli).commands["run"]  # type: ignore[attr-defined]
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    assert {"--url", "--set"} <= options
    assert [name for name in options - {"--help"} if name not in TEXT] == []
