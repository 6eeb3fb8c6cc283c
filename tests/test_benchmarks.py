"""The benchmarks are run by hand, so nobody else notices when one of them cannot even be imported."""

from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = sorted(path.stem for path in (Path(__file__).parent.parent / "benchmarks").glob("bench_*.py"))


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_can_be_imported(name: str) -> None:
    assert callable(import_module(f"benchmarks.{name}").main)


def test_there_are_benchmarks() -> None:
    assert len(BENCHMARKS) >= 8
