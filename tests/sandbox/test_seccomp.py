"""The filter is run here by an interpreter of classic BPF, for both architectures, with the calls of an attacker."""

import errno
from collections.abc import Sequence

import pytest

from gradwalk.sandbox import seccomp
from gradwalk.sandbox.seccomp import (
    ALLOW,
    AND,
    ERRNO,
    IF_AT_LEAST,
    IF_EQUAL,
    KILL_PROCESS,
    LOAD,
    OWN_PID,
    RETURN,
    Instruction,
)
from gradwalk.sandbox.syscalls import ARCHITECTURES, Architecture

REFUSED = ERRNO | errno.EPERM
MISSING = ERRNO | errno.ENOENT
NOT_IMPLEMENTED = ERRNO | errno.ENOSYS
NO_TERMINAL = ERRNO | errno.ENOTTY

MACHINES = sorted(ARCHITECTURES)


def judged(program: Sequence[Instruction], number: int, arguments: Sequence[int], audit: int) -> int:
    """What the kernel would answer: struct seccomp_data through the program."""
    words = {0: number, 4: audit}
    for i, argument in enumerate(arguments):
        words[16 + 8 * i] = argument & 0xFFFFFFFF
        words[20 + 8 * i] = argument >> 32 & 0xFFFFFFFF
    accumulator = position = 0
    while True:
        code, if_true, if_false, operand = program[position]
        position += 1
        if code == LOAD:
            accumulator = words.get(operand, 0)
        elif code == AND:
            accumulator &= operand
        elif code == IF_EQUAL:
            position += if_true if accumulator == operand else if_false
        elif code == IF_AT_LEAST:
            position += if_true if accumulator >= operand else if_false
        else:
            assert code == RETURN
            return operand


def answer(machine: str, name: str, *arguments: int) -> int:
    architecture = ARCHITECTURES[machine]
    program = seccomp.build_filter(architecture)
    return judged(program, architecture.numbers[name], arguments, architecture.audit)


CALLS = [
    ("read", (0,), ALLOW),
    ("mmap", (0, 4096, 7, 0x22), ALLOW),
    ("mmap", (0, 4096, 3, 0x40022), REFUSED),
    ("madvise", (0, 4096, 4), ALLOW),
    ("madvise", (0, 4096, 12), REFUSED),
    ("madvise", (0, 4096, 21), REFUSED),
    ("madvise", (0, 4096, 100), REFUSED),
    ("exit_group", (0,), ALLOW),
    ("futex", (0, 0x80), ALLOW),
    ("futex", (0, 0x189), ALLOW),
    ("futex", (0, 1), ALLOW),
    ("futex", (0, 6), REFUSED),
    ("futex", (0, 0x86), REFUSED),
    ("futex", (0, 0x8D), REFUSED),
    ("futex", (0, 0x200), REFUSED),
    ("clock_gettime", (0,), ALLOW),
    ("clock_gettime", (3,), ALLOW),
    ("clock_gettime", (~1 << 3 | 2,), REFUSED),
    ("clock_nanosleep", (1,), ALLOW),
    ("clock_nanosleep", (~1 << 3 | 2,), REFUSED),
    ("clock_getres", (~1 << 3 | 2,), REFUSED),
    ("sched_getaffinity", (0,), ALLOW),
    ("sched_getaffinity", (OWN_PID,), ALLOW),
    ("sched_getaffinity", (1,), REFUSED),
    ("openat", (0xFFFFFF9C,), MISSING),
    ("newfstatat", (), MISSING),
    ("statx", (), MISSING),
    ("clone3", (), NOT_IMPLEMENTED),
    ("openat2", (), NOT_IMPLEMENTED),
    ("socket", (2, 1, 0), REFUSED),
    ("clone", (17,), REFUSED),
    ("execve", (), REFUSED),
    ("ptrace", (0x4206,), REFUSED),
    ("seccomp", (1,), REFUSED),
    ("dup3", (), REFUSED),
    ("pipe2", (), REFUSED),
    ("landlock_create_ruleset", (), REFUSED),
    ("ioctl", (0, 0x5412), NO_TERMINAL),
    ("kill", (OWN_PID, 14), ALLOW),
    ("kill", (1, 9), REFUSED),
    ("kill", (0xFFFFFFFF, 9), REFUSED),
    ("kill", (0, 9), REFUSED),
    ("tgkill", (OWN_PID, OWN_PID, 6), ALLOW),
    ("tgkill", (7, 7, 6), REFUSED),
    ("tkill", (7, 6), REFUSED),
    ("fcntl", (1, 1), ALLOW),
    ("fcntl", (1, 3), ALLOW),
    ("fcntl", (1, 0), REFUSED),
    ("fcntl", (1, 1031), REFUSED),
    ("prctl", (16,), ALLOW),
    ("prctl", (15,), REFUSED),
    ("prctl", (4, 1), REFUSED),
    ("prctl", (22, 0), REFUSED),
    ("prlimit64", (0, 9, 0, 0x7FFF00000000), ALLOW),
    ("prlimit64", (0, 9, 0x10, 0), REFUSED),
    ("prlimit64", (0, 9, 0x700000000000, 0), REFUSED),
    ("prlimit64", (42, 9, 0, 0), REFUSED),
]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("name", "arguments", "expected"), CALLS)
def test_a_call_gets_its_answer(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    assert answer(machine, name, *arguments) == expected


LEGACY = [("open", MISSING), ("stat", MISSING), ("readlink", MISSING), ("fork", REFUSED), ("vfork", REFUSED)]


@pytest.mark.parametrize(("name", "expected"), LEGACY)
def test_the_old_calls_of_x86_are_judged_too(name: str, expected: int) -> None:
    assert answer("x86_64", name) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_without_a_name_is_refused(machine: str) -> None:
    architecture = ARCHITECTURES[machine]
    program = seccomp.build_filter(architecture)
    unnamed = set(range(600)) - set(architecture.numbers.values())
    assert {judged(program, number, (), architecture.audit) for number in unnamed} == {REFUSED}


def test_another_architecture_ends_the_process() -> None:
    x86, arm = ARCHITECTURES["x86_64"], ARCHITECTURES["aarch64"]
    assert judged(seccomp.build_filter(x86), 0, (), arm.audit) == KILL_PROCESS
    assert judged(seccomp.build_filter(arm), 63, (), x86.audit) == KILL_PROCESS


def test_the_x32_convention_ends_the_process() -> None:
    x86 = ARCHITECTURES["x86_64"]
    assert judged(seccomp.build_filter(x86), 0x40000000, (), x86.audit) == KILL_PROCESS


@pytest.mark.parametrize("machine", MACHINES)
def test_no_jump_leaves_the_program(machine: str) -> None:
    architecture: Architecture = ARCHITECTURES[machine]
    program = seccomp.build_filter(architecture)
    for position, instruction in enumerate(program):
        furthest = position + 1 + max(instruction.if_true, instruction.if_false)
        assert furthest < len(program) or instruction.code == RETURN
        assert max(instruction.if_true, instruction.if_false) < 256
