"""What a snapshot has for captured tensors: one id, and one set of numbers, for each."""

import math

import torch

from gradwalk.recorder import Limits
from gradwalk.recorder.tensor_capture import CaptureCache, capture
from gradwalk.recorder.tensor_writer import TensorWriter

LIMITS = Limits(inline_elements=8, stored_elements=64)


def test_writing_gives_ids_in_order_and_the_numbers_of_each() -> None:
    writer = TensorWriter(LIMITS)
    tensors: list[torch.Tensor] = [
        torch.tensor([math.nan, 0.1]),
        torch.tensor(3),
        torch.empty(0),
        torch.tensor([math.inf], dtype=torch.float64),
        torch.tensor([True]),
        torch.tensor([0.1], dtype=torch.bfloat16),
        torch.tensor([1j]),
        torch.tensor([-math.inf]),
        torch.empty(0, dtype=torch.complex64),
        torch.arange(9),
    ]
    written = [writer.write(capture(tensor, LIMITS)) for tensor in tensors]
    assert [t.id for t in written] == [f"t{i}" for i in range(len(tensors))]
    assert [t.data for t in written] == [
        ["NaN", 0.1], [3], [], ["Infinity"], [True], [0.1], [[0.0, 1.0]], ["-Infinity"], [], None,
    ]  # fmt: skip
    assert [t.dtype for t in written[:4]] == ["float32", "int64", "float32", "float64"]
    assert list(writer.large) == ["t9"]
    assert writer.large["t9"].data == list(range(9))
    assert written[9].stats is not None
    assert (written[9].stats.min, written[9].stats.max, written[9].stats.zeros) == (0.0, 8.0, 1)


def test_what_was_captured_once_is_written_under_one_id() -> None:
    cache = CaptureCache(LIMITS)
    small, large = torch.ones(2), torch.arange(9.0)
    writer = TensorWriter(LIMITS)
    written = [writer.write(cache.capture(tensor)) for tensor in (small, large, small, large)]
    assert [t.id for t in written] == ["t0", "t1", "t0", "t1"]
    assert list(writer.large) == ["t1"]
    writer.large.clear()
    large[0] = 7
    assert writer.write(cache.capture(small)).id == "t0"
    assert writer.write(cache.capture(large)).id == "t2"
    assert list(writer.large) == ["t2"]
