"""The command `run` against the real server."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradwalk.cli.run_command import parse_override, progress_text
from gradwalk.client import IterationEnded, Queued, Started
from gradwalk.contract.snapshot import LoopTurn, Override
from tests.processes import ServerProcess

PROGRAM = """import torch
net = torch.nn.Linear(3, 2)
w = torch.tensor(2.0, requires_grad=True)
unused = torch.ones(2, requires_grad=True)
for _ in range(3):
    loss = (net(torch.ones(1, 3)).sum() + w ** 2) ** 2
    loss.backward()
print("the gradient is", w.grad)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path / "program.py"


def run(*arguments: str, url: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error; over pipes."""
    ran = subprocess.run(
        [sys.executable, "-m", "gradwalk", "run", *arguments],
        env={**os.environ, "GRADWALK_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.returncode, ran.stdout, ran.stderr


def rows(output: str) -> dict[str, list[str]]:
    """The lines of the table, by their first column."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in output.splitlines()]
    return {cells[0]: cells[1:] for cells in lines if len(cells) == 4}


def test_the_gradient_of_every_parameter(gradwalk_server: ServerProcess, program: Path) -> None:
    code, output, errors = run(str(program), url=gradwalk_server.url)
    assert (code, errors) == (0, "")
    assert output.startswith("the gradient is tensor(")
    assert "\ncompleted\n" in output
    assert re.search(r"^loss \S+ → \S+ → \S+ \(3 iterations\)$", output, re.MULTILINE)
    shown = rows(output)
    assert shown.keys() == {"parameter", "w", "unused", "net.weight", "net.bias"}
    assert shown["w"][:2] == ["scalar", "2"]
    printed = re.search(r"tensor\((.*)\)", output)
    assert printed is not None
    assert float(shown["w"][2]) == pytest.approx(float(printed[1]), rel=1e-3)
    assert shown["unused"] == ["2", "norm 1.414, min 1, max 1", "none"]
    assert re.fullmatch(r"norm \S+, min \S+, max \S+", shown["net.weight"][2])
    assert "\x1b" not in output
    page = output.splitlines()[-1]
    assert page.startswith(f"{gradwalk_server.url}/s/")
    with gradwalk_server.client() as client:
        assert client.get(page, headers={"Accept": "text/html"}).status_code in (200, 503)  # 503: not built


def test_a_seed_and_what_if_changes(gradwalk_server: ServerProcess, program: Path) -> None:
    first = run(str(program), "--seed", "1", url=gradwalk_server.url)[1]
    assert rows(first) == rows(run(str(program), "--seed", "1", url=gradwalk_server.url)[1])
    assert rows(first) != rows(run(str(program), "--seed", "2", url=gradwalk_server.url)[1])
    changed = rows(run(str(program), "--set", "w=3.5", "--set", "unused[1]=9", url=gradwalk_server.url)[1])
    assert changed["w"][1] == "3.5"


def test_json_is_for_machines(gradwalk_server: ServerProcess, program: Path) -> None:
    code, output, errors = run(str(program), "--json", url=gradwalk_server.url)
    told = json.loads(output)
    assert (code, errors) == (0, "")
    assert told["outcome"] == {"status": "completed", "error": None}
    assert told["page"] == f"{gradwalk_server.url}/s/{told['snapshot']}"
    assert len(told["losses"]) == 3
    gradients = {parameter["name"]: parameter["gradient"] for parameter in told["parameters"]}
    assert gradients["net.weight"]["shape"] == [2, 3]
    assert gradients["unused"] is None
    assert told["console"][0]["text"].startswith("the gradient is")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_program_that_fails(gradwalk_server: ServerProcess, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "bad.py").write_text("import torch\nw = torch.ones(2, requires_grad=True)\nw @ torch.ones(3)\n")
    code, output, _ = run(str(tmp_path / "bad.py"), *options, url=gradwalk_server.url)
    assert code == 1
    if options:
        assert json.loads(output)["outcome"]["error"]["line"] == 3
    else:
        assert "failed at line 3: RuntimeError: " in output
        assert "/s/" in output


@pytest.mark.parametrize(
    ("text", "arguments", "sentence"),
    [
        (PROGRAM, ["--url", "http://127.0.0.1:9"], "No server answers at http://127.0.0.1:9"),
        pytest.param(PROGRAM, ["--url", "localhost"], "write http://127.0.0.1:8000", marks=pytest.mark.slow),
        (PROGRAM, ["--set", "w"], "'w' sets nothing: write w=2.5"),
        pytest.param(PROGRAM, ["--set", "w=much"], "'w=much' sets nothing", marks=pytest.mark.slow),
        pytest.param(PROGRAM, ["--set", "w=nan"], "'w=nan' sets nothing", marks=pytest.mark.slow),
        ("", [], "Write at least one line of code"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    gradwalk_server: ServerProcess, tmp_path: Path, text: str, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "program.py").write_text(text)
    code, output, errors = run(str(tmp_path / "program.py"), *arguments, url=gradwalk_server.url)
    assert (code, output) == (1, "")
    assert sentence in errors
    assert errors.count("\n") == 1


def test_a_program_that_is_no_text(gradwalk_server: ServerProcess, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_bytes(b"\xff\xfe")
    code, _, errors = run(str(tmp_path / "program.py"), url=gradwalk_server.url)
    assert code == 1
    assert "save it as UTF-8" in errors


def test_a_terminal_sees_a_bar_and_colours(gradwalk_server: ServerProcess, program: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    for unwanted in ("NO_COLOR", "CI"):
        environment.pop(unwanted, None)
    with subprocess.Popen(
        [sys.executable, "-m", "gradwalk", "run", str(program), "--url", gradwalk_server.url],
        env=environment,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 65536):
                seen += part
        except OSError:  # how a terminal's end is told
            pass
        os.close(ours)
    text = seen.decode()
    assert process.returncode == 0
    assert "━" in text
    assert "\x1b[32mcompleted" in text
    assert "net.weight" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w=2.5", Override(name="w", index=[], value=2.5)),
        ("w[0]=-1e3", Override(name="w", index=[0], value=-1000.0)),
        (" net.fc1.weight[0, 12] = 3", Override(name="net.fc1.weight", index=[0, 12], value=3.0)),
        ("weights[0][]=2", Override(name="weights[0]", index=[], value=2.0)),
        ("p['a']=2", Override(name="p['a']", index=[], value=2.0)),
        ("weights[0][1]=2", Override(name="weights[0]", index=[1], value=2.0)),
    ],
)
def test_what_if_changes(text: str, expected: Override) -> None:
    assert parse_override(text) == expected


@pytest.mark.parametrize("text", ["", "=", "w=", "=2", "w[a]=2", "w[0=2", "w=1=2", "w=inf", "w[1.5]=2"])
def test_what_is_no_what_if_change(text: str) -> None:
    with pytest.raises(ValueError, match="sets nothing"):
        parse_override(text)


def test_what_the_bar_says() -> None:
    assert progress_text(Queued(position=3)) == "waiting, 3 before it"
    assert progress_text(Started(queued_ms=1.0)) == "running"
    assert progress_text(IterationEnded(index=4, loss=0.31)) == "iteration 5, loss 0.31"
    assert progress_text(IterationEnded(index=4, loss=None)) == "iteration 5"
    epoch = LoopTurn(line=9, number=2, variable="epoch", value=2)
    batch = LoopTurn(line=12, number=4, variable=None, value=None)
    told = IterationEnded(index=4, loss=0.31, turns=[epoch, batch])
    assert progress_text(told) == "iteration 5 (epoch 2, turn 5 of the loop in line 12), loss 0.31"
