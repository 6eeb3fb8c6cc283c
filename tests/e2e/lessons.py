"""Which lessons are walked in the browser: a few on a push, every one at night."""

from typing import Final

import pytest

from gradwalk.lessons import Lessons

WALKED: Final = {"neuron", "module", "training-loop", "tiny-gpt"}
"""One neuron, a network with a module, iterations, and the largest one. Each step of every lesson is measured without a
browser by the page's own test, static/src/golden/lessons.test.ts.
"""

WALKS: Final = [
    lesson.slug if lesson.slug in WALKED else pytest.param(lesson.slug, marks=pytest.mark.slow)
    for lesson in Lessons.load().all()
]
