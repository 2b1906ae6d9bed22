"""A work calendar's facts: what contradicts itself is refused with its place, and days answer for themselves."""

from datetime import date, datetime
from typing import Any

import pytest

from motcua.law.worktime import CalendarEdgeError, CalendarError, TimeLimit, WorkCalendar, due, resume

GOOD: dict[str, Any] = {
    "code": "test",
    "version": "1",
    "valid_from": "2024-01-01",
    "valid_to": "2024-12-31",
    "office_hours": {"mon": [["07:00", "11:30"], ["13:30", "17:00"]], "tue": [["08:00", "24:00"]]},
    "days_off": [{"date": "2024-01-01", "name": "Tết Dương lịch", "kind": "statutory"}],
    "working_days": [{"date": "2024-01-06", "as": "tue", "name": "Làm bù"}],
    "half_days": [{"date": "2024-02-05", "hours": [["07:00", "11:30"]], "name": "Nghỉ chiều"}],
}


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"format": "other"}, "bad_format", "format"),
        ({"code": ""}, "missing", "code"),
        ({"version": None}, "missing", "version"),
        ({"valid_from": "01/01/2024"}, "bad_date", "valid_from"),
        ({"valid_to": "2023-12-31"}, "bad_validity", "valid_to"),
        ({"provisional_years": ["2024"]}, "bad_years", "provisional_years"),
        ({"office_hours": [["07:00", "11:30"]]}, "bad_hours", "office_hours"),
        ({"office_hours": {}}, "bad_hours", "office_hours"),
        ({"office_hours": {"monday": []}}, "bad_hours", "office_hours"),
        ({"office_hours": {"mon": "07:00"}}, "bad_hours", "office_hours.mon"),
        ({"office_hours": {"mon": [["07:00"]]}}, "bad_hours", "office_hours.mon"),
        ({"office_hours": {"mon": [["7h", "11:30"]]}}, "bad_clock", "office_hours.mon"),
        ({"office_hours": {"mon": [["07:00", "24:01"]]}}, "bad_clock", "office_hours.mon"),
        ({"office_hours": {"mon": [["11:30", "07:00"]]}}, "bad_hours", "office_hours.mon"),
        ({"office_hours": {"mon": [["07:00", "11:30"], ["11:00", "17:00"]]}}, "bad_hours", "office_hours.mon"),
        ({"days_off": {}}, "bad_rows", "days_off"),
        ({"days_off": ["2024-01-01"]}, "bad_rows", "days_off[1]"),
        ({"days_off": [{"date": "2024-13-01"}]}, "bad_date", "days_off[1]"),
        ({"days_off": [{"date": "2024-01-01", "kind": "party"}]}, "bad_choice", "days_off[1]"),
        ({"days_off": [{"date": "2025-01-01"}]}, "outside_validity", "days_off 2025-01-01"),
        ({"days_off": [{"date": "2024-01-06"}]}, "said_twice", "working_days 2024-01-06"),
        ({"working_days": [{"date": "2024-01-06", "as": "sun"}]}, "bad_hours", "working_days 2024-01-06"),
        ({"half_days": [{"date": "2024-02-05", "hours": []}]}, "bad_hours", "half_days 2024-02-05"),
    ],
)
def test_facts_that_cannot_be_are_refused_with_their_place(change, code, where):
    with pytest.raises(CalendarError) as refused:
        WorkCalendar.from_data(GOOD | change)
    assert (refused.value.code, refused.value.where) == (code, where)


def test_days_answer_for_themselves():
    calendar = WorkCalendar.from_data(GOOD)
    assert not calendar.is_working_day(date(2024, 1, 1))
    assert calendar.opening(date(2024, 1, 1)) is calendar.closing(date(2024, 1, 1)) is None
    assert calendar.opening(date(2024, 1, 8)) == datetime(2024, 1, 8, 7)
    assert calendar.closing(date(2024, 1, 6)) == datetime(2024, 1, 7)
    assert calendar.closing(date(2024, 2, 5)) == datetime(2024, 2, 5, 11, 30)
    assert calendar.next_working_day(date(2024, 1, 2)) == date(2024, 1, 6)
    for beyond in (calendar.next_working_day, calendar.is_working_day):
        with pytest.raises(CalendarEdgeError):
            beyond(date(2025, 1, 1))
    with pytest.raises(CalendarEdgeError):
        calendar.next_working_day(date(2024, 12, 31))


def test_an_office_that_closes_at_midnight_is_due_on_the_day_that_ends():
    """24:00 is written as 00:00 of the next date, but everything counts it as the day before."""
    calendar, limit = WorkCalendar.from_data(GOOD), TimeLimit.parse("1 ngày làm việc")
    answer = due(calendar, datetime(2024, 1, 8, 9), limit)
    assert answer.at == datetime(2024, 1, 10)
    assert resume(calendar, answer.at, answer.at, answer.at, limit).at == answer.at
    assert [step.rule for step in answer.trace] == ["first_day_excluded", "end_of_office_hours"]


def test_facts_in_another_order_make_the_same_calendar():
    rows = [{"date": "2024-05-01", "name": "b"}, {"date": "2024-04-30", "name": "a"}]
    one, two = (WorkCalendar.from_data(GOOD | {"days_off": order}) for order in (rows, rows[::-1]))
    assert (one, hash(one)) == (two, hash(two))
    assert one != WorkCalendar.from_data(GOOD)
