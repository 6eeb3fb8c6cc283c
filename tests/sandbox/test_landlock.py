import subprocess
import sys

import pytest

from gradwalk.sandbox import landlock


@pytest.mark.parametrize(
    ("version", "length", "files"),
    [
        (1, 8, 0x1FFF),
        (2, 8, 0x3FFF),
        (3, 8, 0x7FFF),
        (4, 16, 0x7FFF),
        (5, 16, 0xFFFF),
        (6, 24, 0xFFFF),
        (9, 24, 0xFFFF),
    ],
)
def test_attributes_handle_all_that_a_version_knows(version: int, length: int, files: int) -> None:
    raw = landlock.attributes(version)
    assert len(raw) == length
    assert int.from_bytes(raw[:8], "little") == files


CONFINE_AND_OPEN = """
import socket
from gradwalk.sandbox import kernel, landlock
ruleset = landlock.Ruleset(100)
assert ruleset.descriptor >= 100
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
open("/etc/passwd").close()
ruleset.apply()
try:
    open("/etc/passwd")
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
def test_a_confined_process_opens_no_file() -> None:
    done = subprocess.run([sys.executable, "-c", CONFINE_AND_OPEN], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
