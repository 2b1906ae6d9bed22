"""How each convention counts one limit on one calendar: a plan turns minutes into due minutes, with or without trace.

All minutes are absolute, from 1970-01-01 00:00 local time; days are numbers from the same date. A plan's answers depend
only on the receipt day (day conventions) or on the count of working minutes done (hour conventions), so they are looked
up in the calendar's tables. Tables are read by index: past their end an IndexError becomes CalendarEdgeError.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time
from math import ceil

from motcua.law.worktime.calendar import WorkCalendar
from motcua.law.worktime.facts import DAY_MINUTES, EPOCH_DAY, clock, due_day, from_minutes
from motcua.law.worktime.limits import HOUR_UNITS, Convention, LimitError, TimeLimit, Unit
from motcua.law.worktime.trace import AGENCY, CIVIL_147, CIVIL_148, EIGHT_HOURS, ND61_18, Due, Trace, TraceStep

PLANS_KEPT = 256
DUES_KEPT = 20_000
_DUE_KEYS = 1 << 24  # more than two keys for each day a calendar can have: plans do not meet in the memory


class Plan:
    """What every plan can do; see the module."""

    def __init__(self, calendar: WorkCalendar, number: int) -> None:
        self.calendar = calendar
        self.offset = number * _DUE_KEYS
        self.table = calendar.table

    def minute(self, received: int) -> int:
        """The due minute of something received in this minute."""
        raise NotImplementedError

    def due(self, received: int) -> Due:
        """The same with its trace."""
        raise NotImplementedError

    def batch(self, received: Iterable[int]) -> list[int]:
        """Due minutes of many received minutes; the caller has checked that all lie within the calendar."""
        raise NotImplementedError

    def shift(self, due: int, paused: int, resumed: int) -> int:
        """The due minute after a wait from `paused` to `resumed`, with as much of the agency's time left as before."""
        raise NotImplementedError

    def extend(self, due: int) -> int:
        """The due minute when the limit is given once more from the present due minute on."""
        raise NotImplementedError

    def explain(self, start: int, end: int) -> Trace:
        """Named days and, last, provisional years from day `start` to day `end`."""
        return (*self.calendar.reasons.between(start, end), *self.calendar.reasons.provisional(start, end))


