"""Where the stops of a lesson are in the snapshot of its own run."""

import logging

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.lessons import Lesson, Spot, Stop
from gradwalk.lessons.stop_places import iteration_of, spot_in
from gradwalk.store import Store
from gradwalk.web.services.snapshot_parts import read_part

_log = logging.getLogger(__name__)


async def spots_of(lesson: Lesson, snapshot_id: str, store: Store) -> list[Spot | None]:
    """One for each stop; null where it names no place. A place that is not in this snapshot (another PyTorch may record
    other steps, or a limit cut the run) is told in the log and is null: the lesson can be read without it.

    Raises Unavailable and SnapshotNotFound.
    """
    head = await read_part(SnapshotHead, await store.head(snapshot_id))
    bodies: dict[int, Iteration] = {}

    async def spot_of(stop: Stop) -> Spot | None:
        if stop.place is None:
            return None
        index = iteration_of(stop.place, len(head.iterations))
        if index not in bodies:
            bodies[index] = await read_part(Iteration, await store.iteration(snapshot_id, index))
        return spot_in(stop.place, head.graphs[bodies[index].graph], bodies[index])

    spots: list[Spot | None] = []
    for stop in lesson.stops:
        try:
            spots.append(await spot_of(stop))
        except ValueError as error:
            _log.warning("A stop of a lesson has lost its place. %s, line %d: %s.", lesson.file, stop.line, error)
            spots.append(None)
    return spots
