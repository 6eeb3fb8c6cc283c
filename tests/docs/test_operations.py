"""The guide for whoever runs a server names what there is."""

import re
from pathlib import Path

import pytest

from gradwalk.config import Settings
from gradwalk.errors import ServerStopping, StoreUnavailable, Unavailable

GUIDE = Path("docs/operations.md").read_text("utf-8")


def test_every_setting_that_it_names_exists() -> None:
    named = set(re.findall(r"GRADWALK_([A-Z_]+)", GUIDE))
    assert named
    assert {name for name in named if name.lower() not in Settings.model_fields} == set()


def test_every_setting_is_named() -> None:
    assert [name for name in Settings.model_fields if f"GRADWALK_{name.upper()}" not in GUIDE] == []


def test_every_file_that_it_names_exists() -> None:
    files = re.findall(r"`((?:benchmarks|tests)/[\w/.]*|bench_\w+\.py)`", GUIDE)
    assert files
    assert [name for name in files if not (Path(name).exists() or Path("benchmarks", name).exists())] == []


@pytest.mark.parametrize("error", [ServerStopping, StoreUnavailable])
def test_the_codes_that_it_names_are_those_of_the_errors(error: type[Unavailable]) -> None:
    assert f"`{error.code}`" in GUIDE
