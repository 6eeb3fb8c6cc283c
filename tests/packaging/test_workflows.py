"""The workflows of .github do what the project promises, with the rights that they need and no more."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = sorted(Path(".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text("utf-8"), re.MULTILINE))
COMMANDS = re.compile(r"make (?:\"\$TIER\"|([a-z-]+))")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_there_is_one_for_each_kind_of_check() -> None:
    assert [path.stem for path in WORKFLOWS] == ["container", "docs", "lint", "tests"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_it_may_only_read(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert [name for name, job in workflow["jobs"].items() if "permissions" in job] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_it_uses_actions_of_one_major_version(path: Path) -> None:
    used = [step["uses"] for job in read(path)["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [action for action in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", action)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_it_calls_targets_of_the_makefile(path: Path) -> None:
    commands = [step["run"] for job in read(path)["jobs"].values() for step in job["steps"] if "run" in step]
    assert commands
    for command in commands:
        found = COMMANDS.match(command)
        assert found, command
        assert found[1] is None or found[1] in TARGETS, command


def test_the_tests_run_on_every_supported_version_of_python() -> None:
    classifiers = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    supported = re.findall(r"Python :: (3\.\d+)", " ".join(classifiers))
    assert read(Path(".github/workflows/tests.yml"))["jobs"]["tests"]["strategy"]["matrix"]["python"] == supported


def test_dependabot_watches_every_kind_of_dependency() -> None:
    updates = {
        update["package-ecosystem"]: update["directory"] for update in read(Path(".github/dependabot.yml"))["updates"]
    }
    assert updates == {"pip": "/", "npm": "/static", "github-actions": "/", "docker": "/"}


def test_every_issue_form_can_be_read() -> None:
    forms = {path.stem: read(path) for path in Path(".github/ISSUE_TEMPLATE").glob("*.yml")}
    assert forms.keys() == {"bug", "recording", "idea", "config"}
    del forms["config"]
    for form in forms.values():
        assert form["name"]
        assert form["description"]
        ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
        assert len(set(ids)) == len(ids) > 0
