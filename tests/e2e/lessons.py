"""Which lessons are walked and measured in the browser: a few on a push, every one at night."""

from typing import Final

from gradwalk.lessons import Lessons
from tests.tiers import rest_at_night

WALKED: Final = {"neuron", "module", "training-loop", "tiny-gpt"}
"""One neuron, a network with a module, iterations, and the largest one. Each step of every lesson is measured without a
browser by the page's own test, static/src/golden/lessons.test.ts.
"""

WALKS: Final = rest_at_night([lesson.slug for lesson in Lessons.built_in().all()], WALKED)
MEASURED: Final = rest_at_night([lesson.slug for lesson in Lessons.built_in().all()], {"module"})
