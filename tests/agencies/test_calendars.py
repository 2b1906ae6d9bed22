"""Work calendars are published in versions: a change adds one, and what was published stays."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from motcua.agencies import commands, queries
from motcua.agencies.commands import AgencyError
from motcua.law.worktime import WorkCalendar
from support.readers import make_tree

pytestmark = pytest.mark.django_db

CALENDAR = WorkCalendar("office", "draft", date(2026, 1, 1), date(2027, 12, 31), provisional_years=(2027,))
LONGER = replace(CALENDAR, valid_to=date(2028, 12, 31))


def publish(calendar=CALENDAR, reason="Lịch năm 2026"):
    return commands.publish_calendar("office", calendar.to_data(), reason, name="Lịch hành chính")


def keep_ward(**values):
    return commands.keep_agency(
        code="W", name="UBND", kind="commune_committee", identifier="H99", desk_name="-", **values
    )


def test_an_agency_works_by_the_latest_version_of_its_calendar():
    first = publish()
    ward = keep_ward(calendar_code="office")
    assert queries.calendar_for(ward) == (replace(CALENDAR, version="1"), first)
    second = publish(LONGER, "Thêm năm 2028")
    assert queries.calendar_for(ward) == (replace(LONGER, version="2"), second)
    assert queries.calendar_version(first) == replace(CALENDAR, version="1")


def test_publishing_the_same_again_adds_nothing():
    assert publish() == publish(replace(CALENDAR, version="another word"))
    assert len(queries.calendar_versions("office")) == 1


def test_going_back_to_earlier_data_is_a_new_version():
    first = publish()
    publish(LONGER)
    assert publish() not in {first}
    assert [view.version for view in queries.calendar_versions("office")] == [3, 2, 1]


def test_a_version_tells_its_dates_its_provisional_years_and_why():
    publish()
    (view,) = queries.calendar_versions("office")
    assert (view.valid_from, view.valid_to) == (date(2026, 1, 1), date(2027, 12, 31))
    assert (view.provisional_years, view.reason, view.code) == ((2027,), "Lịch năm 2026", "office")
    assert view.created_at is not None


@pytest.mark.parametrize(
    ("field", "data", "reason"),
    [
        ("data", {"days": "all of them"}, "Lịch"),
        ("data", CALENDAR.to_data() | {"valid_to": "2025-01-01"}, "Lịch"),
        ("reason", CALENDAR.to_data(), "  "),
    ],
)
def test_what_is_no_calendar_or_has_no_reason_is_not_published(field, data, reason):
    with pytest.raises(AgencyError) as refusal:
        commands.publish_calendar("office", data, reason)
    assert refusal.value.field == field
    assert queries.calendar_versions("office") == ()


def test_a_calendar_met_before_costs_one_statement(django_assert_num_queries):
    publish()
    ward = keep_ward(calendar_code="office")
    with django_assert_num_queries(2):
        queries.calendar_for(ward)
    with django_assert_num_queries(1):
        queries.calendar_for(ward)


def test_an_agency_without_a_calendar_is_told_so():
    tree = make_tree()
    with pytest.raises(queries.NoCalendar):
        queries.calendar_for(tree.ward)
    with pytest.raises(queries.NoCalendar):
        queries.calendar_version(0)


@pytest.mark.parametrize(
    "statement", ["UPDATE agencies_calendarversion SET version = 9", "DELETE FROM agencies_calendarversion"]
)
def test_the_application_cannot_change_a_published_version(statement):
    publish()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert [view.version for view in queries.calendar_versions("office")] == [1]
