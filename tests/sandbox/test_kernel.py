import errno
import os
from pathlib import Path

import pytest

from gradwalk.sandbox import kernel


def test_capabilities_are_those_that_the_kernel_reports() -> None:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    reported = next(line.split()[1] for line in lines if line.startswith("CapEff:"))
    assert kernel.effective_capabilities() == int(reported, 16)


def test_a_refusal_is_an_oserror_with_the_kernels_reason() -> None:
    with pytest.raises(OSError, match=os.strerror(errno.EINVAL)) as refused:
        kernel.prctl(0x7FFFFFFF, 0)
    assert refused.value.errno == errno.EINVAL


def test_an_unknown_system_call_is_an_oserror() -> None:
    with pytest.raises(OSError, match=os.strerror(errno.ENOSYS)):
        kernel.syscall(9999)
