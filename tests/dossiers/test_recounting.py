"""An official change of the calendar moves open dossiers only by a leader's recorded act, never earlier."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Role
from motcua.agencies.commands import publish_calendar
from motcua.dossiers import commands
from motcua.dossiers.followers import registered
from motcua.dossiers.health import check
from motcua.dossiers.models import Dossier, Event
from motcua.dossiers.recounting import counted_otherwise, recount_open
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.reckoning import local
from motcua.starter.calendar import starter_calendar
from support.world import OTHER_WARD, POLICE, RESIDENCE

LEADER = Role.LEADER


def with_day_off(day: date) -> dict:
    """The starter calendar as a later official decision changes it."""
    data = starter_calendar().to_data()
    days = [*data["days_off"], {"date": day.isoformat(), "name": "Nghỉ theo quyết định mới", "kind": "swap_off"}]
    data["days_off"] = sorted(days, key=lambda item: item["date"])
    data["version"] = "thử-2"
    return data


def next_working_days(count: int) -> list[date]:
    calendar, day = starter_calendar(), local(timezone.now()).date()

    def following():
        nonlocal day
        while True:
            day = calendar.next_working_day(day)
            yield day

    return list(islice(following(), count))


@pytest.fixture
def changed(living_world):
    """An open dossier of the police with seven working days, and then one of these days becomes a day off."""
    answer = living_world.receive(RESIDENCE)
    publish_calendar("vn", with_day_off(next_working_days(3)[-1]), "Quyết định mới")
    return living_world, Dossier.objects.get(pk=answer.dossier_id)


def test_nothing_moves_by_itself(changed):
    _, dossier = changed
    catch_up()
    assert Dossier.objects.get(pk=dossier.pk).due_at_current == dossier.due_at_current


def test_a_leader_moves_open_dossiers_to_the_later_time(changed):
    world, dossier = changed
    leader = world.reader(LEADER, POLICE)
    assert counted_otherwise(leader) == (dossier.pk,)
    done = recount_open(leader)
    assert (done.moved, done.unchanged, done.refused) == (1, 0, ())
    moved = Dossier.objects.get(pk=dossier.pk)
    assert moved.due_at_current > dossier.due_at_current
    assert moved.due_at_original == moved.due_at_current
    event = Event.objects.get(dossier_id=dossier.pk, type="recounted")
    assert event.actor_staff == leader.staff_id
    assert event.data["appointment"]["calendar"] == "vn@2"
    assert counted_otherwise(leader) == ()
    assert verify().sound


def test_others_cannot(changed):
    world, dossier = changed
    done = recount_open(world.reader(Role.CASE_OFFICER, POLICE))
    assert done.moved == 0
    assert [code for _, code in done.refused] == ["not_your_function"]
    with pytest.raises(NotPermitted):
        commands.recount(world.reader(LEADER, OTHER_WARD), dossier.pk, command_id=commands.new_id())


def test_a_change_that_would_promise_earlier_changes_nothing(living_world):
    publish_calendar("vn", with_day_off(next_working_days(3)[-1]), "Nghỉ thêm")
    answer = living_world.receive(RESIDENCE)
    before = Dossier.objects.get(pk=answer.dossier_id)
    data = starter_calendar().to_data() | {"version": "thử-3"}
    publish_calendar("vn", data, "Bỏ ngày nghỉ thêm")
    done = recount_open(living_world.reader(LEADER, POLICE))
    assert (done.moved, done.unchanged) == (0, 1)
    assert Dossier.objects.get(pk=answer.dossier_id).due_at_current == before.due_at_current


def test_check_counts_and_lists_claimed_moments(living_world):
    happened = local(timezone.now()) - timedelta(days=3)
    living_world.receive(at=datetime.combine(happened.date(), datetime.min.time()).replace(hour=9))
    living_world.receive()
    health = check()
    assert [(claim.ground, claim.events, claim.dossiers) for claim in health.claims] == [("demonstration", 2, 1)]
    assert health.claims[0].longest_hours > 24
    assert (health.events, health.unplaced, health.quiet) == (4, 4, True)
    catch_up()
    assert check().followers == {each.name: 4 for each in registered()}
