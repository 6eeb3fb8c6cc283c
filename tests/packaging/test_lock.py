"""requirements.lock pins every package that pyproject.toml asks for, on every supported version of Python."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
PINNED = [Requirement(line) for line in Path("requirements.lock").read_text("utf-8").splitlines() if line[0] != "#"]
TORCH = [Requirement(line) for line in Path("requirements-torch.txt").read_text("utf-8").splitlines() if line[0] != "#"]
SUPPORTED = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))


def asked_for() -> Iterator[Requirement]:
    """Return every dependency of the package and of its extras, but the package itself."""
    for line in [
        *PROJECT["dependencies"],
        *(line for lines in PROJECT["optional-dependencies"].values() for line in lines),
    ]:
        requirement = Requirement(line)
        if requirement.name != PROJECT["name"]:
            yield requirement


ASKED_FOR = sorted(asked_for(), key=str)


def applies(marker: Marker | None, python: str) -> bool:
    return marker is None or marker.evaluate({"python_version": python, "python_full_version": f"{python}.0"})


def pins(requirement: Requirement, python: str) -> list[str]:
    """Return the versions that are pinned for this version of Python."""
    name = canonicalize_name(requirement.name)
    found = [pin for pin in [*PINNED, *TORCH] if canonicalize_name(pin.name) == name and applies(pin.marker, python)]
    return [specifier.version for pin in found for specifier in pin.specifier if specifier.operator == "=="]


def test_four_versions_of_python_are_supported() -> None:
    assert SUPPORTED == ["3.11", "3.12", "3.13", "3.14"]


@pytest.mark.parametrize("python", SUPPORTED)
def test_every_dependency_is_pinned_within_its_range(python: str) -> None:
    wrong = []
    for requirement in ASKED_FOR:
        versions = pins(requirement, python)
        if len(versions) != 1 or not requirement.specifier.contains(versions[0]):
            wrong.append(f"{requirement}: {versions}")
    assert wrong == [], "run: make lock"


def test_every_line_is_one_exact_version_without_an_address() -> None:
    assert [str(pin) for pin in PINNED if pin.url or [s.operator for s in pin.specifier] != ["=="]] == []


def test_pytorch_is_pinned_in_a_file_of_its_own() -> None:
    assert [pin.name for pin in TORCH] == ["torch"]
    assert [pin.name for pin in PINNED if re.match(r"(torch|triton|nvidia-.*|cuda-.*)$", pin.name)] == []


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_what_installs_uses_both_files(file: str) -> None:
    text = Path(file).read_text("utf-8")
    assert "--requirement requirements-torch.txt" in text
    installs = re.findall(r"install [^\n]*'?\.(?:\[\w+\])?'?$", text, re.MULTILINE)
    assert installs
    assert [line for line in installs if "--constraint requirements.lock" not in line] == []
    assert re.search(r"torch[=<>~]", text) is None
