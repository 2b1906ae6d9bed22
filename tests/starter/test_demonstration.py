"""Demonstration dossiers: one by one or set-wise, they leave a sound log of plainly invented lives."""

import itertools
import random

import pytest

from motcua.agencies.access import Role
from motcua.agencies.commands import publish_calendar
from motcua.dossiers.models import Dossier, Event
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up_with_much
from motcua.law import worktime
from motcua.law.dossier.vocabulary import Status
from motcua.starter import DEMO_DOSSIERS, demonstration, load, procedures, province
from motcua.starter.calendar import starter_calendar
from motcua.starter.loading import facts


@pytest.fixture
def demo_province(fresh_database):
    """The demo province with its calendar and procedures; the units are left out, no dossier needs them."""
    procedures.load()
    publish_calendar(province.CALENDAR, starter_calendar().to_data(), "thử")
    province.load(tuple(record.code for record in procedures.records(facts("procedures.json"))))


def test_few_through_the_commands_and_many_set_wise_leave_a_sound_log(demo_province):
    assert demonstration.make(40) == 40
    assert demonstration.make(demonstration.ONE_BY_ONE + 60, seed=2) == demonstration.ONE_BY_ONE + 60
    catch_up_with_much()
    report = verify()
    assert report.sound, report.faults
    assert report.dossiers == 40 + demonstration.ONE_BY_ONE + 60
    assert report.unplaced == 0
    assert report.claims == report.events
    assert set(Event.objects.values_list("ground", flat=True)) == {"demonstration"}


def test_the_lives_are_of_many_kinds(demo_province):
    demonstration.make(400)
    statuses = set(Dossier.objects.values_list("status", flat=True))
    assert {Status.PROCESSING, Status.RETURNED, Status.WITHDRAWN} <= statuses
    assert {"early", "on_time", "overdue"} <= set(Dossier.objects.values_list("timeliness", flat=True))
    types = set(Event.objects.values_list("type", flat=True))
    assert {"received", "handed_over", "assigned", "paused", "resumed", "finished", "returned"} <= types


def test_numbers_are_given_without_gap_or_duplicate(demo_province):
    demonstration.make(300)
    demonstration.make(30, seed=3)
    by_scope: dict[str, list[int]] = {}
    for code in Dossier.objects.values_list("code", flat=True):
        scope, serial = code.rsplit("-", 1)
        by_scope.setdefault(scope, []).append(int(serial))
    assert sum(map(len, by_scope.values())) == 330
    for serials in by_scope.values():
        assert sorted(serials) == list(range(1, len(serials) + 1))


def test_no_life_goes_on_into_the_future(demo_province):
    demonstration.make(250)
    for recorded, happened in Event.objects.values_list("recorded_at", "happened_at"):
        assert happened <= recorded


def test_people_are_plainly_invented(demo_province):
    rng = random.Random(1)
    for number in range(200):
        person = demonstration.invented(rng, number)
        assert " Mẫu " in person.name
        assert person.id_number.startswith("000")


def test_nothing_is_made_without_the_demo_province(fresh_database):
    with pytest.raises(LookupError):
        demonstration.make(1)
    assert not Event.objects.exists()


def test_the_starter_data_are_loaded_once(fresh_database):
    before = load(demo=True, report=lambda _: None)
    said: list[str] = []
    assert load(demo=True, report=said.append) == before
    assert said == []
    assert Dossier.objects.count() == DEMO_DOSSIERS
    assert len(province.sign_ins()) == len(Role)


@pytest.mark.parametrize("count", [1, 2, 300, demonstration.BATCH + 1, 1_000_000])
def test_every_stretch_of_time_has_office_hours(demo_province, count):
    """A stretch of days may be all Tết; a stretch of working time never is."""
    batches = demonstration._batches(count, 1)
    assert sum(batch.count for batch in batches) == count
    calendar = starter_calendar()
    assert all(worktime.elapsed(calendar, batch.start, batch.end) > 0 for batch in batches)
    for before, after in itertools.pairwise(batches):
        assert before.end == after.start
