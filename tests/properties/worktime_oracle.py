"""A slow legal clock that walks over a calendar's facts minute by minute, written apart from the real one.

It shares no code with the package beyond the calendar's plain fields. None means: beyond the calendar.
"""

from datetime import date, datetime, time, timedelta

from motcua.law.worktime import WorkCalendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Oracle:
    """Answers for one calendar; remembers nothing but each day's open minutes."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._open: dict[tuple[date, bool], list[int]] = {}

    def known(self, day: date) -> bool:
        return self.calendar.valid_from <= day <= self.calendar.valid_to

    def open_minutes(self, day: date, *, sat_am: bool = False) -> list[int]:
        """Minutes of the day in which the office works, by asking about each of the 1,440."""
        key = (day, sat_am)
        if key not in self._open:
            hours = self._hours(day, sat_am=sat_am)
            self._open[key] = [n for n in range(1440) if any(start <= n < end for start, end in hours)]
        return self._open[key]

    def _hours(self, day: date, *, sat_am: bool) -> tuple[tuple[int, int], ...]:
        if any(off.day == day for off in self.calendar.days_off):
            return ()
        hours = self.calendar.hours[day.weekday()]
        if sat_am and day.weekday() == 5 and not hours:
            hours = self.calendar.saturday_morning
        for half in self.calendar.half_days:
            if half.day == day:
                hours = half.hours
        for swapped in self.calendar.working_days:
            if swapped.day == day:
                hours = self.calendar.hours[swapped.as_weekday]
        return hours

    def works(self, day: date) -> bool:
        return bool(self.open_minutes(day))

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, time()) + (self.open_minutes(day)[-1] + 1) * MINUTE

    def working_day_from(self, day: date) -> date | None:
        """This day if it is worked, else the next that is."""
        while self.known(day):
            if self.works(day):
                return day
            day += DAY
        return None

    def nth_working_day_after(self, day: date, count: int) -> date | None:
        while count:
            day += DAY
            if not self.known(day):
                return None
            count -= self.works(day)
        return day

    def belongs(self, received: datetime, cutoff: time, *, closes: bool) -> date | None:
        """The working day on which something counts as received under a cut-off."""
        day = received.date()
        if self.works(day) and received.time() <= cutoff and not (closes and received >= self.closing(day)):
            return day
        return self.working_day_from(day if not self.works(day) else day + DAY)

    def exclusive(self, received: datetime, days: int) -> datetime | None:
        return self._close(self.nth_working_day_after(received.date(), days))

    def after_cutoff(self, received: datetime, days: int, cutoff: time) -> datetime | None:
        start = self.belongs(received, cutoff, closes=False)
        return self._close(self.nth_working_day_after(start, days)) if start else None

    def same_day(self, received: datetime, days: int, cutoff: time) -> datetime | None:
        start = self.belongs(received, cutoff, closes=True)
        return self._close(self.nth_working_day_after(start, days - 1)) if start else None

    def roll(self, received: datetime, days: int) -> datetime | None:
        return self._close(self.working_day_from(received.date() + days * DAY))

    def months(self, received: datetime, months: int) -> datetime | None:
        year, month = received.year, received.month
        for _ in range(months):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        for number in range(received.day, 0, -1):
            try:
                return self._close(self.working_day_from(date(year, month, number)))
            except ValueError:
                continue
        return None

    def carry(self, received: datetime, minutes: int, *, sat_am: bool = False) -> datetime | None:
        """Walks from the moment, minute by minute, until so many open minutes are over."""
        moment = received
        while minutes:
            if not self.known(moment.date()):
                return None
            if moment.hour * 60 + moment.minute in self.open_minutes(moment.date(), sat_am=sat_am):
                minutes -= 1
            moment += MINUTE
        return moment

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Open minutes between two moments, counted one by one."""
        done = 0
        while start < end:
            done += start.hour * 60 + start.minute in self.open_minutes(start.date())
            start += MINUTE
        return done

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after one day up to and including another."""
        return sum(self.works(after + n * DAY) for n in range(1, (until - after).days + 1))

    def _close(self, day: date | None) -> datetime | None:
        return self.closing(day) if day else None
