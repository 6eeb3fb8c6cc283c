"""The element types of tensors, and the reading of their memory with numpy, which no setting of torch reaches."""

from typing import Any, Final

import numpy as np
import torch

Array = np.ndarray[Any, np.dtype[Any]]
Memory = bytes | memoryview
"""The memory of a tensor, row-major: a copy of it, or a look at it."""

NUMPY: Final[dict[torch.dtype, Any]] = {
    torch.bool: np.bool_,
    torch.uint8: np.uint8,
    torch.uint16: np.uint16,
    torch.uint32: np.uint32,
    torch.uint64: np.uint64,
    torch.int8: np.int8,
    torch.int16: np.int16,
    torch.int32: np.int32,
    torch.int64: np.int64,
    torch.float16: np.float16,
    torch.float32: np.float32,
    torch.float64: np.float64,
}
"""The real element types that numpy has too."""

_COMPLEX: Final[dict[torch.dtype, Any]] = {torch.complex64: np.complex64, torch.complex128: np.complex128}
_SMALL_FLOATS: Final = [
    getattr(torch, name)
    for name in ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu")
    if hasattr(torch, name)
]


def _numbers_of_bytes(dtype: torch.dtype) -> Array:
    """Return the number that each of the 256 bytes stands for in a floating-point type of one byte."""
    every_byte = torch.from_numpy(np.arange(256, dtype=np.uint8))
    numbers: Array = every_byte.view(dtype).to(torch.float32).numpy()
    return numbers


_BYTE_NUMBERS: Final = {dtype: _numbers_of_bytes(dtype) for dtype in _SMALL_FLOATS}

READABLE: Final = frozenset({*NUMPY, *_COMPLEX, *_BYTE_NUMBERS, torch.bfloat16, torch.complex32})
"""The element types that `elements` reads."""


def elements(memory: Memory, dtype: torch.dtype) -> Array:
    """Return the elements, flat, in a type that numpy can compute with. The array may share the memory."""
    kind = NUMPY.get(dtype) or _COMPLEX.get(dtype)
    if kind is not None:
        return np.frombuffer(memory, kind)
    if dtype == torch.bfloat16:
        # a bfloat16 is the upper half of a float32
        return (np.frombuffer(memory, np.uint16).astype(np.uint32) << 16).view(np.float32)
    if dtype == torch.complex32:
        return np.frombuffer(memory, np.float16).astype(np.float32).view(np.complex64)
    numbers: Array = _BYTE_NUMBERS[dtype][np.frombuffer(memory, np.uint8)]
    return numbers


_WEIGHTS: Final = np.random.default_rng(0).integers(0, 2**64, 8192, dtype=np.uint64)
_BLOCK: Final = _WEIGHTS.nbytes
_WORD: Final = 8
_MULTIPLIER: Final = 6364136223846793005
_MODULUS: Final = 2**64


def fingerprint(memory: Memory) -> int:
    """Return a number that two memories of different content share by chance only, about once in 2**60 pairs.

    It is a sum of words, each times a random weight. Functions made for this take several times as long.
    """
    found = len(memory)
    for start in range(0, len(memory), _BLOCK):
        block = memory[start : start + _BLOCK]
        words = np.frombuffer(block, np.uint64, len(block) // _WORD)
        rest = int.from_bytes(block[words.nbytes :], "little")
        found = (found * _MULTIPLIER + int(words.dot(_WEIGHTS[: words.size])) + rest) % _MODULUS
    return found
