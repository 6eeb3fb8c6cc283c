"""What a running program finds around it. The hostile programs try to get out; these look at the walls themselves."""

import json
import math
from typing import Any

import pytest

from gradwalk.sandbox.runner import CPU_SECONDS_BEYOND_WALL
from tests.sandbox.conftest import Served


def seen(served: Served, source: str) -> Any:
    """What the program printed, read as JSON."""
    answer = served.run("import ctypes, fcntl, json, os, resource\n" + source)
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    return json.loads("".join(entry.text for entry in answer.console))


def test_every_layer_that_this_machine_has_holds(served: Served) -> None:
    layers = served.sandbox.layers
    assert layers.limits
    assert layers.seccomp


def test_resources_are_limited(served: Served) -> None:
    names = ["CORE", "FSIZE", "NPROC", "NOFILE", "CPU"]
    limits = seen(served, f"print(json.dumps([resource.getrlimit(getattr(resource, 'RLIMIT_' + n)) for n in {names}]))")
    seconds = math.ceil(served.settings.wall_seconds) + CPU_SECONDS_BEYOND_WALL
    assert limits == [[0, 0], [0, 0], [0, 0], [16, 16], [seconds, seconds + 1]]


def test_memory_is_bounded_beyond_what_was_there_at_the_start(served: Served) -> None:
    source = """
import torch
got = 0
try:
    keep = []
    while True:
        keep.append(bytearray(1 << 20))
        got += 1
except MemoryError:
    del keep
print(got)
"""
    megabytes = seen(served, source)
    assert 0.7 * served.settings.memory_mib < megabytes <= served.settings.memory_mib


def test_no_descriptor_but_its_own_is_open(served: Served) -> None:
    source = """
def is_open(fd):
    try:
        fcntl.fcntl(fd, fcntl.F_GETFD)
    except OSError:
        return False
    return True
print([fd for fd in range(4096) if is_open(fd)])
"""
    assert seen(served, source) == [0, 1, 2, 3, 4]


def test_nothing_of_the_server_is_in_the_environment(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWALK_SECRET", "hunter2")
    names = seen(served, "print(json.dumps(sorted(os.environ)))")
    allowed = {"LANG", "HOME", "PYTHONHASHSEED", "MALLOC_ARENA_MAX", "TORCHINDUCTOR_CACHE_DIR"}
    assert not [
        name for name in names if name not in allowed and not name.endswith(("_NUM_THREADS", "_LIMIT", "LC_CTYPE"))
    ]


def test_privileges_are_gone_for_ever(served: Served) -> None:
    source = "libc = ctypes.CDLL(None)\nprint([libc.prctl(39, 0, 0, 0, 0), libc.prctl(3, 0, 0, 0, 0)])"
    assert seen(served, source) == [1, 0]  # no_new_privs, not dumpable


def test_each_run_has_a_user_of_its_own_where_the_server_may_give_it_one(served: Served) -> None:
    if not served.sandbox.layers.own_user:
        pytest.skip("the server is not root")
    users = {seen(served, "print(os.getuid())") for _ in range(2)}
    assert len(users) == 2
    assert min(users) >= 61_000


def test_the_session_is_its_own(served: Served) -> None:
    assert seen(served, "print(json.dumps(os.getpgrp() == os.getpid()))") is True


def test_standard_input_is_empty(served: Served) -> None:
    answer = served.run("input()")
    assert answer.recorded.outcome.error is not None
    assert answer.recorded.outcome.error.type == "EOFError"
