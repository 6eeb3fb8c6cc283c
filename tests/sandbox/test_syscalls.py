import pytest

from app.sandbox.syscalls import ARCHITECTURES


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
