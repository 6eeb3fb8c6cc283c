"""What a confined child says of the versions of packages, though it cannot read their files."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from tests.sandbox.conftest import Served, texts

IN_A_PROCESS_OF_ITS_OWN = """
import sys
from gradwalk.sandbox.package_versions import PACKAGES, remember_versions
remember_versions()
del sys.meta_path[:-1]
from importlib.metadata import distributions, packages_distributions, requires, version
print({name: version(name) for name in PACKAGES}, len(list(distributions())), requires("torch"))
"""

ASKED = {
    "by name": 'from importlib.metadata import version\nprint("torch version:", version("torch"))',
    "of several": "import importlib.metadata as m\nfor p in ['torch', 'numpy']: print(p, 'version:', m.version(p))",
    "by its distribution": "import importlib.metadata as m\nprint('torch version:', m.distribution('torch').version)",
    "in the metadata": "import importlib.metadata as m\nprint('torch version:', m.metadata('torch')['Version'])",
}


def test_the_versions_are_known_without_any_other_finder() -> None:
    command = [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{ {name: version(name) for name in ('torch', 'numpy')} } 2 None\n"


@pytest.mark.parametrize("program", ASKED)
def test_a_program_is_told_the_versions(served: Served, program: str) -> None:
    answer = served.run(ASKED[program])
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    assert f"torch version: {version('torch')}\n" in texts(answer)


def test_a_package_that_is_not_there_has_no_version(served: Served) -> None:
    error = served.run("from importlib.metadata import version\nversion('tiktoken')").recorded.outcome.error
    assert error is not None
    assert error.type == "PackageNotFoundError"
    assert "tiktoken is not installed here" in (error.hint or "")
