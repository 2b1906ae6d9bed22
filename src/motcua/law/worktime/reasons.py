"""Why days were counted or not: holidays, swaps, half days, rest days and provisional years as trace steps."""

from bisect import bisect_left, bisect_right
from datetime import date
from typing import TYPE_CHECKING

from motcua.law.worktime.facts import DAY_MINUTES, EPOCH_DAY, WEEKDAYS, DayOff, from_minutes
from motcua.law.worktime.trace import AGENCY, LABOUR_111, LABOUR_112, SWAP, Params, Trace, TraceStep

if TYPE_CHECKING:
    from motcua.law.worktime.calendar import WorkCalendar
    from motcua.law.worktime.tables import DayTable

_ARTICLES = {"statutory": LABOUR_112, "compensatory": LABOUR_111, "swap_off": SWAP, "agency": AGENCY}


class Reasons:
    """The named days of one calendar in order, ready to be cut out for any range of days (numbers from 1970-01-01).

    Days off in a row under one name are one step. A day off that falls on a weekly rest day moved nothing and has none.
    """

    def __init__(self, calendar: "WorkCalendar", table: "DayTable", *, sat_am: bool) -> None:
        self._table = table
        self._first = calendar.first
        self._runs: list[tuple[int, int, tuple[DayOff, ...], TraceStep]] = []
        self._collect_days_off(calendar, sat_am=sat_am)
        self._collect_worked_days(calendar)
        self._runs.sort(key=lambda run: run[0])
        self._starts = [run[0] for run in self._runs]
        self._lasts = [run[1] for run in self._runs]
        self._steps = tuple(run[3] for run in self._runs)
        self._years = tuple(
            (year, date(year, 1, 1).toordinal() - EPOCH_DAY, date(year, 12, 31).toordinal() - EPOCH_DAY)
            for year in calendar.provisional_years
        )

    def _collect_days_off(self, calendar: "WorkCalendar", *, sat_am: bool) -> None:
        run: list[DayOff] = []
        for row in calendar.days_off:
            weekday = row.day.weekday()
            if not calendar.hours[weekday] and not (sat_am and weekday == 5 and calendar.saturday_morning):
                continue
            if run and (row[1:] != run[-1][1:] or self._works_between(run[-1].day, row.day)):
                self._close_run(run)
                run = []
            run.append(row)
        if run:
            self._close_run(run)

    def _works_between(self, start: date, end: date) -> bool:
        before = self._table.before
        return before[_number(end) - self._first] != before[_number(start) - self._first]

    def _close_run(self, run: list[DayOff]) -> None:
        days = tuple(run)
        self._runs.append((_number(days[0].day), _number(days[-1].day), days, _skipped(days)))

    def _collect_worked_days(self, calendar: "WorkCalendar") -> None:
        for swapped in calendar.working_days:
            weekday = WEEKDAYS[swapped.as_weekday]
            params: Params = (("as", weekday), ("day", swapped.day.isoformat()), ("name", swapped.name))
            self._add_worked("swapped_working_day", SWAP, swapped.day, params, swapped.confidence)
        for half in calendar.half_days:
            params = (("day", half.day.isoformat()), ("name", half.name))
            self._add_worked("half_day", AGENCY, half.day, params, half.confidence)

    def _add_worked(self, rule: str, article: str, day: date, params: Params, confidence: str) -> None:
        number = _number(day)
        at = from_minutes(self._table.close[number - self._first])
        self._runs.append((number, number, (), TraceStep(rule, article, at, _doubt(confidence, params))))

    def between(self, start: int, end: int) -> Trace:
        """Steps for the days from `start` to `end`, both included."""
        low = bisect_left(self._lasts, start)
        high = bisect_right(self._starts, end)
        steps = self._steps[low:high]
        if low < high and (self._starts[low] < start or self._lasts[high - 1] > end):
            steps = tuple(step for run in self._runs[low:high] for step in _cut(run, start, end))
        rest = self._table.rest[end + 1 - self._first] - self._table.rest[start - self._first]
        if rest:
            at = from_minutes(end * DAY_MINUTES)
            return (TraceStep("skipped_rest_days", LABOUR_111, at, (("days", rest),)), *steps)
        return steps

    def provisional(self, start: int, end: int) -> Trace:
        """A step for every provisional year that the days from `start` to `end` touch."""
        if not self._years or end < self._years[0][1]:
            return ()
        at = from_minutes(end * DAY_MINUTES)
        return tuple(
            TraceStep("provisional_year", AGENCY, at, (("year", year),))
            for year, first, last in self._years
            if first <= end and start <= last
        )


def _cut(run: tuple[int, int, tuple[DayOff, ...], TraceStep], start: int, end: int) -> Trace:
    """The step of one run, made smaller where the range begins or ends inside it."""
    first, last, days, step = run
    if start <= first and last <= end:
        return (step,)
    kept = tuple(row for row in days if start <= _number(row.day) <= end)
    return (_skipped(kept),) if kept else ()


def _skipped(days: tuple[DayOff, ...]) -> TraceStep:
    """One step for days off in a row under one name."""
    one = days[0]
    params: Params = (
        ("days", len(days)),
        ("from", one.day.isoformat()),
        ("kind", one.kind),
        ("name", one.name),
        ("to", days[-1].day.isoformat()),
    )
    after = from_minutes((_number(days[-1].day) + 1) * DAY_MINUTES)
    return TraceStep("skipped_day_off", _ARTICLES[one.kind], after, _doubt(one.confidence, params))


def _doubt(confidence: str, params: Params) -> Params:
    """Says in the step that its fact still has to be checked."""
    return tuple(sorted((*params, ("confidence", "U")))) if confidence == "U" else params


def _number(day: date) -> int:
    return day.toordinal() - EPOCH_DAY
