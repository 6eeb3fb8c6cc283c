"""The answer to `importlib.metadata.version("torch")`, where the files that say it cannot be read."""

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, DistributionFinder, PackageNotFoundError, version
from os import PathLike
from typing import Final, NoReturn

PACKAGES: Final = ("torch", "numpy")
"""The packages that programs may import, besides Python's own library."""

_ANY: Final = DistributionFinder.Context()


class KnownDistribution(Distribution):
    """An installed package of which only the name and the version are known."""

    def __init__(self, name: str, version: str) -> None:
        self._metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

    def read_text(self, filename: str) -> str | None:
        """Return the text of METADATA; null for all other files."""
        return self._metadata if filename == "METADATA" else None

    def locate_file(self, path: str | PathLike[str]) -> NoReturn:
        """Raise FileNotFoundError: no file of a package can be reached."""
        raise FileNotFoundError(path)


class KnownDistributions(DistributionFinder):
    """A finder of packages whose versions were read while files could still be."""

    def __init__(self, known: list[Distribution]) -> None:
        self._known = known

    def find_distributions(self, context: DistributionFinder.Context = _ANY) -> Iterator[Distribution]:
        """Return the package that the context names, or all of them."""
        return (one for one in self._known if context.name in (None, one.metadata["Name"]))


def remember_versions() -> None:
    """Read the versions of the packages, and let `importlib.metadata` in this process find them without files."""
    known: list[Distribution] = []
    for name in PACKAGES:
        try:
            known.append(KnownDistribution(name, version(name)))
        except PackageNotFoundError:
            continue
    sys.meta_path.append(KnownDistributions(known))
