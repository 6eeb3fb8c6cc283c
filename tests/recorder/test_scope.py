"""What trace() leaves behind: nothing, however it ends, wherever it is opened."""

import gc
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import torch
from torch import nn

from gradwalk.contract.snapshot import Snapshot
from gradwalk.recorder import trace
from tests.recorder.oracle import registered


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = registered()
    yield
    assert registered() == before


def operations(snapshot: Snapshot) -> list[str]:
    return [n.op for graph in snapshot.graphs for n in graph.nodes if n.op is not None]


class Stop(BaseException):
    """What a time limit raises."""


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, Stop])
def test_the_hooks_are_gone_after_whatever_is_raised(error: type[BaseException]) -> None:
    model = nn.Linear(2, 1)
    try:
        with trace() as recording:
            model(torch.ones(1, 2))
            raise error
    except error:
        pass
    else:
        pytest.fail("the error was swallowed")
    assert operations(recording.snapshot()) == ["linear"]


@pytest.mark.parametrize("error", [ValueError, Stop])
def test_the_hooks_are_gone_after_an_error_in_a_module_in_a_pass_and_in_a_step(error: type[BaseException]) -> None:
    def fail(*_: Any) -> None:
        raise error

    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters())
    x = torch.ones(1, 2, requires_grad=True)
    with trace():
        for register in (model.register_forward_hook, x.register_hook, optimizer.register_step_pre_hook):
            handle = register(fail)
            with suppress(error):
                model(x).sum().backward()
                optimizer.step()
                pytest.fail("nothing was raised")
            handle.remove()
        model(x).sum().backward()


def test_nested_traces_record_each_for_itself() -> None:
    x = torch.ones(2, requires_grad=True)
    with trace() as outer:
        y = x.exp()
        with trace() as inner:
            z = y.sin().sum()
            z.backward()  # type: ignore[no-untyped-call]
        x.cos()
    assert operations(inner.snapshot())[-2:] == ["sin", "sum"]
    assert operations(outer.snapshot())[0] == "exp"
    assert operations(outer.snapshot())[-1] == "cos"
    assert torch.equal(x.grad if x.grad is not None else x, (x.exp().cos() * x.exp()).detach())


def test_a_thread_records_what_itself_runs() -> None:
    snapshots: list[Snapshot] = []
    model = nn.Linear(2, 1)

    def work() -> None:
        with trace() as recording:
            model(torch.ones(1, 2)).sum().backward()
            barrier.wait()
            barrier.wait()
        snapshots.append(recording.snapshot())

    barrier = threading.Barrier(2, timeout=30)
    thread = threading.Thread(target=work)
    thread.start()
    barrier.wait()
    # the hooks of modules are global: what another thread runs is not recorded meanwhile
    model(torch.ones(1, 2)).exp()
    barrier.wait()
    thread.join()
    assert operations(snapshots[0]) == ["linear", "sum"]


def test_two_traces_of_one_model_are_alike() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    x = torch.ones(1, 2)
    snapshots = []
    for _ in range(2):
        with trace() as recording:
            model(x).sum().backward()
        snapshots.append(recording.snapshot())
        model.zero_grad()
    first, second = snapshots
    assert first.graphs == second.graphs
    assert first.iterations == second.iterations


def test_what_the_user_has_frozen_stays_so() -> None:
    with trace():
        # what the recorder keeps of other code is given up now, and not while frozen objects are counted
        torch.ones(1).exp()
    gc.freeze()
    frozen = gc.get_freeze_count()
    try:
        with trace():
            assert gc.get_freeze_count() == frozen
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with trace() as recording:
            torch.ones(1).exp()
        recording.snapshot()
        assert not gc.isenabled()
    finally:
        gc.enable()


class Counting(torch.overrides.TorchFunctionMode):
    """A mode of the user's own."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.called.append(func.__name__)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("above", [True, False])
def test_a_mode_of_the_users_own_hears_what_it_would(above: bool) -> None:
    def program() -> None:
        w = torch.ones(2, requires_grad=True)
        h = w * 2
        h.add_(1)
        h[:, None].sum().backward()  # type: ignore[no-untyped-call]

    alone = Counting()
    with alone:
        program()
    ours = Counting()
    if above:
        with trace() as recording, ours:
            program()
    else:
        with ours, trace() as recording:
            program()
    assert operations(recording.snapshot()) == ["mul", "add_", "__getitem__", "sum"]
    if above:
        assert ours.called == alone.called


def test_the_recording_keeps_no_tensor_alive() -> None:
    with trace() as recording:
        x = torch.ones(2, requires_grad=True)
        y = (x * 2).exp()
        y.sum().backward()  # type: ignore[no-untyped-call]
        assert x.grad is not None
        alive = [weakref.ref(y), weakref.ref(x.grad)]
        x.grad = None
        del y
        assert [reference() for reference in alive] == [None, None]
    assert operations(recording.snapshot()) == ["mul", "exp", "sum"]


def test_the_recording_keeps_no_frame_alive() -> None:
    class Local:
        pass

    def run(local: Local) -> torch.Tensor:
        return torch.ones(1).exp()

    with trace() as recording:
        local = Local()
        reference = weakref.ref(local)
        run(local)
        with suppress(RuntimeError):
            torch.ones(2) @ torch.ones(3)
        del local
        assert reference() is None
    assert operations(recording.snapshot()) == ["exp", "matmul"]


def test_the_exception_that_is_being_handled_stays_the_one() -> None:
    first, seen = ValueError("first"), list[BaseException | None]()

    def fail() -> None:
        with pytest.raises(RuntimeError) as error:
            torch.ones(2) + torch.ones(3)
        seen.append(error.value.__context__)

    with trace():
        try:
            raise first
        except ValueError:
            torch.ones(2, requires_grad=True).exp().sum().backward()  # type: ignore[no-untyped-call]
            seen.append(sys.exc_info()[1])
            fail()
        fail()
    assert seen == [first, first, None]


def test_a_subclass_hears_of_its_own_calls_only() -> None:
    heard: list[str] = []

    class Logged(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            heard.append(func.__name__)
            return super().__torch_function__(func, types, args, kwargs or {})  # type: ignore[no-untyped-call]

    def program() -> Any:
        w = torch.ones(3, requires_grad=True)
        x = torch.arange(3.0).as_subclass(Logged)
        h = torch.sin(x * w)
        h += 1
        h.register_hook(lambda gradient: gradient * 2)  # type: ignore[no-untyped-call]
        nn.functional.mse_loss(h, torch.ones(3)).backward()  # type: ignore[no-untyped-call]
        torch.autograd.grad((x * w).sum(), [w])
        return x.shape, x[0].item()

    plain = program(), heard.copy()
    heard.clear()
    with trace() as recording:
        assert (program(), heard) == plain
    assert operations(recording.snapshot())[:2] == ["mul", "sin"]


def test_a_function_that_is_compiled_meanwhile_computes_what_it_would() -> None:
    w = torch.ones(3, requires_grad=True)

    def f(x: torch.Tensor) -> torch.Tensor:
        return (x * w).sin().sum()

    with trace():
        compiled = torch.compile(f, backend="eager")
        recorded = compiled(torch.ones(3))
    assert torch.equal(recorded, f(torch.ones(3)))
