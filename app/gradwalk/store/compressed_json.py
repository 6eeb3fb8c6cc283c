"""JSON that is compressed once, when it is stored, and sent unchanged to every client that accepts zstd."""

import gzip
from dataclasses import dataclass

import zstandard

_LEVEL = 1
"""On snapshots, whose text is mostly numbers, level 1 was measured to be faster than level 3, and no larger. Its window
of 512 KiB is far below the 8 MiB that browsers accept.
"""


@dataclass(frozen=True)
class CompressedJson:
    """UTF-8 JSON as one zstd frame."""

    zstd: bytes

    @classmethod
    def of(cls, json: bytes) -> "CompressedJson":
        """Compress plain JSON."""
        return cls(zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(json))

    def json(self) -> bytes:
        """Return the plain JSON."""
        return zstandard.ZstdDecompressor().decompress(self.zstd)

    @property
    def size(self) -> int:
        """The size of the plain JSON in bytes."""
        return zstandard.frame_content_size(self.zstd)

    def is_intact(self) -> bool:
        """Return true when the bytes match the checksum of the frame."""
        try:
            self.json()
        except zstandard.ZstdError:
            return False
        return True

    def gzip(self) -> bytes:
        """Return the JSON for a client that accepts only gzip; the same bytes every time."""
        return gzip.compress(self.json(), compresslevel=6, mtime=0)
