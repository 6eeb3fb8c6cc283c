"""Compressing a response that is sent in parts."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Literal

import zstandard

Coding = Literal["zstd", "gzip", "identity"]

_LEVEL = 3


async def compressed(parts: AsyncIterator[bytes], coding: Coding) -> AsyncIterator[bytes]:
    """Yield the parts in a content coding, together as one compressed frame."""
    compress, finish = _coder(coding)
    async for part in parts:
        if sent := await asyncio.to_thread(compress, part):
            yield sent
    if rest := finish():
        yield rest


def _coder(coding: Coding) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """Return a function that compresses a part, and one that returns the rest at the end."""
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
        return zstd.compress, zstd.flush
    if coding == "gzip":
        gzip = zlib.compressobj(wbits=31)
        return gzip.compress, gzip.flush
    return bytes, bytes
