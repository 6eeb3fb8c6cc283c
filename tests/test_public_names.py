"""The public names of the package, and a user's own `app` package beside it."""

import subprocess
import sys
from pathlib import Path

import gradwalk

PUBLIC = ["Client", "Snapshot", "__version__", "trace"]


def run(code: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_these_names_are_public_and_no_others() -> None:
    assert sorted(gradwalk.__all__) == PUBLIC
    assert dir(gradwalk) == PUBLIC
    assert all(getattr(gradwalk, name) is not None for name in PUBLIC)


def test_another_name_is_an_attribute_error(tmp_path: Path) -> None:
    code = "import gradwalk\ntry:\n    gradwalk.tracing\nexcept AttributeError as error:\n    print(error)"
    assert run(code, tmp_path) == "module 'gradwalk' has no attribute 'tracing'"


def test_the_package_alone_imports_no_torch(tmp_path: Path) -> None:
    assert run("import sys, gradwalk; print('torch' in sys.modules)", tmp_path) == "False"


def test_users_get_types() -> None:
    assert (Path(gradwalk.__file__).parent / "py.typed").is_file()


def test_a_users_own_app_package_stays_theirs(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("MINE = 42\n")
    code = """
import app
import torch
from gradwalk import trace

w = torch.tensor(2.0, requires_grad=True)
with trace() as recording:
    (w * w).backward()
print(app.MINE, len(recording.snapshot().graphs[0].nodes))
"""
    assert run(code, tmp_path) == "42 2"


def test_nothing_of_ours_is_called_app() -> None:
    code = "import importlib.util; print(importlib.util.find_spec('app'))"
    assert run(code, Path("/")) == "None"
