"""Hypothesis strategies for the legal clock: small calendars with every kind of day, moments in them, and limits."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from motcua.law.worktime import (
    OFFICE_HOURS,
    Convention,
    DayOff,
    HalfDay,
    SwappedDay,
    TimeLimit,
    Unit,
    WorkCalendar,
)

LENGTH = 75
WEEKS = (
    (OFFICE_HOURS,) * 5 + ((), ()),
    (((480, 720), (780, 1020)),) * 5 + ((), ()),
    (((480, 700),), OFFICE_HOURS, ((540, 541), (600, 1000)), (), OFFICE_HOURS, ((420, 690),), ()),
    (((0, 1440),),) + ((),) * 5 + (((1380, 1440),),),
)
KINDS = ("off", "off", "compensatory", "half", "swap")


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A calendar of some ten weeks with days off, half days, swapped days and perhaps Saturday mornings."""
    start = date(2023, 1, 1) + timedelta(days=draw(st.integers(0, 900)))
    hours = draw(st.sampled_from(WEEKS))
    worked = [weekday for weekday in range(7) if hours[weekday]]
    marked = draw(st.dictionaries(st.integers(0, LENGTH - 1), st.sampled_from(KINDS), max_size=14))
    off, half, swapped = [], [], []
    for offset, kind in marked.items():
        day = start + timedelta(days=offset)
        if kind == "half":
            half.append(HalfDay(day, ((450, 690),), "half"))
        elif kind == "swap":
            swapped.append(SwappedDay(day, worked[offset % len(worked)], "swap"))
        else:
            off.append(DayOff(day, kind, "compensatory" if kind == "compensatory" else "statutory"))
    return WorkCalendar(
        code="test",
        version=str(draw(st.integers(1, 3))),
        valid_from=start,
        valid_to=start + timedelta(days=LENGTH - 1),
        hours=hours,
        saturday_morning=draw(st.sampled_from([(), ((450, 690),)])),
        days_off=tuple(off),
        working_days=tuple(swapped),
        half_days=tuple(half),
        provisional_years=draw(st.sampled_from([(), (2024,)])),
    )


def moments(calendar: WorkCalendar, days: int = LENGTH) -> st.SearchStrategy[datetime]:
    """Any minute of the first days of the calendar."""
    start = datetime.combine(calendar.valid_from, datetime.min.time())
    return st.integers(0, days * 1440 - 1).map(lambda minute: start + timedelta(minutes=minute))


DAY_CONVENTIONS = (
    Convention.DAY_EXCLUSIVE,
    Convention.DAY_EXCLUSIVE_AFTER15,
    Convention.CALENDAR_ROLL,
    Convention.SAME_DAY,
)
HOUR_CONVENTIONS = (Convention.HOUR_CARRY, Convention.HOUR_CARRY_SAT_AM)


@st.composite
def rules(draw: st.DrawFn, most: int = 12) -> tuple[TimeLimit, Convention]:
    """A limit with a convention that can count it."""
    convention = draw(st.sampled_from(list(Convention)))
    if convention is Convention.MONTHS:
        return TimeLimit(draw(st.integers(1, 2)), Unit.MONTH), convention
    if convention in HOUR_CONVENTIONS and draw(st.booleans()):
        return TimeLimit(
            draw(st.fractions(min_value="1/60", max_value=60, max_denominator=60)), Unit.WORKING_HOUR
        ), convention
    return TimeLimit(draw(st.integers(1, most)), Unit.WORKING_DAY), convention
