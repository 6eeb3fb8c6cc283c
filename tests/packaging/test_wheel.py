"""The wheel and the source distribution: built as for a release, then installed where there is no Node.js."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SOURCE = Path(tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["version"]["path"])
PACKAGE = SOURCE.parent.name
"""The name that is imported."""
VERSION = re.findall(r'__version__ = "(.+)"', SOURCE.read_text("utf-8"))[0]
NEEDED = {
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "requirements.lock",
    "requirements-torch.txt",
    "static/build.py",
    "static/hatch_build.py",
    "static/package.json",
    "static/package-lock.json",
    "static/vite.config.ts",
    "static/vite.player.config.ts",
}

pytestmark = pytest.mark.slow


def run(*command: object, folder: Path = ROOT, **environment: str) -> str:
    """Return what a command prints; a command that fails, fails the test."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GRADWALK_", "PYTHON"))}
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the source distribution, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment that has the wheel, and takes its dependencies from this one."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin" / "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    (packages,) = folder.glob("lib/python*/site-packages")
    # a path that a .pth file adds is searched last, and its own .pth files, such as this checkout's, are not read
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where an installed server answers that finds no other program."""
    folder = tmp_path_factory.mktemp("elsewhere")
    command = [str(installed / "gradwalk"), "serve", "--port", "0", "--data-dir", str(folder / "data")]
    environment = {"PATH": str(installed), "HOME": str(folder)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line + (folder / "log").read_text()
            yield found[0]
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)


def test_a_package_index_would_take_both(built: Path) -> None:
    run(sys.executable, "-m", "twine", "check", "--strict", *built.iterdir())


def test_the_wheel_adds_one_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    assert {name.split("/")[0] for name in names} == {PACKAGE, f"gradwalk-{VERSION}.dist-info"}
    assert f"gradwalk-{VERSION}.dist-info/licenses/LICENSE" in names
    assert "\nLicense-Expression: MIT\n" in metadata
    assert f"\nVersion: {VERSION}\n" in metadata
    assert "\nProject-URL:" not in metadata


def test_the_wheel_has_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert f"{PACKAGE}/py.typed" in archive.namelist()


def test_the_source_distribution_has_what_a_build_needs(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as sources:
        names = {name.partition("/")[2] for name in sources.getnames()}
    assert names >= NEEDED
    assert any(name.startswith("static/src/") for name in names)
    assert any(name.startswith("templates/") for name in names)
    assert not any(name.startswith(("static/node_modules", "static/dist", ".venv")) for name in names)


def test_the_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "gradwalk", "--version", folder=tmp_path, PATH="") == f"gradwalk {VERSION}\n"


@pytest.mark.parametrize("path", ["/", "/lessons/neuron", "/embed/lessons/neuron"])
def test_the_installed_server_has_the_page(address: str, path: str) -> None:
    page = httpx.get(address + path).raise_for_status()
    linked = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
    assert any(name.endswith(".js") for name in linked)
    assert any(name.endswith(".css") for name in linked)
    for name in linked:
        assert httpx.get(address + name).raise_for_status().content


def test_the_installed_server_runs_a_program(address: str) -> None:
    source = "import torch\nw = torch.tensor(3.0, requires_grad=True)\n(w * w).backward()\n"
    created = httpx.post(f"{address}/api/v1/runs", json={"source": source}, timeout=60).raise_for_status().json()
    assert created["outcome"]["status"] == "completed"
    snapshot = f"{address}/api/v1/snapshots/{created['snapshot']}"
    assert "<svg" in httpx.get(f"{snapshot}/export/svg").raise_for_status().text
    assert "<script" in httpx.get(f"{snapshot}/export/html").raise_for_status().text


def test_a_package_of_a_user_called_app_is_left_alone(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("NAME = 'of the user'\n")
    code = "import app; from gradwalk import Client, trace; print(app.NAME, Client.__name__, trace.__name__)"
    assert run(installed / "python", "-c", code, folder=tmp_path) == "of the user Client trace\n"
