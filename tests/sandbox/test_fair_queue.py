"""Whose program runs next: turns go round, nobody is delayed by whoever floods, everything is bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwalk.errors import Busy
from gradwalk.sandbox import fair_queue as queue_module
from gradwalk.sandbox.fair_queue import FairQueue, QueueClient, Standing, Ticket


def make(places: int = 1, waiting: int = 100, each: int = 100) -> FairQueue:
    return FairQueue(places, waiting, each)


def client(name: str, standing: Standing = "claimed") -> QueueClient:
    return QueueClient(name, standing)


def nobody(number: int) -> QueueClient:
    return QueueClient(f"nobody {number}", "anonymous")


def acquaint(queue: FairQueue, *names: str) -> None:
    """Each of these has a run that ends."""
    for name in names:
        queue.enter(client(name), 0)
        ticket = queue.start()
        assert ticket is not None
        queue.leave(ticket, 0.1)


def started(queue: FairQueue) -> Ticket:
    ticket = queue.start()
    assert ticket is not None
    return ticket


def all_started(queue: FairQueue) -> list[str]:
    """The names of those that wait, as they get the place, one after the other."""
    names = []
    while (ticket := queue.start()) is not None:
        names.append(ticket.client.name)
        queue.leave(ticket, 0.1)
    return names


def test_who_comes_first_starts_first() -> None:
    queue = make()
    for number in range(3):
        queue.enter(nobody(number), 0)
    assert all_started(queue) == ["nobody 0", "nobody 1", "nobody 2"]


def test_as_many_run_as_there_are_places() -> None:
    queue = make(places=2)
    for number in range(3):
        queue.enter(nobody(number), 0)
    first, _ = started(queue), started(queue)
    assert queue.start() is None
    queue.leave(first)
    assert started(queue).client.name == "nobody 2"


def test_a_client_has_one_run_at_a_time() -> None:
    queue = make(places=3)
    for _ in range(2):
        queue.enter(client("a"), 0)
    first = started(queue)
    assert queue.start() is None
    queue.leave(first)
    assert started(queue).client.name == "a"


def test_several_without_a_name_run_at_once() -> None:
    queue = make(places=3)
    for number in range(3):
        queue.enter(nobody(number), 0)
    assert [started(queue).client.name for _ in range(3)] == ["nobody 0", "nobody 1", "nobody 2"]


def test_a_client_that_floods_does_not_delay_another() -> None:
    queue = make()
    acquaint(queue, "flood", "other")
    for _ in range(50):
        queue.enter(client("flood"), 0)
    running = started(queue)
    queue.enter(client("other"), 0)
    queue.leave(running)
    names = all_started(queue)
    assert names[:3] == ["flood", "other", "flood"] or names[:2] == ["other", "flood"]


def test_turns_go_round() -> None:
    queue = make()
    acquaint(queue, "a", "b", "c")
    for name in "aaabbc":
        queue.enter(client(name), 0)
    assert all_started(queue) == ["a", "b", "c", "a", "b", "a"]


def test_all_without_a_name_have_the_turns_of_one_client() -> None:
    queue = make()
    acquaint(queue, "a", "b")
    for number in range(4):
        queue.enter(nobody(number), 0)
    for name in "aabb":
        queue.enter(client(name), 0)
    assert all_started(queue) == ["nobody 0", "a", "b", "nobody 1", "a", "b", "nobody 2", "nobody 3"]


def test_a_name_that_the_caller_chose_counts_for_nothing_before_its_first_run_has_ended() -> None:
    queue = make()
    acquaint(queue, "known")
    for number in range(5):
        queue.enter(client(f"made up {number}"), 0)
    for _ in range(2):
        queue.enter(client("known"), 0)
    assert all_started(queue)[:4] == ["made up 0", "known", "made up 1", "known"]


def test_newcomers_with_a_name_from_the_server_share_one_turn_that_no_made_up_name_has_a_part_in() -> None:
    queue = make()
    acquaint(queue, "known")
    for number in range(3):
        queue.enter(client(f"made up {number}"), 0)
        queue.enter(client(f"new {number}", "vouched"), 0)
    for _ in range(2):
        queue.enter(client("known"), 0)
    assert all_started(queue)[:6] == ["made up 0", "new 0", "known", "made up 1", "new 1", "known"]


def test_a_newcomer_too_has_one_run_at_a_time() -> None:
    queue = make(places=3)
    for name in ("a", "a", "b"):
        queue.enter(client(name, "vouched"), 0)
    assert [started(queue).client.name for _ in range(2)] == ["a", "b"]
    assert queue.start() is None


def test_a_run_that_was_given_up_makes_nobody_known() -> None:
    queue = make()
    queue.enter(client("a"), 0)
    queue.leave(started(queue))
    assert queue.enter(client("a"), 0).group == "anonymous"


def test_only_so_many_names_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "_MOST_KNOWN", 2)
    queue = make()
    acquaint(queue, "a", "b", "a", "c")
    groups = {name: queue.enter(client(name), 0).group for name in "abc"}
    assert groups == {"a": "client a", "b": "anonymous", "c": "client c"}


def test_nameless_ones_cannot_fill_the_queue_for_the_others() -> None:
    queue = make(waiting=8)
    acquaint(queue, "known")
    queue.enter(nobody(0), 0)
    started(queue)
    for number in range(1, 5):
        queue.enter(nobody(number), 0)
    with pytest.raises(Busy):
        queue.enter(nobody(5), 0)
    with pytest.raises(Busy):
        queue.enter(client("made up"), 0)
    for number in range(2):
        queue.enter(client(f"new {number}", "vouched"), 0)
    with pytest.raises(Busy):
        queue.enter(client("new 2", "vouched"), 0)
    queue.enter(client("known"), 0)
    queue.enter(client("known"), 0)
    with pytest.raises(Busy):
        queue.enter(client("known"), 0)
    assert len(queue) == 8


def test_one_client_cannot_fill_the_queue() -> None:
    queue = make(waiting=100, each=3)
    queue.enter(client("a"), 0)
    started(queue)
    for _ in range(3):
        queue.enter(client("a"), 0)
    with pytest.raises(Busy, match="3 of your own"):
        queue.enter(client("a"), 0)
    queue.enter(client("b"), 0)


def test_whoever_can_start_at_once_need_not_wait_and_is_let_in() -> None:
    queue = make(places=2, waiting=1)
    queue.enter(client("a"), 0)
    started(queue)
    queue.enter(client("a"), 0)
    queue.enter(client("b"), 0)
    assert started(queue).client.name == "b"


def test_the_servers_own_run_is_never_refused_and_has_its_turn() -> None:
    queue = make(waiting=2)
    acquaint(queue, "a", "b")
    queue.enter(client("a"), 0)
    running = started(queue)
    for name in "ab":
        queue.enter(client(name), 0)
    queue.enter(QueueClient("lessons", "server"), 0)
    queue.leave(running)
    assert all_started(queue) == ["a", "b", "lessons"]


def test_who_gives_up_leaves_its_place() -> None:
    queue = make(waiting=2)
    queue.enter(nobody(0), 0)
    running = started(queue)
    second = queue.enter(nobody(1), 0)
    queue.leave(second)
    third = queue.enter(nobody(2), 0)
    assert list(queue.order()) == [third]
    queue.leave(running)
    assert started(queue) is third
    queue.leave(third)
    assert len(queue) == 0


def test_when_to_come_back_follows_from_how_long_runs_take() -> None:
    queue = make(places=2, waiting=10)
    for _ in range(100):
        queue.enter(client("a"), 0)
        queue.leave(started(queue), 4.0)
    for number in range(2 + 5):
        queue.enter(nobody(number), 0)
        queue.start()
    with pytest.raises(Busy) as first:
        queue.enter(nobody(8), 0)
    # five wait, it would be the sixth, and two places end one in two seconds
    assert first.value.retry_after == 12
    with pytest.raises(Busy) as second:
        queue.enter(nobody(9), 0)
    assert second.value.retry_after == 14
    with pytest.raises(Busy) as later:
        queue.enter(nobody(10), 3.0)
    assert later.value.retry_after in (12, 13)


def test_a_flood_of_refusals_does_not_send_others_away_for_ever() -> None:
    queue = make(places=1, waiting=10)
    queue.enter(client("a"), 0)
    queue.leave(started(queue), 1.0)
    waits = []
    for number in range(1000):
        try:
            queue.enter(nobody(number), 0)
            queue.start()
        except Busy as busy:
            waits.append(busy.retry_after)
    assert max(waits) == 15


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["claimed", "vouched", "anonymous"])), max_size=30)
)
def test_the_order_that_is_told_is_the_order_of_the_starts(asked: list[tuple[str, Standing]]) -> None:
    queue = make(waiting=1000)
    for number, (name, standing) in enumerate(asked):
        queue.enter(QueueClient(f"{name} {standing}" if standing != "anonymous" else f"{number}", standing), 0)
    told = list(queue.order())
    assert len(told) == len(queue) == len(asked)
    served = []
    while (ticket := queue.start()) is not None:
        served.append(ticket)
        queue.leave(ticket)
    assert served == told


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=200), st.integers(1, 3))
def test_whatever_happens_the_bounds_hold_and_nothing_is_lost(events: list[tuple[int, bool]], places: int) -> None:
    queue = make(places, waiting=12, each=4)
    alive: list[Ticket] = []
    waits: list[int] = []
    entered = left = 0
    for number, (who, comes) in enumerate(events):
        if comes:
            try:
                alive.append(queue.enter(nobody(number) if who > 6 else client(str(who)), float(number)))
                entered += 1
            except Busy as busy:
                waits.append(busy.retry_after)
        elif alive:
            queue.leave(alive.pop(who % len(alive)), 0.5)
            left += 1
        while queue.start() is not None:
            pass
        running = [ticket.client.name for ticket in alive if ticket.running]
        assert len(running) == len(set(running)) <= places
        assert len(queue) <= 12
        assert len(queue) + len(running) == entered - left
        assert set(queue.order()) == {ticket for ticket in alive if not ticket.running}
    assert all(wait >= 1 for wait in waits)
