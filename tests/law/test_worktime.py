"""The legal clock on days that people know: Tết, swapped Saturdays, half days, the 15:00 rule, waits and extensions."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time

import pytest

from motcua.law.worktime import (
    CalendarEdgeError,
    Convention,
    DayOff,
    HalfDay,
    LimitError,
    SwappedDay,
    TimeLimit,
    Unit,
    WorkCalendar,
    add_minutes,
    due,
    due_at,
    due_batch,
    elapsed,
    extend,
    from_minutes,
    recompute_for_change,
    resume,
    to_minutes,
)

C = Convention
CALENDAR = WorkCalendar(
    code="test",
    version="1",
    valid_from=date(2024, 1, 1),
    valid_to=date(2025, 12, 31),
    saturday_morning=((420, 690),),
    days_off=(
        DayOff(date(2024, 4, 29), "Nghỉ hoán đổi", "swap_off", "U"),
        DayOff(date(2024, 4, 30), "Ngày Chiến thắng"),
        DayOff(date(2024, 5, 1), "Quốc tế Lao động"),
        DayOff(date(2024, 9, 2), "Quốc khánh"),
        DayOff(date(2024, 9, 3), "Quốc khánh"),
        DayOff(date(2024, 9, 7), "Ngày lễ trùng thứ Bảy", "agency"),
    ),
    working_days=(SwappedDay(date(2024, 5, 4), 0, "Làm bù"),),
    half_days=(HalfDay(date(2024, 6, 14), ((420, 690),), "Nghỉ buổi chiều"),),
    provisional_years=(2025,),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def counted(received: str, limit: str, convention: Convention | None = None, **settings: time) -> str:
    return due(CALENDAR, at(received), TimeLimit.parse(limit), convention, **settings).at.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("received", "limit", "convention", "expected"),
    [
        # The receipt day is not counted; a swapped Saturday is a working day like any other.
        ("2024-04-25 10:00", "5 ngày làm việc", None, "2024-05-06 17:00"),
        ("2024-04-26 16:59", "1 ngày làm việc", C.DAY_EXCLUSIVE, "2024-05-02 17:00"),
        ("2024-05-03 08:00", "1 ngày làm việc", C.DAY_EXCLUSIVE, "2024-05-04 17:00"),
        ("2024-05-11 08:00", "1 ngày làm việc", C.DAY_EXCLUSIVE, "2024-05-13 17:00"),
        ("2024-06-13 08:00", "1 ngày làm việc", C.DAY_EXCLUSIVE, "2024-06-14 11:30"),
        # "Sau 15 giờ": 15:00 itself is not after; a day off counts as the next working day.
        ("2024-05-06 15:00", "1 ngày làm việc", C.DAY_EXCLUSIVE_AFTER15, "2024-05-07 17:00"),
        ("2024-05-06 15:01", "1 ngày làm việc", C.DAY_EXCLUSIVE_AFTER15, "2024-05-08 17:00"),
        ("2024-05-10 15:01", "1 ngày làm việc", C.DAY_EXCLUSIVE_AFTER15, "2024-05-14 17:00"),
        ("2024-05-11 09:00", "1 ngày làm việc", C.DAY_EXCLUSIVE_AFTER15, "2024-05-14 17:00"),
        # Hours run from the moment, over lunch, the evening and the week-end.
        ("2024-05-06 10:00", "8 giờ làm việc", None, "2024-05-07 10:00"),
        ("2024-05-06 11:00", "1 giờ", None, "2024-05-06 14:00"),
        ("2024-05-10 16:00", "0,5 ngày làm việc", None, "2024-05-13 10:00"),
        ("2024-05-06 12:15", "4 giờ làm việc", None, "2024-05-07 07:30"),
        ("2024-05-06 05:00", "8 giờ làm việc", None, "2024-05-06 17:00"),
        ("2024-05-10 17:00", "8 giờ làm việc", None, "2024-05-13 17:00"),
        ("2024-04-26 16:00", "2 ngày làm việc", C.HOUR_CARRY, "2024-05-03 16:00"),
        ("2024-05-10 16:00", "8 giờ làm việc", C.HOUR_CARRY_SAT_AM, "2024-05-13 09:30"),
        ("2024-09-06 16:00", "8 giờ làm việc", C.HOUR_CARRY_SAT_AM, "2024-09-09 16:00"),
        ("2024-05-03 16:00", "9 giờ làm việc", C.HOUR_CARRY_SAT_AM, "2024-05-04 17:00"),
        # Calendar days and months roll off a day off; a month without that date ends on its last day.
        ("2024-04-20 09:00", "10 ngày", None, "2024-05-02 17:00"),
        ("2024-04-20 09:00", "14 ngày", None, "2024-05-04 17:00"),
        ("2024-01-31 09:00", "1 tháng", None, "2024-02-29 17:00"),
        ("2024-03-31 09:00", "1 tháng", None, "2024-05-02 17:00"),
        ("2024-12-15 09:00", "2 tháng", None, "2025-02-17 17:00"),
        ("2024-05-06 09:00", "2 tháng", C.DAY_EXCLUSIVE, "2024-07-08 17:00"),
        # In the day, the next day after 15:00, after closing or on a day off.
        ("2024-05-06 15:00", "trong ngày", None, "2024-05-06 17:00"),
        ("2024-05-06 15:01", "trong ngày", None, "2024-05-07 17:00"),
        ("2024-05-11 09:00", "trong ngày", None, "2024-05-13 17:00"),
        ("2024-06-14 11:29", "trong ngày", None, "2024-06-14 11:30"),
        ("2024-06-14 14:00", "trong ngày", None, "2024-06-17 17:00"),
        ("2024-05-06 09:00", "1 ngày làm việc", C.SAME_DAY, "2024-05-06 17:00"),
        ("2024-05-06 09:00", "3 ngày làm việc", C.SAME_DAY, "2024-05-08 17:00"),
        # Under day conventions a part of a day is a whole one; hours stay hours whatever the convention.
        ("2024-05-06 09:00", "1,5 ngày làm việc", C.DAY_EXCLUSIVE, "2024-05-08 17:00"),
        ("2024-05-06 09:00", "4 giờ làm việc", C.DAY_EXCLUSIVE, "2024-05-06 15:00"),
    ],
)
def test_a_limit_is_due_when_the_law_says(received, limit, convention, expected):
    assert counted(received, limit, convention) == expected
    moment = at(received)
    batch = due_batch(CALENDAR, [to_minutes(moment)], TimeLimit.parse(limit), convention)
    assert [from_minutes(minute).strftime("%Y-%m-%d %H:%M") for minute in batch] == [expected]


def test_the_cut_off_hour_is_a_setting():
    assert (
        counted("2024-05-06 10:30", "1 ngày làm việc", C.DAY_EXCLUSIVE_AFTER15, cutoff=time(10)) == "2024-05-08 17:00"
    )
    assert counted("2024-05-06 10:30", "trong ngày", cutoff=time(16)) == "2024-05-06 17:00"


@pytest.mark.parametrize(
    ("received", "limit", "convention", "rules"),
    [
        (
            "2024-04-25 10:00",
            "5 ngày làm việc",
            None,
            "first_day_excluded skipped_rest_days skipped_day_off skipped_day_off skipped_day_off swapped_working_day "
            "end_of_office_hours",
        ),
        (
            "2024-05-06 15:01",
            "1 ngày làm việc",
            C.DAY_EXCLUSIVE_AFTER15,
            "after_cutoff first_day_excluded end_of_office_hours",
        ),
        (
            "2024-05-11 15:01",
            "1 ngày làm việc",
            C.DAY_EXCLUSIVE_AFTER15,
            "received_outside_hours first_day_excluded skipped_rest_days end_of_office_hours",
        ),
        ("2024-06-14 14:00", "trong ngày", None, "received_outside_hours skipped_rest_days end_of_office_hours"),
        ("2024-05-06 15:01", "trong ngày", None, "after_cutoff end_of_office_hours"),
        ("2024-06-13 09:00", "1 ngày làm việc", None, "first_day_excluded half_day end_of_office_hours"),
        ("2024-05-06 09:00", "1 giờ", None, "runs_from_moment counted_working_minutes"),
        ("2024-05-06 12:00", "1 giờ", None, "received_outside_hours runs_from_moment counted_working_minutes"),
        (
            "2024-05-10 16:00",
            "8 giờ",
            C.HOUR_CARRY_SAT_AM,
            "runs_from_moment skipped_rest_days saturday_mornings counted_working_minutes",
        ),
        (
            "2024-08-31 09:00",
            "1 tháng",
            None,
            "first_day_excluded month_end end_of_office_hours",
        ),
        (
            "2024-04-20 09:00",
            "10 ngày",
            None,
            "first_day_excluded rolled_to_working_day skipped_day_off skipped_day_off end_of_office_hours",
        ),
        (
            "2024-12-30 09:00",
            "4 ngày",
            None,
            "first_day_excluded provisional_year end_of_office_hours",
        ),
        (
            "2024-05-06 09:00",
            "1,5 ngày",
            C.CALENDAR_ROLL,
            "fraction_rounded_up first_day_excluded end_of_office_hours",
        ),
    ],
)
def test_the_trace_names_every_rule_that_moved_the_date(received, limit, convention, rules):
    answer = due(CALENDAR, at(received), TimeLimit.parse(limit), convention)
    assert [step.rule for step in answer.trace] == rules.split()
    assert answer.provisional == ("provisional_year" in rules)


def test_a_skipped_holiday_is_named_with_its_article_and_its_doubt():
    trace = due(CALENDAR, at("2024-04-25 10:00"), TimeLimit.parse("5 ngày làm việc")).trace
    swap, victory = (step for step in trace if step.rule == "skipped_day_off" and "05-01" not in str(step.params))
    assert (swap.article, dict(swap.params)["name"], dict(swap.params)["confidence"]) == (
        "yearly_swap",
        "Nghỉ hoán đổi",
        "U",
    )
    assert (victory.article, "confidence" in dict(victory.params)) == ("labour_code_2019:112", False)


def test_days_off_in_a_row_under_one_name_are_one_step_cut_to_what_was_passed():
    whole = due(CALENDAR, at("2024-08-30 10:00"), TimeLimit.parse("1 ngày làm việc")).trace
    part = due(CALENDAR, at("2024-09-02 10:00"), TimeLimit.parse("1 ngày làm việc")).trace
    spans = [[dict(s.params) for s in trace if s.rule == "skipped_day_off"] for trace in (whole, part)]
    assert [(step["from"], step["to"], step["days"]) for step in spans[0]] == [("2024-09-02", "2024-09-03", 2)]
    assert [(step["from"], step["to"], step["days"]) for step in spans[1]] == [("2024-09-03", "2024-09-03", 1)]


def test_a_holiday_on_a_saturday_moved_nothing_and_is_not_told():
    trace = due(CALENDAR, at("2024-09-06 10:00"), TimeLimit.parse("1 ngày làm việc")).trace
    assert [step.rule for step in trace] == ["first_day_excluded", "skipped_rest_days", "end_of_office_hours"]
    counted_saturdays = due(CALENDAR, at("2024-09-06 16:00"), TimeLimit.parse("2 giờ"), C.HOUR_CARRY_SAT_AM).trace
    assert "Ngày lễ trùng thứ Bảy" in str(counted_saturdays)


@pytest.mark.parametrize(
    ("received", "code", "day"),
    [
        ("2023-12-31 10:00", "before_calendar", date(2023, 12, 31)),
        ("2026-01-01 10:00", "beyond_calendar", date(2026, 1, 1)),
        ("2025-12-31 10:00", "beyond_calendar", date(2026, 1, 1)),
    ],
)
@pytest.mark.parametrize("limit", ["1 ngày làm việc", "9 giờ", "1 tháng", "3 ngày"])
def test_the_clock_refuses_to_guess_beyond_its_calendar(received, code, day, limit):
    for ask in (due, due_at):
        with pytest.raises(CalendarEdgeError) as refused:
            ask(CALENDAR, at(received), TimeLimit.parse(limit))
        assert (refused.value.code, refused.value.day) == (code, day)
    with pytest.raises(CalendarEdgeError):
        due_batch(CALENDAR, [to_minutes(at("2024-05-06 10:00")), to_minutes(at(received))], TimeLimit.parse(limit))


def test_days_cannot_be_counted_as_months_and_a_time_zone_is_refused():
    with pytest.raises(LimitError) as refused:
        due(CALENDAR, at("2024-05-06 10:00"), TimeLimit(2, Unit.DAY), C.MONTHS)
    assert refused.value.code == "days_not_months"
    with pytest.raises(ValueError, match="local time"):
        due(CALENDAR, datetime(2024, 5, 6, 10, tzinfo=UTC), TimeLimit(2, Unit.DAY))


def test_no_question_is_an_empty_batch():
    assert due_batch(CALENDAR, [], TimeLimit(1, Unit.DAY)) == []


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2024-05-06 10:00", 0, "2024-05-06 10:00"),
        ("2024-05-06 11:30", 0, "2024-05-06 11:30"),
        ("2024-05-06 12:00", 0, "2024-05-06 13:30"),
        ("2024-05-11 12:00", 0, "2024-05-13 07:00"),
        ("2024-05-06 16:30", 30, "2024-05-06 17:00"),
        ("2024-05-06 16:30", 31, "2024-05-07 07:01"),
    ],
)
def test_working_minutes_are_added_from_the_opening(start, minutes, expected):
    assert add_minutes(CALENDAR, at(start), minutes) == at(expected)


def test_working_minutes_to_add_are_not_negative():
    with pytest.raises(ValueError, match="negative"):
        add_minutes(CALENDAR, at("2024-05-06 10:00"), -1)


def test_saturday_mornings_are_working_time_only_when_asked_for():
    start, end = at("2024-05-10 17:00"), at("2024-05-13 07:00")
    assert elapsed(CALENDAR, start, end) == 0
    assert elapsed(CALENDAR, start, end, sat_am=True) == 270


@pytest.mark.parametrize(
    ("limit", "convention", "due_time", "paused", "resumed", "expected"),
    [
        # Three working days are left after the pause day and three after the day of resumption.
        (
            "5 ngày làm việc",
            C.DAY_EXCLUSIVE,
            "2024-05-13 17:00",
            "2024-05-08 09:00",
            "2024-05-15 14:00",
            "2024-05-20 17:00",
        ),
        # Begun and ended on one day: nothing moves.
        (
            "5 ngày làm việc",
            C.DAY_EXCLUSIVE,
            "2024-05-13 17:00",
            "2024-05-08 09:00",
            "2024-05-08 16:00",
            "2024-05-13 17:00",
        ),
        # Resumed after 15:00 counts as the next working day where that rule holds.
        (
            "5 ngày làm việc",
            C.DAY_EXCLUSIVE_AFTER15,
            "2024-05-13 17:00",
            "2024-05-08 09:00",
            "2024-05-15 15:30",
            "2024-05-21 17:00",
        ),
        # The last afternoon: the wait alone makes nothing overdue.
        (
            "1 ngày làm việc",
            C.DAY_EXCLUSIVE,
            "2024-05-07 17:00",
            "2024-05-07 09:00",
            "2024-05-08 18:00",
            "2024-05-09 17:00",
        ),
        ("8 giờ", C.HOUR_CARRY, "2024-05-07 10:00", "2024-05-06 16:00", "2024-05-08 08:30", "2024-05-08 14:30"),
        ("8 giờ", C.HOUR_CARRY, "2024-05-07 10:00", "2024-05-07 10:00", "2024-05-11 08:30", "2024-05-13 07:00"),
        ("10 ngày", C.CALENDAR_ROLL, "2024-05-16 17:00", "2024-05-08 09:00", "2024-05-13 14:00", "2024-05-21 17:00"),
        ("1 tháng", C.MONTHS, "2024-06-06 17:00", "2024-05-08 09:00", "2024-05-13 14:00", "2024-06-11 17:00"),
        ("trong ngày", C.SAME_DAY, "2024-05-06 17:00", "2024-05-06 09:00", "2024-05-08 14:00", "2024-05-08 17:00"),
    ],
)
def test_a_wait_leaves_the_agency_what_it_had(limit, convention, due_time, paused, resumed, expected):
    answer = resume(CALENDAR, at(due_time), at(paused), at(resumed), TimeLimit.parse(limit), convention)
    assert answer.at == at(expected)
    assert answer.trace[0].rule == "paused"
    assert dict(answer.trace[0].params) == {"from": paused.replace(" ", "T"), "to": resumed.replace(" ", "T")}


def test_a_wait_over_holidays_tells_them_and_a_wait_backwards_is_refused():
    limit = TimeLimit.parse("5 ngày làm việc")
    answer = resume(CALENDAR, at("2024-04-26 17:00"), at("2024-04-25 09:00"), at("2024-04-26 09:00"), limit)
    assert answer.at == at("2024-05-02 17:00")
    assert [step.rule for step in answer.trace].count("skipped_day_off") == 3
    with pytest.raises(ValueError, match="before it begins"):
        resume(CALENDAR, at("2024-04-26 17:00"), at("2024-04-26 09:00"), at("2024-04-25 09:00"), limit)


def test_a_wait_that_begins_overdue_changes_nothing():
    late = resume(
        CALENDAR, at("2024-05-06 17:00"), at("2024-05-07 09:00"), at("2024-05-20 09:00"), TimeLimit(1, Unit.DAY)
    )
    assert (late.at, [step.rule for step in late.trace]) == (at("2024-05-06 17:00"), ["already_overdue"])


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("2 ngày làm việc", "2024-05-08 17:00"),
        ("4 giờ làm việc", "2024-05-07 11:00"),
        ("5 ngày", "2024-05-13 17:00"),
        ("trong ngày", "2024-05-07 17:00"),
        ("1 tháng", "2024-06-06 17:00"),
    ],
)
def test_an_extension_counts_from_the_due_time_without_a_cut_off(limit, expected):
    answer = extend(CALENDAR, at("2024-05-06 17:00"), TimeLimit.parse(limit))
    assert answer.at == at(expected)
    assert (answer.trace[0].rule, answer.trace[0].article) == ("extended", "nd61_2018:19")


def changed(*days: DayOff, without: str = "") -> WorkCalendar:
    kept = tuple(row for row in CALENDAR.days_off if row.day.isoformat() != without)
    return WorkCalendar(
        "test", "2", CALENDAR.valid_from, CALENDAR.valid_to, days_off=(*kept, *days), working_days=CALENDAR.working_days
    )


def test_a_new_holiday_moves_an_open_dossier_and_a_lost_one_keeps_the_promise():
    received, limit = at("2024-05-06 10:00"), TimeLimit.parse("3 ngày làm việc")
    later = recompute_for_change(CALENDAR, changed(DayOff(date(2024, 5, 8), "Nghỉ thêm")), received, limit)
    assert (later.at, later.trace[0].rule) == (at("2024-05-10 17:00"), "calendar_changed")
    received = at("2024-04-26 10:00")
    kept = recompute_for_change(CALENDAR, changed(without="2024-05-01"), received, limit)
    assert due_at(changed(without="2024-05-01"), received, limit) == at("2024-05-03 17:00")
    assert (kept.at, kept.trace[-1].rule) == (at("2024-05-04 17:00"), "promise_kept")


def test_a_changed_calendar_counts_the_waits_and_the_promise_on_paper():
    received, limit = at("2024-05-06 10:00"), TimeLimit.parse("3 ngày làm việc")
    waits = [(at("2024-05-07 09:00"), at("2024-05-09 09:00"))]
    new = changed(DayOff(date(2024, 5, 10), "Nghỉ thêm"))
    assert recompute_for_change(CALENDAR, CALENDAR, received, limit, pauses=waits).at == at("2024-05-13 17:00")
    assert recompute_for_change(CALENDAR, new, received, limit, pauses=waits).at == at("2024-05-14 17:00")
    promised = at("2024-05-30 17:00")
    assert recompute_for_change(CALENDAR, new, received, limit, pauses=waits, promised=promised).at == promised


def test_a_calendar_and_its_answers_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        CALENDAR.code = "other"  # type: ignore[misc]
    limit = TimeLimit(1, Unit.DAY)
    for change in (lambda: setattr(limit, "amount", 2), lambda: delattr(limit, "unit")):
        with pytest.raises(AttributeError):
            change()
    answer = due(CALENDAR, at("2024-05-06 10:00"), limit)
    with pytest.raises(AttributeError):
        answer.at = at("2024-05-06 10:00")  # type: ignore[misc]


def test_two_agencies_keep_their_own_calendars_side_by_side():
    other = WorkCalendar("other", "1", CALENDAR.valid_from, CALENDAR.valid_to, hours=(((480, 960),),) * 5 + ((), ()))
    limit = TimeLimit.parse("5 ngày làm việc")
    for _ in range(2):
        assert due_at(CALENDAR, at("2024-04-25 10:00"), limit) == at("2024-05-06 17:00")
        assert due_at(other, at("2024-04-25 10:00"), limit) == at("2024-05-02 16:00")


def test_the_clock_forgets_old_answers_instead_of_growing():
    calendar = changed()
    minutes = [to_minutes(at("2024-05-06 10:00")) + day * 1440 for day in range(300)]
    for amount in range(1, 120):
        limit = TimeLimit(amount, Unit.WORKING_DAY)
        for minute in minutes:
            answer = due(calendar, from_minutes(minute), limit)
            assert answer.at == due_at(calendar, from_minutes(minute), limit)
    assert len(calendar.memo.dues) <= 20_000
