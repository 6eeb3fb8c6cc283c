"""JSON, compressed once when it is stored and handed out as it is to every client that reads zstd."""

import gzip
from dataclasses import dataclass

import zstandard

_LEVEL = 1
"""Measured on snapshots, whose text is numbers: faster than level 3, and no larger. Its window of 512 KiB is far below
the 8 MiB that browsers accept.
"""


@dataclass(frozen=True)
class CompressedJson:
    """UTF-8 JSON as one zstd frame."""

    zstd: bytes

    @classmethod
    def of(cls, json: bytes) -> "CompressedJson":
        """Compresses plain JSON."""
        return cls(zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(json))

    def json(self) -> bytes:
        """The plain JSON."""
        return zstandard.ZstdDecompressor().decompress(self.zstd)

    @property
    def size(self) -> int:
        """Of the plain JSON, in bytes."""
        return zstandard.frame_content_size(self.zstd)

    def is_whole(self) -> bool:
        """Whether these are still the bytes that were compressed, as the frame's own checksum tells."""
        try:
            self.json()
        except zstandard.ZstdError:
            return False
        return True

    def gzip(self) -> bytes:
        """The JSON for a client that reads gzip only; the same bytes every time."""
        return gzip.compress(self.json(), compresslevel=6, mtime=0)
