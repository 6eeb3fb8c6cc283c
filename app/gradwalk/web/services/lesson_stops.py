"""Finding the stops of a lesson in the snapshot of its run."""

import logging

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.lessons import Lesson, Stop, StopPosition
from gradwalk.lessons.stop_places import iteration_of, position_in
from gradwalk.store import Store
from gradwalk.web.services.snapshot_parts import read_part

_log = logging.getLogger(__name__)


async def find_stop_positions(lesson: Lesson, snapshot_id: str, store: Store) -> list[StopPosition | None]:
    """Return the position of each stop, null where the stop names no place. A place that is not in this snapshot
    (another PyTorch may record other steps, or a limit may have cut the run) is logged and is null: the lesson can be
    read without it.

    Raises Unavailable and SnapshotNotFound.
    """
    head = await read_part(SnapshotHead, await store.head(snapshot_id))
    bodies: dict[int, Iteration] = {}

    async def position_of(stop: Stop) -> StopPosition | None:
        if stop.place is None:
            return None
        index = iteration_of(stop.place, len(head.iterations))
        if index not in bodies:
            bodies[index] = await read_part(Iteration, await store.iteration(snapshot_id, index))
        return position_in(stop.place, head.graphs[bodies[index].graph], bodies[index])

    positions: list[StopPosition | None] = []
    for stop in lesson.stops:
        try:
            positions.append(await position_of(stop))
        except ValueError as error:
            _log.warning("A stop of a lesson has lost its place. %s, line %d: %s.", lesson.file, stop.line, error)
            positions.append(None)
    return positions
