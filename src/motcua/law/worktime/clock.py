"""The legal clock: due times with their reasons, without them, in batches; and working time that went by.

Every moment is naive local time (Asia/Ho_Chi_Minh) and counts to the minute: seconds are dropped.
"""

from collections.abc import Sequence
from datetime import datetime, time

from motcua.law.worktime.calendar import WorkCalendar
from motcua.law.worktime.facts import DAY_MINUTES, from_minutes, to_minutes
from motcua.law.worktime.limits import Convention, TimeLimit
from motcua.law.worktime.plans import plan_for
from motcua.law.worktime.trace import Due

FIFTEEN = time(15, 0)  # "sau 15 giờ": Decree 61/2018 Article 18; a setting of the agency


def due(
    calendar: WorkCalendar,
    received: datetime,
    limit: TimeLimit,
    convention: Convention | None = None,
    *,
    cutoff: time = FIFTEEN,
) -> Due:
    """When something received at this moment is due, and why (Civil Code 147, 148; Decree 61/2018 Article 18).

    Without a convention the limit's own is used. Raises CalendarEdgeError when the answer lies beyond the calendar,
    LimitError when the convention cannot count the limit, ValueError for a moment with a time zone.
    """
    return plan_for(calendar, limit, convention, cutoff).due(to_minutes(received))


def due_at(
    calendar: WorkCalendar,
    received: datetime,
    limit: TimeLimit,
    convention: Convention | None = None,
    *,
    cutoff: time = FIFTEEN,
) -> datetime:
    """The moment of `due` without its trace: quicker, with the same errors."""
    return from_minutes(plan_for(calendar, limit, convention, cutoff).minute(to_minutes(received)))


def due_batch(
    calendar: WorkCalendar,
    received: Sequence[int],
    limit: TimeLimit,
    convention: Convention | None = None,
    *,
    cutoff: time = FIFTEEN,
) -> list[int]:
    """Due minutes for many received minutes (both as `to_minutes` gives them), in order, without traces.

    One answer beyond the calendar refuses the whole batch with CalendarEdgeError.
    """
    plan = plan_for(calendar, limit, convention, cutoff)
    if not received:
        return []
    calendar.index_of(min(received) // DAY_MINUTES)
    calendar.index_of(max(received) // DAY_MINUTES)
    return plan.batch(received)


def elapsed(calendar: WorkCalendar, start: datetime, end: datetime, *, sat_am: bool = False) -> int:
    """Working minutes between two moments, 0 when the end is not after the start; `sat_am` counts Saturday mornings.

    Raises CalendarEdgeError when either lies outside the calendar.
    """
    return max(0, _position(calendar, to_minutes(end), sat_am) - _position(calendar, to_minutes(start), sat_am))


def add_minutes(calendar: WorkCalendar, start: datetime, minutes: int, *, sat_am: bool = False) -> datetime:
    """The moment at which so many working minutes after the start are done; outside hours it starts at the opening.

    It is the earliest such moment: a day's last minute ends in the evening, not at the next opening. Closing counts
    as within hours. Raises ValueError for negative minutes, CalendarEdgeError beyond the calendar.
    """
    if minutes < 0:
        raise ValueError(f"working minutes to add must not be negative, not {minutes}")
    table = calendar.saturday_table if sat_am else calendar.table
    begun = to_minutes(start)
    done = _position(calendar, begun, sat_am)
    if minutes == 0 and done and table.ends[done] == begun:
        return from_minutes(begun)
    try:
        return from_minutes(table.ends[done + minutes] if minutes else table.ends[done + 1] - 1)
    except IndexError:
        raise calendar.beyond() from None


def _position(calendar: WorkCalendar, minute: int, sat_am: bool) -> int:
    """Working minutes of the calendar done by this minute."""
    table = calendar.saturday_table if sat_am else calendar.table
    calendar.check(minute)
    return table.position(minute)
