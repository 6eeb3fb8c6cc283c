"""An edition is another one as soon as a snapshot could be."""

import pytest

from gradwalk.config import Settings
from gradwalk.edition import edition


def test_it_is_the_same_every_time() -> None:
    assert edition(Settings()) == edition(Settings(port=1, spares=5, keep_days=1))
    assert len(edition(Settings())) == 64


@pytest.mark.parametrize("changed", [{"recorded_steps": 7}, {"inline_elements": 7}, {"wall_seconds": 7.0}])
def test_a_limit_that_shows_in_a_snapshot_makes_another(changed: dict[str, int]) -> None:
    assert edition(Settings()) != edition(Settings.model_validate(changed))
