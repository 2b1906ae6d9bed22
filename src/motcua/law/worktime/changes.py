"""What moves a due time after it was given: waiting for the applicant, an extension, a changed calendar. Never earlier.

**Pausing is neutral**: the agency has as much time left after a wait as it had before. What "as much" means follows the
convention. Under hour conventions it is the working minutes from pause to due. Under day conventions time is counted
in days, the day of receipt not included, so the day of resumption is not included either: the number of working days
after the pause day up to the due day is the number after the day of resumption up to the new one, and a pause that
begins and ends on the same day moves nothing. Where a cut-off hour decides to which day a receipt belongs, it decides
so for pause and resumption. Calendar days and months shift by calendar days and roll off a day off.

Waiting alone makes nothing overdue: the new due time is never before the first closing time after the resumption. But a
pause that begins when the due time has passed moves nothing: the dossier is already overdue.
"""

from collections.abc import Iterable
from datetime import datetime, time

from motcua.law.worktime.calendar import WorkCalendar
from motcua.law.worktime.clock import FIFTEEN, due
from motcua.law.worktime.facts import DAY_MINUTES, due_day, from_minutes, to_minutes
from motcua.law.worktime.limits import Convention, TimeLimit
from motcua.law.worktime.plans import DayPlan, Plan, plan_for
from motcua.law.worktime.trace import AGENCY, CIVIL_148, ND61_19, WAITING, Due, TraceStep


def resume(
    calendar: WorkCalendar,
    due_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    limit: TimeLimit,
    convention: Convention | None = None,
    *,
    cutoff: time = FIFTEEN,
) -> Due:
    """The due time after a wait: `due_at` moved so that the agency's remaining time is what it was (see the module).

    Limit and convention are those by which `due_at` was counted. Raises ValueError when the wait ends before it begins,
    CalendarEdgeError beyond the calendar.
    """
    old, paused, resumed = to_minutes(due_at), to_minutes(paused_at), to_minutes(resumed_at)
    if resumed < paused:
        raise ValueError("a wait cannot end before it begins")
    if paused > old:
        return Due(from_minutes(old), (TraceStep("already_overdue", WAITING, from_minutes(old)),))
    plan = plan_for(calendar, limit, convention, cutoff)
    new = plan.shift(old, paused, resumed)
    params = (("from", _iso(paused)), ("to", _iso(resumed)))
    return _moved(plan, old, new, TraceStep("paused", WAITING, from_minutes(new), params))


def extend(calendar: WorkCalendar, due_at: datetime, limit: TimeLimit, convention: Convention | None = None) -> Due:
    """The due time when a further limit is given from the present one on (hẹn lại, Decree 61/2018 Article 19).

    The present due day is not counted and no cut-off applies: an extension by one working day from the evening of one
    day ends in the evening of the next. Raises CalendarEdgeError beyond the calendar.
    """
    old = to_minutes(due_at)
    plan = plan_for(calendar, limit, convention, FIFTEEN)
    calendar.check(old)
    new = plan.extend(old)
    params = (("amount", str(limit.amount)), ("unit", limit.unit.value))
    return _moved(plan, old, new, TraceStep("extended", ND61_19, from_minutes(new), params))


def recompute_for_change(
    old_calendar: WorkCalendar,
    new_calendar: WorkCalendar,
    received: datetime,
    limit: TimeLimit,
    convention: Convention | None = None,
    *,
    cutoff: time = FIFTEEN,
    pauses: Iterable[tuple[datetime, datetime]] = (),
    promised: datetime | None = None,
) -> Due:
    """The due time of an open dossier under a changed calendar, never earlier than what was promised.

    `pauses` are the finished waits (from, to) in order. `promised` is the due time on the applicant's paper, by default
    what the old calendar gives with the same waits. Raises CalendarEdgeError beyond a calendar, as `due` does.
    """
    waits = tuple(pauses)
    if promised is None:
        promised = _with_waits(old_calendar, received, limit, convention=convention, cutoff=cutoff, waits=waits).at
    promise = from_minutes(to_minutes(promised))
    fresh = _with_waits(new_calendar, received, limit, convention=convention, cutoff=cutoff, waits=waits)
    versions = (("from", _name(old_calendar)), ("to", _name(new_calendar)))
    trace = (TraceStep("calendar_changed", AGENCY, fresh.at, versions), *fresh.trace)
    if fresh.at >= promise:
        return Due(fresh.at, trace, fresh.provisional)
    kept = TraceStep("promise_kept", AGENCY, promise, (("computed", fresh.at.isoformat(timespec="minutes")),))
    first, last = to_minutes(received) // DAY_MINUTES, due_day(to_minutes(promise))
    doubtful = new_calendar.reasons.provisional(first, last)
    return Due(promise, (*trace, kept), fresh.provisional or bool(doubtful))


def _with_waits(
    calendar: WorkCalendar,
    received: datetime,
    limit: TimeLimit,
    *,
    convention: Convention | None,
    cutoff: time,
    waits: tuple[tuple[datetime, datetime], ...],
) -> Due:
    """The due time with every wait taken out, and the reasons of each."""
    current = due(calendar, received, limit, convention, cutoff=cutoff)
    for paused, resumed in waits:
        moved = resume(calendar, current.at, paused, resumed, limit, convention, cutoff=cutoff)
        current = Due(moved.at, (*current.trace, *moved.trace), current.provisional or moved.provisional)
    return current


def _moved(plan: Plan, old: int, new: int, step: TraceStep) -> Due:
    """The new due time with the step that moved it, the named days it passed, and the closing time it fell on."""
    first, last = due_day(old), due_day(new)
    told = plan.explain(first + 1, last) if last > first else plan.calendar.reasons.provisional(last, last)
    closing: tuple[TraceStep, ...] = ()
    if new > old and isinstance(plan, DayPlan):
        closing = (TraceStep("end_of_office_hours", CIVIL_148, from_minutes(new)),)
    return Due(from_minutes(new), (step, *told, *closing), any(s.rule == "provisional_year" for s in told))


def _name(calendar: WorkCalendar) -> str:
    return f"{calendar.code} {calendar.version}"


def _iso(minute: int) -> str:
    return from_minutes(minute).isoformat(timespec="minutes")
