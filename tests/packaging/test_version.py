"""The version is written once."""

import json
import tomllib
from pathlib import Path

from gradwalk.version import __version__
from tests.processes import gradwalk


def test_the_package_takes_it_from_the_source() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    file = Path(project["tool"]["hatch"]["version"]["path"])
    assert f'__version__ = "{__version__}"' in file.read_text("utf-8")


def test_the_page_has_none_of_its_own() -> None:
    assert "version" not in json.loads(Path("static/package.json").read_text("utf-8"))
    assert "version" not in json.loads(Path("static/package-lock.json").read_text("utf-8"))["packages"][""]


def test_the_command_line_says_it() -> None:
    process = gradwalk("--version")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (0, f"gradwalk {__version__}\n", "")


def test_the_changelog_has_a_section_for_it() -> None:
    changelog = Path("CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    assert f"## [{__version__}]" in changelog
