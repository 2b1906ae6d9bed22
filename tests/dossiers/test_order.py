"""One order of the whole log: writers in parallel, a stalled transaction, followers that miss and double nothing."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from motcua.agencies.access import Role
from motcua.dossiers import commands, tallies
from motcua.dossiers.followers import Follower, follow, follow_all
from motcua.dossiers.models import Bookmark, DailyTally, Event, FollowerFault, Position, Unplaced
from motcua.dossiers.sequencer import place, place_all
from motcua.dossiers.verify import verify
from support.world import APPLICANT, MARRIAGE

WRITERS, EACH = 8, 12


def receive_many(world, count):
    """A writer of its own: receives dossiers and hands each over once."""
    desk, case = world.reader(Role.DESK_OFFICER), world.reader(Role.CASE_OFFICER)
    try:
        for _ in range(count):
            new = commands.NewDossier(procedure=MARRIAGE, owner=APPLICANT)
            answer = commands.receive(desk, new, command_id=commands.new_id())
            commands.hand_over(case, answer.dossier_id, "trinh-ky", command_id=commands.new_id())
    finally:
        connections.close_all()


class Gatherer:
    """A follower that remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[tuple] = []

    def __call__(self, batch) -> None:
        self.seen += [(placed.position, placed.dossier_id, placed.seq) for placed in batch]


def test_eight_writers_and_a_stalled_transaction_lose_and_double_nothing(living_world):
    world = living_world
    for agency, role in (("W1", Role.DESK_OFFICER), ("W1", Role.CASE_OFFICER), ("W2", Role.DESK_OFFICER)):
        world.reader(role, agency)  # posts are made when first asked for, which is not for several threads at once
    stalled, go_on = threading.Event(), threading.Event()

    def stall() -> None:
        try:
            with transaction.atomic():
                new = commands.NewDossier(procedure=MARRIAGE, owner=APPLICANT)
                reader = world.reader(Role.DESK_OFFICER, "W2")  # another desk: its numbers block nobody here
                commands.receive(reader, new, command_id=commands.new_id())
                stalled.set()
                assert go_on.wait(60)
        finally:
            connections.close_all()

    gatherer = Gatherer()
    follower = Follower("gatherer", gatherer)
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        waiting = pool.submit(stall)
        assert stalled.wait(30)
        writers = [pool.submit(receive_many, world, EACH) for _ in range(WRITERS)]
        while not all(writer.done() for writer in writers):
            place(limit=7)
            follow(follower, limit=5)
        for writer in writers:
            writer.result()
        place_all()
        follow_all(follower)
        committed_before = len(gatherer.seen)
        assert committed_before == WRITERS * EACH * 3
        go_on.set()
        waiting.result()
    place_all()
    follow_all(follower)
    positions = [position for position, _, _ in gatherer.seen]
    assert positions == list(range(1, WRITERS * EACH * 3 + 2 + 1))
    assert {(d, s) for _, d, s in gatherer.seen} == set(Event.objects.values_list("dossier_id", "seq"))
    seqs: dict = {}
    for _, dossier_id, seq in gatherer.seen:
        assert seq == seqs.get(dossier_id, 0) + 1
        seqs[dossier_id] = seq
    assert verify().sound


def test_two_sequencers_at_once_leave_no_gap(living_world):
    receive_many(living_world, 10)
    with ThreadPoolExecutor(2) as pool:

        def run() -> int:
            try:
                return sum(place(limit=3) for _ in range(12))
            finally:
                connections.close_all()

        placed = sum(future.result() for future in [pool.submit(run), pool.submit(run)])
    assert placed == 30
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 31))
    assert not Unplaced.objects.exists()


def test_a_follower_that_fails_keeps_neither_work_nor_bookmark(living_world):
    receive_many(living_world, 2)
    place_all()

    def half(batch) -> None:
        tallies.add(batch)
        if len(batch) > 1:
            raise RuntimeError("power cut")

    follow_all(Follower(tallies.NAME, half))
    assert sum(DailyTally.objects.values_list("received", flat=True)) == 2  # once, not twice
    assert Bookmark.objects.get(pk=tallies.NAME).position == 6
    assert verify().sound


def test_an_impossible_event_is_set_aside_and_the_next_ones_go_on(living_world):
    receive_many(living_world, 2)
    place_all()
    seen = []

    def choke(batch) -> None:
        for placed in batch:
            if placed.position == 3:
                raise ValueError("impossible")
        seen.extend(placed.position for placed in batch)

    follow_all(Follower("choking", choke))
    assert seen == [1, 2, 4, 5, 6]
    fault = FollowerFault.objects.get()
    assert (fault.follower, fault.position, fault.error) == ("choking", 3, "ValueError")


def test_tallies_count_reception_and_timeliness(living_world):
    world = living_world
    answer = world.receive()
    world.finish(answer.dossier_id)
    world.receive()
    place_all()
    follow_all(tallies.FOLLOWER)
    total = Counter()
    for row in DailyTally.objects.values("received", "early", "on_time", "overdue"):
        total.update(row)
    assert total["received"] == 2
    assert total["early"] + total["on_time"] == 1
    assert total["overdue"] == 0


def test_bookmarks_know_only_positions(living_world):
    receive_many(living_world, 1)
    place_all()
    follow_all(tallies.FOLLOWER)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'dossiers_bookmark' ORDER BY 1"
        )
        assert [name for (name,) in cursor.fetchall()] == ["follower", "position"]


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_the_size_of_a_run_changes_nothing(living_world, limit):
    receive_many(living_world, 3)
    while place(limit):
        pass
    gatherer = Gatherer()
    while follow(Follower("any", gatherer), limit):
        pass
    assert [position for position, _, _ in gatherer.seen] == list(range(1, 10))
