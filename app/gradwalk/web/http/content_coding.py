"""Compressing what is sent in parts."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Literal

import zstandard

Coding = Literal["zstd", "gzip", "identity"]

_LEVEL = 3


async def compressed(parts: AsyncIterator[bytes], coding: Coding) -> AsyncIterator[bytes]:
    """The same in a coding, as one frame."""
    squeeze, finish = _coder(coding)
    async for part in parts:
        if squeezed := await asyncio.to_thread(squeeze, part):
            yield squeezed
    if rest := finish():
        yield rest


def _coder(coding: Coding) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """How a part is compressed, and what is left at the end."""
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
        return zstd.compress, zstd.flush
    if coding == "gzip":
        gzip = zlib.compressobj(wbits=31)
        return gzip.compress, gzip.flush
    return bytes, bytes
