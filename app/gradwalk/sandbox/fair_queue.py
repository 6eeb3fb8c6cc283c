"""The fair queue: it decides whose program runs next. Pure: it has no clock and no event loop of its own.

Turns rotate between *groups*, and inside a group between its clients; a client has at most one program running. A
client that has had a run here is a group by itself. Two groups are shared, so that a client that makes up a new name
for each request gains nothing by it:

- `anonymous`: requests without a name, each a client of its own, and names that the caller has chosen itself and that
  have had no run here yet. Together they get the turns of one client, and at most half of the waiting places.
- `newcomers`: names that the server has given out and that have had no run here yet. Together they get the turns of one
  client; they and the anonymous ones have at most three quarters of the waiting places.

The last quarter is for known clients. The number of names that are remembered is bounded, the oldest goes first.
"""

import math
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from gradwalk.errors import Busy

Standing = Literal["server", "vouched", "claimed", "anonymous"]
"""The worth of a client's name: the server's own, given out by the server, chosen by the caller, none."""

_ANONYMOUS: Final = "anonymous"
_NEWCOMERS: Final = "newcomers"
_MOST_KNOWN: Final = 4096
_UNKNOWN_SECONDS: Final = 1.0
"""The expected duration of a run before any has ended."""
_WEIGHT: Final = 0.1
"""The weight of the newest run in the average duration."""


@dataclass(frozen=True)
class QueueClient:
    """The client that asks for runs. `name` tells clients apart, whatever their standing is."""

    name: str
    standing: Standing


@dataclass(eq=False)
class Ticket:
    """One run that waits or runs. `group`: the group in which it waits."""

    client: QueueClient
    group: str
    running: bool = False


Lane = deque[Ticket]


@dataclass
class _ClientGroup:
    """The clients of one group that have a waiting run, the one whose turn it is first."""

    lanes: dict[str, Lane] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.lanes.values()))


class FairQueue:
    """A queue of runs that is fair to clients.

    `places`: programs that may run at once. `most_waiting`: programs that may wait. `most_of_one`: programs of one
    client that may wait.
    """

    def __init__(self, places: int, most_waiting: int, most_of_one: int) -> None:
        self._places = places
        self._most_waiting = most_waiting
        self._most_of_one = most_of_one
        self._groups: dict[str, _ClientGroup] = {}
        self._running: dict[str, Ticket] = {}
        self._known: OrderedDict[str, None] = OrderedDict()
        self._usual_seconds: float | None = None
        self._promised = 0.0
        self._promised_at = 0.0

    def __len__(self) -> int:
        """Return how many runs wait."""
        return sum(map(len, self._groups.values()))

    @property
    def running(self) -> int:
        """The number of runs that run now."""
        return len(self._running)

    def enter(self, client: QueueClient, now: float) -> Ticket:
        """Add one more run of a client to those that wait. `now`: seconds of any clock that goes on steadily.

        Raises Busy when too many wait. The server's own run is never refused: there is one of them at a time.
        """
        ticket = Ticket(client, self._group_of(client))
        if client.standing != "server" and not self._can_start_at_once(client):
            self._refuse_too_many(ticket, now)
        group = self._groups.setdefault(ticket.group, _ClientGroup())
        group.lanes.setdefault(client.name, deque()).append(ticket)
        return ticket

    def start(self) -> Ticket | None:
        """Start and return the next run; null when no place is free or no client may run now."""
        if len(self._running) >= self._places:
            return None
        for name, group in self._groups.items():
            ticket = _take_turn(group, self._running)
            if ticket is not None:
                _to_the_end(self._groups, name, group)
                ticket.running = True
                self._running[ticket.client.name] = ticket
                return ticket
        return None

    def leave(self, ticket: Ticket, seconds: float | None = None) -> None:
        """Remove a run that is over or not wanted any more. `seconds`: how long it ran, if it came to its end."""
        if ticket.running:
            del self._running[ticket.client.name]
        else:
            self._forget(ticket)
        if seconds is not None:
            usual = seconds if self._usual_seconds is None else self._usual_seconds
            self._usual_seconds = usual + _WEIGHT * (seconds - usual)
            self._remember(ticket.client)

    def order(self) -> Iterator[Ticket]:
        """Yield the waiting runs in the order in which they would start if no others came."""
        groups = {
            name: _ClientGroup({n: lane.copy() for n, lane in g.lanes.items()}) for name, g in self._groups.items()
        }
        while groups:
            name, group = next(iter(groups.items()))
            ticket = _take_turn(group, {})
            _to_the_end(groups, name, group)
            if ticket is not None:
                yield ticket

    def _group_of(self, client: QueueClient) -> str:
        if client.standing == "server" or client.name in self._known:
            return f"client {client.name}"
        return _NEWCOMERS if client.standing == "vouched" else _ANONYMOUS

    def _can_start_at_once(self, client: QueueClient) -> bool:
        return len(self._running) < self._places and client.name not in self._running

    def _refuse_too_many(self, ticket: Ticket, now: float) -> None:
        name = ticket.client.name
        own = sum(len(group.lanes.get(name, ())) for group in self._groups.values())
        if own >= self._most_of_one:
            wait = own * self._seconds()
            raise Busy(f"{own} of your own programs wait already. Wait until they have run.", _whole(wait))
        anonymous, newcomers = (len(self._groups.get(shared, _ClientGroup())) for shared in (_ANONYMOUS, _NEWCOMERS))
        half, three_quarters = max(1, self._most_waiting // 2), max(1, 3 * self._most_waiting // 4)
        full = len(self) >= self._most_waiting
        if ticket.group == _ANONYMOUS:
            full = full or anonymous >= half
        if ticket.group in (_ANONYMOUS, _NEWCOMERS):
            full = full or anonymous + newcomers >= three_quarters
        if full:
            raise Busy("Too many programs are waiting. Try again in a moment.", self._promise(now))

    def _promise(self, now: float) -> int:
        """Return the seconds after which a refused client should try again.

        By then all runs that wait now, and all clients that were given an earlier time, will have had their turn. The
        number of the latter is taken to be at most that of the waiting places, because it is not known whether they
        return.
        """
        rate = self._places / self._seconds()
        self._promised = max(0.0, self._promised - rate * (now - self._promised_at))
        self._promised_at = now
        self._promised = min(self._promised + 1, self._most_waiting)
        return _whole((len(self) + self._promised) / rate)

    def _seconds(self) -> float:
        return max(self._usual_seconds or _UNKNOWN_SECONDS, 1e-6)

    def _remember(self, client: QueueClient) -> None:
        if client.standing in ("vouched", "claimed"):
            self._known[client.name] = None
            self._known.move_to_end(client.name)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)

    def _forget(self, ticket: Ticket) -> None:
        lanes = self._groups[ticket.group].lanes
        lanes[ticket.client.name].remove(ticket)
        if not lanes[ticket.client.name]:
            del lanes[ticket.client.name]
        if not lanes:
            del self._groups[ticket.group]


def _take_turn(group: _ClientGroup, running: dict[str, Ticket]) -> Ticket | None:
    """Take the next ticket of a client without a running program out of the group."""
    for name, lane in group.lanes.items():
        if name not in running:
            ticket = lane.popleft()
            del group.lanes[name]
            if lane:
                group.lanes[name] = lane
            return ticket
    return None


def _to_the_end(groups: dict[str, _ClientGroup], name: str, group: _ClientGroup) -> None:
    """Move the group to the end after its turn; remove it when no run waits in it."""
    del groups[name]
    if group.lanes:
        groups[name] = group


def _whole(seconds: float) -> int:
    return max(1, math.ceil(seconds))
