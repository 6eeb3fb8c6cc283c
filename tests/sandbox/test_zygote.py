"""What the zygote hands down to its children."""

import os
from pathlib import Path

import torch

from tests.sandbox.conftest import Served, children, texts


def test_the_server_itself_started_one_zygote_that_has_one_thread(served: Served) -> None:
    zygotes = [pid for pid in children(os.getpid()) if b"gradwalk.sandbox.zygote" in command(pid)]
    assert len(zygotes) == 1
    assert len(list(Path(f"/proc/{zygotes[0]}/task").iterdir())) == 1


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_the_environment_is_told(served: Served) -> None:
    assert served.sandbox.environment.torch == str(torch.__version__)
    assert served.sandbox.environment.device == "cpu"


def test_a_warning_that_the_warm_up_has_seen_is_shown_to_each_program(served: Served) -> None:
    source = "import torch\nloss = torch.nn.functional.mse_loss(torch.ones(2, 1), torch.ones(2))\n"
    for _ in range(2):
        assert "UserWarning" in texts(served.run(source))


def test_programs_run_in_the_same_order_of_hashes(served: Served) -> None:
    source = "print({'a', 'b', 'c', 'd'}, hash('gradient'))"
    assert texts(served.run(source)) == texts(served.run(source))


def test_one_thread_computes_whatever_a_program_asks_for(served: Served) -> None:
    source = """
import torch
torch.set_num_threads(4)
x = torch.randn(600, 600)
print((x @ x).isfinite().all().item(), x.exp().sum().isfinite().item())
"""
    assert texts(served.run(source)) == "True True\n"
