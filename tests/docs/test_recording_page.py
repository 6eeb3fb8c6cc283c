"""The numbers that docs/recording.md names are those of the recorder and of its tests."""

from pathlib import Path

import pytest

from gradwalk.recorder import anchors, leaf_names, recording, recording_parts, saved_tensors, tensor_capture

TEXT = " ".join(Path("docs/recording.md").read_text("utf-8").split())
CASES = Path("tests/cases")

STATEMENTS = {
    "anchors": f"one in {anchors.SPACING:,} is kept",
    "saved": f"the first {saved_tensors.MOST_NODES_READ} nodes of an iteration",
    "names": f"up to {leaf_names._MOST_ITEMS} items each",
    "data_sets": f"more than {tensor_capture._SLOWLY_COMPARED:,} elements",
    "programs": f"{len(list(CASES.glob('*.py')))} programs as students write them",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_number_on_the_page_is_the_one_in_the_code(name: str) -> None:
    assert STATEMENTS[name] in TEXT


def test_the_shares_and_counts_in_words_are_true() -> None:
    assert (tensor_capture._SHARE_OF_LARGE == 0.75) == ("three quarters of the bytes" in TEXT)
    assert (leaf_names._MOST_DEPTH == 8) == ("and eight steps" in TEXT)
    assert 0 < recording._SHARE < 1
    assert (recording_parts._LEAST_SHARE, recording_parts._MOST_SHARE) == (1 / 6, 1 / 2)
    assert (recording_parts.LAST_TURNS, recording._FEWEST_TURNS) == (10, 6)
    assert "a sixth to a half of the limits is free, enough for ten turns" in TEXT
    assert "Where fewer than six turns fit" in TEXT
    assert len(list((CASES / "loops").glob("*.py"))) > 200
    assert len(list((CASES / "odd").glob("*.py"))) >= 80


def test_every_file_that_the_page_names_is_there() -> None:
    files = {part.strip("`(),.;:") for part in TEXT.split() if part.strip("(),.;:").startswith("`")}
    named = {name for name in files if name.endswith(".py") and "/" not in name}
    assert len(named) > 20
    assert {name for name in named if not list(Path("app/gradwalk").rglob(name))} <= {"program.py"}
