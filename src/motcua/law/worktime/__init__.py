"""Work calendars and the legal clock: due times, working time gone by, waits and extensions, each with its trace.

Everything here is pure and immutable, knows no language and has no clock of its own. Moments are naive local datetimes
(Asia/Ho_Chi_Minh, no summer time) that count to the minute: seconds are dropped, a time zone is a ValueError.

    WorkCalendar.from_data(data) / .to_data()               one agency's calendar as plain JSON data
    TimeLimit.parse("5 ngày làm việc")                      -> TimeLimit; LimitError says what was not understood
    due(calendar, received, limit, convention=None, *, cutoff=time(15))            -> Due(at, trace, provisional)
    due_at(... as due)                                      -> datetime, without the trace
    due_batch(calendar, minutes, limit, convention=None, *, cutoff=time(15))       -> list of minutes (see to_minutes)
    elapsed(calendar, start, end, *, sat_am=False)          -> working minutes
    add_minutes(calendar, start, minutes, *, sat_am=False)  -> datetime
    resume(calendar, due_at, paused_at, resumed_at, limit, convention=None, *, cutoff=time(15))  -> Due
    extend(calendar, due_at, limit, convention=None)        -> Due
    recompute_for_change(old, new, received, limit, convention=None, *, cutoff, pauses=(), promised=None)  -> Due

Whatever reaches past the calendar's dates raises CalendarEdgeError: nothing is guessed.
"""

from motcua.law.worktime.calendar import (
    OFFICE_HOURS,
    STANDARD_WEEK,
    CalendarEdgeError,
    WorkCalendar,
)
from motcua.law.worktime.changes import extend, recompute_for_change, resume
from motcua.law.worktime.clock import FIFTEEN, add_minutes, due, due_at, due_batch, elapsed
from motcua.law.worktime.facts import CalendarError, DayOff, HalfDay, SwappedDay, from_minutes, to_minutes
from motcua.law.worktime.limits import Convention, LimitError, TimeLimit, Unit, default_convention
from motcua.law.worktime.trace import Due, Trace, TraceStep

__all__ = [
    "FIFTEEN",
    "OFFICE_HOURS",
    "STANDARD_WEEK",
    "CalendarEdgeError",
    "CalendarError",
    "Convention",
    "DayOff",
    "Due",
    "HalfDay",
    "LimitError",
    "SwappedDay",
    "TimeLimit",
    "Trace",
    "TraceStep",
    "Unit",
    "WorkCalendar",
    "add_minutes",
    "default_convention",
    "due",
    "due_at",
    "due_batch",
    "elapsed",
    "extend",
    "from_minutes",
    "recompute_for_change",
    "resume",
    "to_minutes",
]
