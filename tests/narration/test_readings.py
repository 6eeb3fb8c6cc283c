"""docs/readings/ is current, and its text is one that can be read aloud."""

import re

import pytest

from tests.narration.reading_programs import READINGS
from tests.narration.readings import FOLDER, page
from tests.tiers import rest_at_night


@pytest.mark.parametrize("name", rest_at_night(READINGS, ("xor", "lstm")))
def test_the_page_is_current(name: str) -> None:
    written = (FOLDER / f"{name}.md").read_text("utf-8")
    assert written == page(READINGS[name]), "run: python -m tests.narration.readings"


@pytest.mark.parametrize("name", READINGS)
def test_no_sentence_of_three_numbers_stands_there_twice(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8").partition("## Forward")[2]
    sentences = [one for one in re.split(r"(?<=\.) (?=[A-Z`])|\n", text) if len(re.findall(r"\d", one)) > 2]
    assert len(sentences) == len(set(sentences))


@pytest.mark.parametrize("name", READINGS)
def test_every_part_says_what_it_is_for(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    for purposes in READINGS[name].purposes.values():
        for purpose in purposes:
            assert purpose in text
