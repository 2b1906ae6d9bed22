"""Tables made once from a calendar's facts, so that due times are looked up and not walked; and the clock's memory."""

from array import array
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from motcua.law.worktime.facts import DAY_MINUTES, EPOCH_DAY, Spans
from motcua.law.worktime.trace import Due, Trace

if TYPE_CHECKING:
    from motcua.law.worktime.calendar import WorkCalendar


class Memo:
    """The clock's memory for one calendar: plans by limit and convention, answers by plan and day; both bounded."""

    def __init__(self) -> None:
        self.plans: dict[Any, Any] = {}
        self.dues: dict[int, Due] = {}
        self.told: dict[tuple[int, int], Trace] = {}
        self.numbers = count()


class DayTable:
    """Precomputed days of one calendar; rows are indexed from the calendar's first day, day numbers count from 1970.

    By row: `spans` office hours; `close` closing minute (absolute, -1 when closed). Sums over the rows before a row,
    with one entry more than there are rows: `before` working days, `prefix` working minutes, `rest` weekly rest days,
    `mornings` counted Saturday mornings. `days` are the numbers of the working days.
    """

    def __init__(self, calendar: "WorkCalendar", *, sat_am: bool) -> None:
        self.first = calendar.first
        morning = calendar.saturday_morning if sat_am else ()
        off = {row.day.toordinal() - EPOCH_DAY for row in calendar.days_off}
        special: dict[int, Spans] = {row.day.toordinal() - EPOCH_DAY: row.hours for row in calendar.half_days}
        for swapped in calendar.working_days:
            special[swapped.day.toordinal() - EPOCH_DAY] = calendar.hours[swapped.as_weekday]
        self.spans: list[Spans] = []
        self.close: list[int] = []
        self.before, self.prefix, self.rest, self.mornings = [0], [0], [0], [0]
        self.days: list[int] = []
        for number in range(self.first, self.first + calendar.size):
            weekday = (number + 3) % 7  # 1970-01-01 was a Thursday
            usual = calendar.hours[weekday]
            is_morning = not usual and weekday == 5 and bool(morning) and number not in special
            spans = () if number in off else special.get(number) or (morning if is_morning else usual)
            if spans:
                self.days.append(number)
            self.spans.append(spans)
            self.close.append(number * DAY_MINUTES + spans[-1][1] if spans else -1)
            self.before.append(len(self.days))
            self.prefix.append(self.prefix[-1] + sum(end - start for start, end in spans))
            self.rest.append(self.rest[-1] + (not spans and not usual and not is_morning))
            self.mornings.append(self.mornings[-1] + (is_morning and bool(spans)))

    def position(self, minute: int) -> int:
        """Working minutes of the calendar done by this absolute minute, which must lie within the calendar."""
        row, of_day = divmod(minute - self.first * DAY_MINUTES, DAY_MINUTES)
        if row == len(self.spans) and of_day == 0:
            return self.prefix[row]  # 24:00 of the last day
        return self.prefix[row] + self.within[row][of_day]

    @cached_property
    def within(self) -> list[list[int]]:
        """For each row, the working minutes done by each minute of that day (0 to 1440); rows share equal lists."""
        shared: dict[Spans, list[int]] = {}
        for spans in self.spans:
            if spans not in shared:
                shared[spans] = _worked(spans)
        return [shared[spans] for spans in self.spans]

    @cached_property
    def ends(self) -> "array[int]":
        """At index n the absolute minute at which the n-th working minute of the calendar ends; index 0 is not used."""
        ends = array("q", [-1])
        for row, spans in enumerate(self.spans):
            midnight = (self.first + row) * DAY_MINUTES
            for start, end in spans:
                ends.extend(range(midnight + start + 1, midnight + end + 1))
        return ends


def _worked(spans: Spans) -> list[int]:
    """Working minutes done by each minute of a day with these hours."""
    done = 0
    steps = []
    for minute in range(DAY_MINUTES + 1):
        steps.append(done)
        done += any(start <= minute < end for start, end in spans)
    return steps
