"""A response in parts is compressed as one frame."""

import gzip
from collections.abc import AsyncIterator

import pytest
import zstandard

from gradwalk.web.http.content_coding import Coding, compressed


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("coding", ["zstd", "gzip", "identity"])
async def test_parts_are_compressed_as_one(coding: Coding) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for number in range(1000):
            yield b"%d," % number

    sent = b"".join([part async for part in compressed(parts(), coding)])
    decoders = {"zstd": zstandard.ZstdDecompressor().decompressobj().decompress, "gzip": gzip.decompress}
    assert decoders.get(coding, bytes)(sent) == b"".join([part async for part in parts()])
