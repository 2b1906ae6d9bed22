"""The starter calendar against the `holidays` package and, where it is at hand, the reference table of days."""

import csv
from datetime import date, datetime, timedelta

import holidays
import pytest

from motcua.law.worktime import CalendarEdgeError, TimeLimit, due
from motcua.starter.calendar import starter_calendar

OFF = {row.day: row for row in starter_calendar().days_off}
WORKED = {row.day: row for row in starter_calendar().working_days}


@pytest.mark.parametrize("year", range(2021, 2028))
def test_every_holiday_that_the_package_knows_is_a_day_off_and_every_other_day_off_is_a_swap(year):
    known = set(holidays.country_holidays("VN", years=year))
    ours = {day for day in OFF if day.year == year}
    assert all(day.weekday() >= 5 for day in known - ours)  # a Saturday in Tết was never worked
    assert all(OFF[day].kind == "swap_off" for day in ours - known)


def test_every_day_taken_off_in_exchange_is_worked_on_a_rest_day():
    swapped = [row for row in OFF.values() if row.kind == "swap_off"]
    assert [row.day.weekday() for row in swapped] == [row.as_weekday for row in _by_distance(swapped)]
    assert len(swapped) == len(WORKED) == 4
    assert all(day.weekday() == 5 for day in WORKED)


def _by_distance(swapped):
    return [min(WORKED.values(), key=lambda worked, day=row.day: abs(worked.day - day)) for row in swapped]


def test_the_calendar_runs_from_2021_to_2027_and_2027_is_provisional():
    calendar = starter_calendar()
    assert (calendar.valid_from, calendar.valid_to) == (date(2021, 1, 1), date(2027, 12, 31))
    assert calendar.provisional_years == (2027,)
    limit = TimeLimit.parse("5 ngày làm việc")
    assert not due(calendar, datetime(2026, 12, 18, 9), limit).provisional
    assert due(calendar, datetime(2026, 12, 30, 9), limit).provisional
    with pytest.raises(CalendarEdgeError):
        due(calendar, datetime(2027, 12, 29, 9), limit)


def test_days_not_yet_decided_or_seen_in_law_are_marked():
    unsure = {row.day for row in (*OFF.values(), *WORKED.values()) if row.confidence == "U"}
    assert {date(2026, 1, 2), date(2026, 1, 10), date(2026, 8, 22), date(2026, 11, 24)} <= unsure
    assert {date(2027, 2, 4) + timedelta(days=n) for n in range(7)} <= unsure


def test_the_calendar_agrees_with_the_reference_table(shared):
    table = shared / "data/calendar/holidays_vn_2021_2026.csv"
    with table.open(encoding="utf-8") as stream:
        rows = {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(stream)}
    ours = {day: row.kind for day, row in OFF.items() if day.year < 2027} | dict.fromkeys(WORKED, "swap_work")
    assert ours == rows