class HourPlan(Plan):
    """`hour_carry`: working minutes from the moment (Civil Code 147); `hour_carry_sat_am` with Saturday mornings."""

    def __init__(self, calendar: WorkCalendar, number: int, minutes: int, *, sat_am: bool) -> None:
        super().__init__(calendar, number)
        self.minutes = minutes
        self.params = (("minutes", minutes),)
        self.table = calendar.saturday_table if sat_am else calendar.table
        self.reasons = calendar.saturday_reasons if sat_am else calendar.reasons
        self.ends = self.table.ends
        self.within = self.table.within
        self.prefix = self.table.prefix

    def position(self, minute: int) -> int:
        """Working minutes of the calendar done by this minute."""
        self.calendar.check(minute)
        return self.table.position(minute)

    def after(self, position: int) -> int:
        """The minute in which so many working minutes of the calendar are done."""
        try:
            return self.ends[position]
        except IndexError:
            raise self.calendar.beyond() from None

    def opening(self, minute: int) -> int:
        """The minute itself within office hours (both ends included), else the next opening."""
        position = self.position(minute)
        if position and self.ends[position] == minute:
            return minute
        return self.after(position + 1) - 1

    def minute(self, received: int) -> int:
        return self.after(self.position(received) + self.minutes)

    def batch(self, received: Iterable[int]) -> list[int]:
        first, more, ends = self.calendar.first, self.minutes, self.ends
        days = list(zip(self.prefix, self.within, strict=False))  # prefix has one entry more than there are days
        try:
            return [ends[(day := days[m // DAY_MINUTES - first])[0] + day[1][m % DAY_MINUTES] + more] for m in received]
        except IndexError:
            raise self.calendar.beyond() from None

    def due(self, received: int) -> Due:
        position = self.position(received)
        due = self.after(position + self.minutes)
        at = from_minutes(due)
        # Within hours a working minute either begins or ends at the moment of receipt.
        start = received if self.ends[position] == received else self.ends[position + 1] - 1
        begun = from_minutes(start)
        told = self.explain(received // DAY_MINUTES, due_day(due))
        tail = TraceStep("counted_working_minutes", EIGHT_HOURS, at, self.params)
        run = TraceStep("runs_from_moment", CIVIL_147, begun)
        provisional = bool(told) and told[-1].rule == "provisional_year"
        if start == received:
            return Due(at, (run, *told, tail), provisional)
        return Due(at, (TraceStep("received_outside_hours", AGENCY, begun), run, *told, tail), provisional)

    def explain(self, start: int, end: int) -> Trace:
        memory = self.calendar.memo.told
        key = (self.offset + start, end)
        told = memory.get(key)
        if told is None:
            if len(memory) >= DUES_KEPT:
                memory.clear()
            told = memory[key] = self._explain(start, end)
        return told

    def _explain(self, start: int, end: int) -> Trace:
        low = self.calendar.first
        mornings = self.table.mornings[end + 1 - low] - self.table.mornings[start - low]
        counted: Trace = ()
        if mornings:
            at = from_minutes(end * DAY_MINUTES)
            counted = (TraceStep("saturday_mornings", AGENCY, at, (("days", mornings),)),)
        return (*self.reasons.between(start, end), *counted, *self.reasons.provisional(start, end))

    def shift(self, due: int, paused: int, resumed: int) -> int:
        left = self.position(due) - self.position(paused)
        if left == 0:
            return max(due, self.opening(resumed))
        return max(due, self.after(self.position(resumed) + left))

    def extend(self, due: int) -> int:
        return self.after(self.position(due) + self.minutes)


class DayPlan(Plan):
    """A convention that counts days: due is the end of office hours of a day that depends on the receipt day alone.

    `cutoff` is the last minute of a day in which something received still belongs to that day; the rest to the next.
    """

    cutoff = DAY_MINUTES

    def __init__(self, calendar: WorkCalendar, number: int, limit: TimeLimit) -> None:
        super().__init__(calendar, number)
        self.days = ceil(limit.amount)
        self.rounded = limit.amount.denominator != 1
        self.minute_of_day = _DayMemo(self)

    def place(self, day: int) -> int:
        """Index of the due day among the calendar's working days, for something that counts as received on this day."""
        raise NotImplementedError

    def head(self, day: int, *, late: bool) -> tuple[int, Trace]:
        """The first steps of the trace for a receipt day, and the day from which skipped days are told."""
        raise NotImplementedError

    def count(self, day: int) -> int:
        """Working days done when this day, as a day of receipt, pause or resumption, is over."""
        return self.table.before[day + 1 - self.calendar.first]

    def last_minute(self, day: int) -> int:
        """The last minute that still belongs to this day."""
        return day * DAY_MINUTES + self.cutoff

    def belongs(self, minute: int) -> int:
        """The day to which this minute belongs."""
        day = minute // DAY_MINUTES
        self.calendar.index_of(day)
        return day + (minute > self.last_minute(day))

    def close(self, index: int) -> int:
        """End of office hours of a working day, given its index among them."""
        try:
            return self.table.close[self.table.days[index] - self.calendar.first]
        except IndexError:
            raise self.calendar.beyond() from None

    def rolled(self, day: int) -> int:
        """Index of this day among the working days, of the next one when it is none (Civil Code 148)."""
        row = day - self.calendar.first
        if row >= self.calendar.size:
            raise self.calendar.beyond()
        return self.table.before[row]

    def minute(self, received: int) -> int:
        return self.minute_of_day[self.belongs(received)]

    def batch(self, received: Iterable[int]) -> list[int]:
        memo, shift = self.minute_of_day, DAY_MINUTES - 1 - self.cutoff
        if self.cutoff == DAY_MINUTES:
            return [memo[m // DAY_MINUTES] for m in received]
        return [memo[(m + shift) // DAY_MINUTES] for m in received]

    def due(self, received: int) -> Due:
        day = received // DAY_MINUTES
        late = self.belongs(received) > day
        key = self.offset + day * 2 + late
        dues = self.calendar.memo.dues
        known = dues.get(key)
        if known is None:
            if len(dues) >= DUES_KEPT:
                dues.clear()
            known = dues[key] = self._due(day, late=late)
        return known

    def _due(self, day: int, *, late: bool) -> Due:
        due = self.minute_of_day[day + late]
        at = from_minutes(due)
        start, head = self.head(day, late=late)
        last = due_day(due)
        provisional = self.calendar.reasons.provisional(day, last)
        rounded: Trace = ()
        if self.rounded:
            rounded = (TraceStep("fraction_rounded_up", CIVIL_148, at, (("days", self.days),)),)
        tail = TraceStep("end_of_office_hours", CIVIL_148, at)
        told = self.calendar.reasons.between(start, last)
        return Due(at, (*rounded, *head, *told, *provisional, tail), bool(provisional))

    def shift(self, due: int, paused: int, resumed: int) -> int:
        waited = self.count(self.belongs(resumed)) - self.count(self.belongs(paused))
        moved = self.close(self.later(due_day(due), waited)) if waited > 0 else due
        return max(due, moved, self.first_closing(resumed))

    def first_closing(self, minute: int) -> int:
        """The first end of office hours that is not before this minute: waiting alone makes nothing overdue."""
        self.calendar.check(minute)
        index = self.table.before[max(due_day(minute) - self.calendar.first, 0)]
        closing = self.close(index)
        return closing if closing >= minute else self.close(index + 1)

    def later(self, day: int, waited: int) -> int:
        """Index of the due day when a wait of so many days is added."""
        return self.rolled(day) + waited

    def extend(self, due: int) -> int:
        return self.close(self.table.before[due_day(due) + 1 - self.calendar.first] + self.days - 1)


class _DayMemo(dict[int, int]):
    """Due minutes by the day to which the receipt belongs, computed when first asked."""

    def __init__(self, plan: DayPlan) -> None:
        super().__init__()
        self._plan = plan

    def __missing__(self, day: int) -> int:
        minute = self[day] = self._plan.close(self._plan.place(day))
        return minute


class ExclusivePlan(DayPlan):
    """`day_exclusive`: the receipt day is not counted, due at the end of the N-th working day (Civil Code 147, 148)."""

    def place(self, day: int) -> int:
        return self.table.before[day + 1 - self.calendar.first] + self.days - 1

    def head(self, day: int, *, late: bool) -> tuple[int, Trace]:
        return day + 1, (_first_day_excluded(day),)


class CutoffPlan(DayPlan):
    """`day_exclusive_after15`: received after the cut-off or on a day off counts as received the next working day."""

    counts_first_day = 0

    def __init__(self, calendar: WorkCalendar, number: int, limit: TimeLimit, cutoff: int) -> None:
        super().__init__(calendar, number, limit)
        self.cutoff = cutoff

    def place(self, day: int) -> int:
        return self.table.before[day - self.calendar.first] + self.days - self.counts_first_day

    def count(self, day: int) -> int:
        return self.table.before[day - self.calendar.first]

    def head(self, day: int, *, late: bool) -> tuple[int, Trace]:
        table, first = self.table, self.calendar.first
        counted = table.days[table.before[day + late - first]]
        steps: list[TraceStep] = []
        start = day + 1
        opening = from_minutes(counted * DAY_MINUTES + table.spans[counted - first][0][0])
        if not table.spans[day - first]:
            start = day
            steps.append(TraceStep("received_outside_hours", AGENCY, opening))
        elif late:
            steps.append(self._late_step(day, opening))
        if not self.counts_first_day:
            steps.append(_first_day_excluded(counted))
        return start, tuple(steps)

    def _late_step(self, day: int, opening: datetime) -> TraceStep:
        """Why something received late on a working day counts on the next: the cut-off, or the office had closed."""
        if self.last_minute(day) % DAY_MINUTES == self.cutoff:
            return TraceStep("after_cutoff", ND61_18, opening, (("cutoff", clock(self.cutoff)),))
        return TraceStep("received_outside_hours", AGENCY, opening)


class SameDayPlan(CutoffPlan):
    """`same_day`: the receipt day is the first day; after the cut-off, after closing or on a day off, the next is."""

    counts_first_day = 1

    def last_minute(self, day: int) -> int:
        usual = super().last_minute(day)
        close = self.table.close[day - self.calendar.first]
        return usual if close < 0 else min(usual, close - 1)

    def batch(self, received: Iterable[int]) -> list[int]:
        memo, lasts = self.minute_of_day, _LastMinutes(self)
        return [memo[d if m <= lasts[d := m // DAY_MINUTES] else d + 1] for m in received]


class _LastMinutes(dict[int, int]):
    """The last minute that belongs to a day, computed when first asked."""

    def __init__(self, plan: DayPlan) -> None:
        super().__init__()
        self._plan = plan

    def __missing__(self, day: int) -> int:
        minute = self[day] = self._plan.last_minute(day)
        return minute


class RollPlan(DayPlan):
    """`calendar_roll`: calendar days, the first not counted; a last day on a day off ends on the next working day."""

    def last_day(self, day: int) -> int:
        """The last day of the period, before rolling."""
        return day + self.days

    def place(self, day: int) -> int:
        return self.rolled(self.last_day(day))

    def count(self, day: int) -> int:
        return day

    def head(self, day: int, *, late: bool) -> tuple[int, Trace]:
        last = self.last_day(day)
        steps = [_first_day_excluded(day)]
        if not self.table.spans[last - self.calendar.first]:
            counted = from_minutes(self.close(self.rolled(last)))
            steps.append(TraceStep("rolled_to_working_day", CIVIL_148, counted, (("from", _iso(last)),)))
        return last, tuple(steps)

    def later(self, day: int, waited: int) -> int:
        return self.rolled(day + waited)

    def extend(self, due: int) -> int:
        return self.close(self.place(due_day(due)))


class MonthsPlan(RollPlan):
    """`months`: the same date so many months later, the last day of a month that lacks it; then as `calendar_roll`."""

    def last_day(self, day: int) -> int:
        start = date.fromordinal(day + EPOCH_DAY)
        years, month = divmod(start.month - 1 + self.days, 12)
        year = start.year + years
        if year > self.calendar.valid_to.year:
            raise self.calendar.beyond()
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal() - EPOCH_DAY

    def head(self, day: int, *, late: bool) -> tuple[int, Trace]:
        last, steps = super().head(day, late=late)
        wanted, reached = date.fromordinal(day + EPOCH_DAY).day, date.fromordinal(last + EPOCH_DAY)
        if reached.day != wanted:
            at = from_minutes((last + 1) * DAY_MINUTES)
            month_end = TraceStep("month_end", CIVIL_148, at, (("day", wanted), ("last", reached.isoformat())))
            steps = (steps[0], month_end, *steps[1:])
        return last, steps


def plan_for(calendar: WorkCalendar, limit: TimeLimit, convention: Convention | None, cutoff: time) -> Plan:
    """The plan for this limit under this convention (by default the limit's own), remembered by the calendar.

    Hours always run from the moment and months by the calendar, whatever the convention; LimitError when the convention
    counts months and the limit days.
    """
    plans = calendar.memo.plans
    plan: Plan | None = plans.get((limit, convention, cutoff))
    if plan is None:
        if len(plans) >= PLANS_KEPT:
            plans.clear()
        plan = _new_plan(calendar, limit, Convention(convention or limit.convention), cutoff)
        plans[limit, convention, cutoff] = plan
    return plan


def _new_plan(calendar: WorkCalendar, limit: TimeLimit, convention: Convention, cutoff: time) -> Plan:
    number = next(calendar.memo.numbers)
    last_minute = cutoff.hour * 60 + cutoff.minute
    if limit.unit is Unit.MONTH:
        return MonthsPlan(calendar, number, limit)
    if limit.unit in HOUR_UNITS or convention in (Convention.HOUR_CARRY, Convention.HOUR_CARRY_SAT_AM):
        return HourPlan(calendar, number, limit.minutes, sat_am=convention is Convention.HOUR_CARRY_SAT_AM)
    if limit.unit is Unit.SAME_DAY or convention is Convention.SAME_DAY:
        return SameDayPlan(calendar, number, limit, last_minute)
    if convention is Convention.MONTHS:
        raise LimitError("days_not_months", str(limit), f"{limit} is not in months; count it by another convention")
    if convention is Convention.DAY_EXCLUSIVE_AFTER15:
        return CutoffPlan(calendar, number, limit, last_minute)
    return (RollPlan if convention is Convention.CALENDAR_ROLL else ExclusivePlan)(calendar, number, limit)


def _first_day_excluded(day: int) -> TraceStep:
    """The step of Civil Code 147: counting begins with the day after this one."""
    return TraceStep("first_day_excluded", CIVIL_147, from_minutes((day + 1) * DAY_MINUTES), (("day", _iso(day)),))


def _iso(day: int) -> str:
    return date.fromordinal(day + EPOCH_DAY).isoformat()
