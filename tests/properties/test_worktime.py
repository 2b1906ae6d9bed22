"""The legal clock agrees with a slow walk over every minute, and keeps its promises for any calendar."""

import json
import pickle
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from motcua.law.worktime import (
    FIFTEEN,
    CalendarEdgeError,
    Convention,
    Due,
    TimeLimit,
    Unit,
    WorkCalendar,
    add_minutes,
    due,
    due_at,
    due_batch,
    elapsed,
    extend,
    recompute_for_change,
    resume,
    to_minutes,
)

sys.path.insert(0, str(Path(__file__).parent))
from worktime_calendars import DAY_CONVENTIONS, HOUR_CONVENTIONS, calendars, moments, rules
from worktime_oracle import Oracle

CUTOFFS = st.sampled_from([FIFTEEN, time(11, 0), time(16, 59), time(23, 59)])


def by_the_oracle(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, convention: Convention, cutoff: time
) -> datetime | None:
    oracle, amount = Oracle(calendar), int(limit.amount)
    match convention:
        case Convention.DAY_EXCLUSIVE:
            return oracle.exclusive(received, amount)
        case Convention.DAY_EXCLUSIVE_AFTER15:
            return oracle.after_cutoff(received, amount, cutoff)
        case Convention.SAME_DAY:
            return oracle.same_day(received, amount, cutoff)
        case Convention.CALENDAR_ROLL:
            return oracle.roll(received, amount)
        case Convention.MONTHS:
            return oracle.months(received, amount)
    minutes = -int(-limit.amount * (480 if limit.unit is Unit.WORKING_DAY else 60) // 1)
    return oracle.carry(received, minutes, sat_am=convention is Convention.HOUR_CARRY_SAT_AM)


def asked(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, convention: Convention, cutoff: time = FIFTEEN
) -> datetime | None:
    try:
        return due_at(calendar, received, limit, convention, cutoff=cutoff)
    except CalendarEdgeError as error:
        assert error.code == "beyond_calendar"
        assert error.day == calendar.valid_to + timedelta(days=1)
        return None


@given(st.data(), calendars(), rules(), CUTOFFS)
def test_the_clock_agrees_with_a_walk_over_every_minute_and_refuses_where_it_ends(data, calendar, rule, cutoff):
    received = data.draw(moments(calendar))
    assert asked(calendar, received, *rule, cutoff) == by_the_oracle(calendar, received, *rule, cutoff)


@given(st.data(), calendars(), rules())
def test_something_received_later_is_never_due_earlier(data, calendar, rule):
    first, second = sorted([data.draw(moments(calendar)), data.draw(moments(calendar))])
    early, late = asked(calendar, first, *rule), asked(calendar, second, *rule)
    assert late is None or (early is not None and early <= late)


@given(st.data(), calendars(), st.sampled_from(DAY_CONVENTIONS + HOUR_CONVENTIONS))
def test_a_longer_limit_is_never_due_earlier(data, calendar, convention):
    received = data.draw(moments(calendar, 40))
    amounts = st.fractions(min_value="1/8", max_value=12, max_denominator=8)
    short, long = sorted([data.draw(amounts), data.draw(amounts)])
    early, late = (asked(calendar, received, TimeLimit(n, Unit.WORKING_DAY), convention) for n in (short, long))
    assert late is None or (early is not None and early <= late)


@given(st.data(), calendars(), rules())
def test_a_due_time_is_after_receipt(data, calendar, rule):
    received = data.draw(moments(calendar))
    at = asked(calendar, received, *rule)
    assert at is None or at > received


@given(st.data(), calendars(), st.sampled_from(HOUR_CONVENTIONS), st.integers(1, 40), st.integers(1, 40))
def test_hours_given_in_two_parts_are_due_as_in_one(data, calendar, convention, first, second):
    received = data.draw(moments(calendar, 20))
    whole = asked(calendar, received, TimeLimit(first + second, Unit.WORKING_HOUR), convention)
    assume(whole is not None)
    half = due_at(calendar, received, TimeLimit(first, Unit.WORKING_HOUR), convention)
    assert due_at(calendar, half, TimeLimit(second, Unit.WORKING_HOUR), convention) == whole


@given(st.data(), calendars(), st.sampled_from(HOUR_CONVENTIONS), st.integers(1, 3000))
def test_the_working_time_until_the_due_time_equals_the_limit(data, calendar, convention, minutes):
    received = data.draw(moments(calendar))
    at = asked(
        calendar, received, TimeLimit(minutes, Unit.WORKING_HOUR) if minutes < 60 else _minutes(minutes), convention
    )
    assume(at is not None)
    given_minutes = minutes * 60 if minutes < 60 else minutes
    assert elapsed(calendar, received, at, sat_am=convention is Convention.HOUR_CARRY_SAT_AM) == given_minutes
    assert add_minutes(calendar, received, given_minutes, sat_am=convention is Convention.HOUR_CARRY_SAT_AM) == at


def _minutes(minutes: int) -> TimeLimit:
    return TimeLimit.from_data({"amount": f"{minutes}/60", "unit": "working_hour"})


@settings(max_examples=40)
@given(st.data(), calendars())
def test_working_time_is_the_sum_of_its_parts_and_agrees_with_the_walk(data, calendar):
    start, middle, end = sorted(data.draw(moments(calendar, 12)) for _ in range(3))
    whole = elapsed(calendar, start, end)
    assert whole == elapsed(calendar, start, middle) + elapsed(calendar, middle, end)
    assert whole == Oracle(calendar).elapsed(start, end)
    assert elapsed(calendar, end, start) == 0


@given(st.data(), calendars(), st.sampled_from(HOUR_CONVENTIONS), st.integers(1, 40))
def test_a_pause_leaves_the_agency_its_hours(data, calendar, convention, hours):
    limit, sat_am = TimeLimit(hours, Unit.WORKING_HOUR), convention is Convention.HOUR_CARRY_SAT_AM
    received = data.draw(moments(calendar, 30))
    old = asked(calendar, received, limit, convention)
    assume(old is not None)
    paused = received + timedelta(minutes=data.draw(st.integers(0, (old - received) // timedelta(minutes=1))))
    resumed = paused + timedelta(minutes=data.draw(st.integers(0, 15 * 1440)))
    try:
        new = resume(calendar, old, paused, resumed, limit, convention).at
    except (CalendarEdgeError, OverflowError):
        assume(False)
    left = elapsed(calendar, paused, old, sat_am=sat_am)
    assert elapsed(calendar, resumed, new, sat_am=sat_am) == left
    assert new >= max(old, resumed)
    assert resume(calendar, old, paused, paused, limit, convention).at == old


@given(st.data(), calendars(), st.sampled_from(DAY_CONVENTIONS), st.integers(1, 8))
def test_a_pause_leaves_the_agency_its_days(data, calendar, convention, days):
    limit = TimeLimit(days, Unit.WORKING_DAY)
    received = data.draw(moments(calendar, 30))
    old = asked(calendar, received, limit, convention)
    assume(old is not None)
    paused = received + timedelta(minutes=data.draw(st.integers(0, (old - received) // timedelta(minutes=1))))
    resumed = paused + timedelta(minutes=data.draw(st.integers(0, 15 * 1440)))
    try:
        new = resume(calendar, old, paused, resumed, limit, convention).at
    except CalendarEdgeError:
        assume(False)
    oracle = Oracle(calendar)
    assert new >= max(old, resumed)
    last, old_last = (new - timedelta(minutes=1)).date(), (old - timedelta(minutes=1)).date()  # 24:00 is the same day
    assert new == oracle.closing(last)
    assert resume(calendar, old, paused, paused, limit, convention).at == old
    if convention is Convention.CALENDAR_ROLL:
        shifted = old_last + (resumed.date() - paused.date())
        assert last == oracle.working_day_from(shifted) or new == _first_closing(oracle, resumed)
        return
    before, after = paused.date(), resumed.date()
    if convention is not Convention.DAY_EXCLUSIVE:
        closes = convention is Convention.SAME_DAY
        before = oracle.belongs(paused, FIFTEEN, closes=closes)
        after = oracle.belongs(resumed, FIFTEEN, closes=closes)
    left = oracle.working_days_between(before, old_last)
    assert oracle.working_days_between(after, last) == left or new == _first_closing(oracle, resumed)


def _first_closing(oracle: Oracle, moment: datetime) -> datetime:
    """The first end of office hours that is not before the moment."""
    day = oracle.working_day_from(moment.date())
    assert day is not None
    if oracle.closing(day) < moment:
        day = oracle.nth_working_day_after(day, 1)
        assert day is not None
    return oracle.closing(day)


@given(st.data(), calendars(), rules(), st.integers(1, 5))
def test_a_pause_after_the_due_time_and_an_extension_never_move_it_earlier(data, calendar, rule, days):
    received = data.draw(moments(calendar, 30))
    at = asked(calendar, received, *rule)
    assume(at is not None)
    late = resume(calendar, at, at + timedelta(minutes=1), at + timedelta(days=2), *rule)
    assert late.at == at
    assert [step.rule for step in late.trace] == ["already_overdue"]
    try:
        extended = extend(calendar, at, TimeLimit(days, Unit.WORKING_DAY))
    except CalendarEdgeError:
        return
    assert extended.at == Oracle(calendar).exclusive(at - timedelta(minutes=1), days) > at


@given(st.data(), calendars(), rules(), CUTOFFS)
def test_a_batch_answers_as_one_question_does(data, calendar, rule, cutoff):
    received = data.draw(st.lists(moments(calendar, 35), max_size=20))
    answers = [asked(calendar, moment, *rule, cutoff) for moment in received]
    assume(None not in answers)
    batch = due_batch(calendar, [to_minutes(moment) for moment in received], *rule, cutoff=cutoff)
    assert batch == [to_minutes(answer) for answer in answers]
    assert [due(calendar, moment, *rule, cutoff=cutoff).at for moment in received] == answers


@given(st.data(), calendars(), rules())
def test_a_batch_with_one_answer_beyond_the_calendar_is_refused(data, calendar, rule):
    last = datetime.combine(calendar.valid_to, time(23, 59))
    received = data.draw(st.permutations([*data.draw(st.lists(moments(calendar), max_size=8)), last]))
    assume(any(asked(calendar, moment, *rule) is None for moment in received))
    try:
        due_batch(calendar, [to_minutes(moment) for moment in received], *rule)
    except CalendarEdgeError as error:
        assert error.day == calendar.valid_to + timedelta(days=1)
    else:
        raise AssertionError("the batch answered past the end of the calendar")


@given(calendars())
def test_a_calendar_written_as_data_comes_back_equal(calendar):
    again = WorkCalendar.from_data(json.loads(json.dumps(calendar.to_data())))
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert pickle.loads(pickle.dumps(calendar)) == calendar


@given(st.data(), calendars(), rules())
def test_a_due_time_written_as_data_comes_back_equal_whatever_order_its_keys_take(data, calendar, rule):
    received = data.draw(moments(calendar, 30))
    assume(asked(calendar, received, *rule) is not None)
    answer = due(calendar, received, *rule)
    assert Due.from_data(json.loads(json.dumps(answer.to_data(), sort_keys=True))) == answer
    turned = [step | {"params": dict(reversed(step["params"].items()))} for step in answer.to_data()["trace"]]
    assert Due.from_data(answer.to_data() | {"trace": turned}) == answer


@given(st.data(), calendars(), st.integers(1, 15))
def test_a_trace_tells_every_skipped_day_exactly_once(data, calendar, days):
    """Under day_exclusive, days on the calendar = working days counted + rest days told + days off told."""
    received = data.draw(moments(calendar, 30))
    limit, convention = TimeLimit(days, Unit.WORKING_DAY), Convention.DAY_EXCLUSIVE
    assume(asked(calendar, received, limit, convention) is not None)
    answer = due(calendar, received, limit, convention)
    told = sum(dict(s.params)["days"] for s in answer.trace if s.rule in {"skipped_rest_days", "skipped_day_off"})
    last = (answer.at - timedelta(minutes=1)).date()
    assert (last - received.date()).days == limit.amount + told
    touched = {received.year, last.year} & set(calendar.provisional_years)
    assert answer.provisional == bool(touched)
    assert [dict(s.params)["year"] for s in answer.trace if s.rule == "provisional_year"] == sorted(touched)


@given(st.data(), calendars(), calendars(), rules(most=5))
def test_a_changed_calendar_never_breaks_a_promise(data, old, other, rule):
    new = WorkCalendar(
        old.code,
        "next",
        old.valid_from,
        old.valid_to,
        other.hours,
        days_off=tuple(row for row in other.days_off if old.valid_from <= row.day <= old.valid_to),
    )
    received = data.draw(moments(old, 20))
    promised, fresh = asked(old, received, *rule), asked(new, received, *rule)
    assume(promised is not None and fresh is not None)
    answer = recompute_for_change(old, new, received, *rule)
    assert answer.at == max(promised, fresh)
    assert ("promise_kept" in [step.rule for step in answer.trace]) == (fresh < promised)


@example(seconds=59)
@given(st.integers(0, 59))
def test_seconds_are_dropped(seconds):
    calendar = WorkCalendar("test", "1", datetime(2024, 1, 1).date(), datetime(2024, 3, 31).date())
    received = datetime(2024, 1, 10, 15, 0, seconds)
    exact = due(calendar, received.replace(second=0), TimeLimit(1, Unit.WORKING_DAY), Convention.DAY_EXCLUSIVE_AFTER15)
    assert due(calendar, received, TimeLimit(1, Unit.WORKING_DAY), Convention.DAY_EXCLUSIVE_AFTER15) == exact
    assert exact.at == datetime(2024, 1, 11, 17, 0)
