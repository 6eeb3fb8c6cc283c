import re
from pathlib import Path

import pytest

from gradwalk.sandbox.syscalls import ARCHITECTURES


@pytest.mark.parametrize("machine", sorted(ARCHITECTURES))
def test_a_number_has_one_name(machine: str) -> None:
    numbers = list(ARCHITECTURES[machine].numbers.values())
    assert len(numbers) == len(set(numbers))


def test_aarch64_lacks_only_the_calls_that_it_never_had() -> None:
    x86, arm = (set(ARCHITECTURES[machine].numbers) for machine in ("x86_64", "aarch64"))
    assert arm <= x86
    never = "access alarm dup2 fork getpgrp lstat open pause poll readlink select stat time vfork"
    assert x86 - arm == set(never.split())


@pytest.mark.parametrize(
    ("machine", "name", "number"),
    [("x86_64", "execve", 59), ("x86_64", "openat", 257), ("aarch64", "execve", 221), ("aarch64", "openat", 56)],
)
def test_numbers_from_the_manual(machine: str, name: str, number: int) -> None:
    assert ARCHITECTURES[machine].numbers[name] == number


# Debian's linux-libc-dev has both on a machine of either kind: aarch64 uses the generic numbers.
HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}
OTHER_NAMES = {"fstatat": "newfstatat"}


@pytest.mark.parametrize("machine", sorted(HEADERS))
def test_numbers_are_those_of_the_kernels_own_header(machine: str) -> None:
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip(f"{header} is not installed (linux-libc-dev)")
    lines = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", header.read_text(), re.MULTILINE)
    kernel = {OTHER_NAMES.get(name, name) if machine == "aarch64" else name: int(number) for name, number in lines}
    ours = ARCHITECTURES[machine].numbers
    assert {name: kernel.get(name) for name in ours} == dict(ours)
