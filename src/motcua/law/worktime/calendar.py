"""Work calendars: which minutes an agency works, and between which dates that is known.

A calendar is a value: frozen, hashable, compared by its facts, so that several agencies' calendars stand side by side.
The tables are computed once per calendar on first use and never change what the calendar says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from motcua.law.worktime.facts import (
    DAY_MINUTES,
    EPOCH_DAY,
    WEEKDAYS,
    CalendarError,
    DayOff,
    HalfDay,
    Spans,
    SwappedDay,
    check_spans,
    dump_spans,
    read_day,
    read_day_off,
    read_half_day,
    read_spans,
    read_swapped,
)
from motcua.law.worktime.reasons import Reasons
from motcua.law.worktime.tables import DayTable, Memo

OFFICE_HOURS: Spans = ((7 * 60, 11 * 60 + 30), (13 * 60 + 30, 17 * 60))
STANDARD_WEEK: tuple[Spans, ...] = (OFFICE_HOURS,) * 5 + ((), ())
FORMAT = "motcua-calendar-1"

_Fact = TypeVar("_Fact")


class CalendarEdgeError(LookupError):
    """A question reaches past the dates that the calendar knows; `day` is the first day that is not known.

    `code` is "before_calendar" or "beyond_calendar". Nothing is guessed: the calendar must be lengthened first.
    """

    def __init__(self, code: str, day: date) -> None:
        super().__init__(f"the work calendar says nothing about {day.isoformat()}; lengthen the calendar first")
        self.code = code
        self.day = day


@dataclass(frozen=True)
class WorkCalendar:
    """One agency's work calendar in one version, known from `valid_from` to `valid_to` (both included).

    `hours` has the office hours of Monday to Sunday; `saturday_morning` counts only under `hour_carry_sat_am`.
    `working_days` are rest days worked in exchange; `half_days` have hours of their own. Dates in `provisional_years`
    await the official decision. Raises CalendarError when the facts contradict each other.
    """

    code: str
    version: str
    valid_from: date
    valid_to: date
    hours: tuple[Spans, ...] = STANDARD_WEEK
    saturday_morning: Spans = ()
    days_off: tuple[DayOff, ...] = ()
    working_days: tuple[SwappedDay, ...] = ()
    half_days: tuple[HalfDay, ...] = ()
    provisional_years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name in ("days_off", "working_days", "half_days", "provisional_years"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        self._check()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__dataclass_fields__))

    def __getstate__(self) -> dict[str, Any]:
        """Only the facts travel when a calendar is pickled; tables are made again where it arrives."""
        return {name: value for name, value in self.__dict__.items() if name in self.__dataclass_fields__}

    def _check(self) -> None:
        if self.valid_to < self.valid_from:
            raise CalendarError("bad_validity", "valid_to", "the calendar ends before it begins")
        if len(self.hours) != 7:
            raise CalendarError("bad_hours", "hours", "office hours are given for seven weekdays, Monday first")
        for weekday, spans in zip(WEEKDAYS, self.hours, strict=True):
            check_spans(spans, f"office_hours.{weekday}")
        check_spans(self.saturday_morning, "saturday_morning")
        if not any(self.hours):
            raise CalendarError("bad_hours", "office_hours", "no weekday has office hours")
        seen: dict[date, str] = {}
        facts = (("days_off", self.days_off), ("working_days", self.working_days), ("half_days", self.half_days))
        for where, rows in facts:
            for row in rows:
                place = f"{where} {row.day.isoformat()}"
                if not self.valid_from <= row.day <= self.valid_to:
                    raise CalendarError("outside_validity", place, "the date lies outside the calendar's validity")
                if row.day in seen:
                    raise CalendarError("said_twice", place, f"the date already stands in {seen[row.day]}")
                seen[row.day] = where
        for swapped in self.working_days:
            if not self.hours[swapped.as_weekday]:
                place = f"working_days {swapped.day.isoformat()}"
                raise CalendarError("bad_hours", place, f"{WEEKDAYS[swapped.as_weekday]} has no office hours")
        for half in self.half_days:
            place = f"half_days {half.day.isoformat()}"
            check_spans(half.hours, place)
            if not half.hours:
                raise CalendarError("bad_hours", place, "a half day has hours; a day without any is a day off")

    # -- plain data ---------------------------------------------------------------------------------------------------

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "WorkCalendar":
        """The calendar from JSON data in the form that `to_data` writes.

        Raises CalendarError naming the place in the data. `format` may be missing; unknown keys are ignored.
        """
        if data.get("format", FORMAT) != FORMAT:
            raise CalendarError("bad_format", "format", f"{data['format']!r} is not {FORMAT!r}")
        hours = data.get("office_hours")
        if hours is not None and not isinstance(hours, Mapping):
            raise CalendarError("bad_hours", "office_hours", "office hours are an object of weekdays: mon, tue, …")
        if unknown := sorted(set(hours or ()) - set(WEEKDAYS)):
            raise CalendarError("bad_hours", "office_hours", f"{unknown[0]!r} is not one of {', '.join(WEEKDAYS)}")
        week = STANDARD_WEEK
        if hours is not None:
            week = tuple(read_spans(hours.get(day, []), f"office_hours.{day}") for day in WEEKDAYS)
        years = data.get("provisional_years", [])
        if not isinstance(years, list) or not all(type(year) is int for year in years):
            raise CalendarError("bad_years", "provisional_years", "provisional years are a list of whole numbers")
        return cls(
            code=_text(data, "code"),
            version=_text(data, "version"),
            valid_from=read_day(data.get("valid_from"), "valid_from"),
            valid_to=read_day(data.get("valid_to"), "valid_to"),
            hours=week,
            saturday_morning=read_spans(data.get("saturday_morning", []), "saturday_morning"),
            days_off=_rows(data, "days_off", read_day_off),
            working_days=_rows(data, "working_days", read_swapped),
            half_days=_rows(data, "half_days", read_half_day),
            provisional_years=tuple(years),
        )

    def to_data(self) -> dict[str, Any]:
        """The calendar as JSON-able data; `from_data` gives an equal calendar back."""
        return {
            "format": FORMAT,
            "code": self.code,
            "version": self.version,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
            "provisional_years": list(self.provisional_years),
            "office_hours": {d: dump_spans(s) for d, s in zip(WEEKDAYS, self.hours, strict=True) if s},
            "saturday_morning": dump_spans(self.saturday_morning),
            "days_off": [
                {"date": d.day.isoformat(), "name": d.name, "kind": d.kind, "confidence": d.confidence}
                for d in self.days_off
            ],
            "working_days": [
                {
                    "date": d.day.isoformat(),
                    "as": WEEKDAYS[d.as_weekday],
                    "name": d.name,
                    "confidence": d.confidence,
                }
                for d in self.working_days
            ],
            "half_days": [
                {
                    "date": d.day.isoformat(),
                    "hours": dump_spans(d.hours),
                    "name": d.name,
                    "confidence": d.confidence,
                }
                for d in self.half_days
            ],
        }

    # -- questions about one day --------------------------------------------------------------------------------------

    def hours_on(self, day: date, *, sat_am: bool = False) -> Spans:
        """The office hours of that date, empty on a day off; `sat_am` adds optional Saturday mornings.

        Raises CalendarEdgeError outside the calendar.
        """
        index = self.index_of(day.toordinal() - EPOCH_DAY)
        return (self.saturday_table if sat_am else self.table).spans[index]

    def is_working_day(self, day: date) -> bool:
        """True when the office works that day, be it half a day. Raises CalendarEdgeError outside the calendar."""
        return bool(self.hours_on(day))

    def opening(self, day: date) -> datetime | None:
        """When the office opens that day, None when it does not."""
        spans = self.hours_on(day)
        return datetime(day.year, day.month, day.day) + timedelta(minutes=spans[0][0]) if spans else None

    def closing(self, day: date) -> datetime | None:
        """The end of office hours that day, None when the office is closed."""
        spans = self.hours_on(day)
        return datetime(day.year, day.month, day.day) + timedelta(minutes=spans[-1][1]) if spans else None

    def next_working_day(self, day: date) -> date:
        """The first working day after that date. Raises CalendarEdgeError when the calendar ends before one."""
        table = self.table
        try:
            number = table.days[table.before[self.index_of(day.toordinal() - EPOCH_DAY) + 1]]
        except IndexError:
            raise self.beyond() from None
        return date.fromordinal(number + EPOCH_DAY)

    # -- tables -------------------------------------------------------------------------------------------------------

    def index_of(self, number: int) -> int:
        """Row of the tables for a day counted from 1970-01-01; CalendarEdgeError outside the calendar."""
        index = number - self.first
        if 0 <= index < self.size:
            return index
        if index < 0:
            raise CalendarEdgeError("before_calendar", date.fromordinal(max(number + EPOCH_DAY, 1)))
        raise self.beyond()

    def check(self, minute: int) -> None:
        """CalendarEdgeError unless this absolute minute lies within the calendar, 24:00 of its last day included."""
        if minute != (self.first + self.size) * DAY_MINUTES:
            self.index_of(minute // DAY_MINUTES)

    def beyond(self) -> CalendarEdgeError:
        """The error that says where the calendar ends."""
        return CalendarEdgeError("beyond_calendar", self.valid_to + timedelta(days=1))

    @cached_property
    def first(self) -> int:
        """Days from 1970-01-01 to the first day of the calendar."""
        return self.valid_from.toordinal() - EPOCH_DAY

    @cached_property
    def size(self) -> int:
        """How many days the calendar knows."""
        return (self.valid_to - self.valid_from).days + 1

    @cached_property
    def table(self) -> DayTable:
        """The days under the plain office hours."""
        return DayTable(self, sat_am=False)

    @cached_property
    def saturday_table(self) -> DayTable:
        """The days with optional Saturday mornings counted."""
        return DayTable(self, sat_am=True) if self.saturday_morning else self.table

    @cached_property
    def reasons(self) -> Reasons:
        """Why days are counted or not under the plain office hours."""
        return Reasons(self, self.table, sat_am=False)

    @cached_property
    def saturday_reasons(self) -> Reasons:
        """The same with optional Saturday mornings counted."""
        return Reasons(self, self.saturday_table, sat_am=True)

    @cached_property
    def memo(self) -> Memo:
        """What the clock remembers of its answers about this calendar."""
        return Memo()


def _text(data: Mapping[str, Any], key: str) -> str:
    """A required, non-empty text; CalendarError when it is missing."""
    value = data.get(key)
    if isinstance(value, str) and value.strip():
        return value
    raise CalendarError("missing", key, f"the calendar needs a {key}")


def _rows(data: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any], str], _Fact]) -> tuple[_Fact, ...]:
    """A list of facts, each with its place in messages as key[row], rows from 1."""
    rows = data.get(key, [])
    if not isinstance(rows, list):
        raise CalendarError("bad_rows", key, f"{key} is a list of objects")
    facts = []
    for number, row in enumerate(rows, start=1):
        where = f"{key}[{number}]"
        if not isinstance(row, Mapping):
            raise CalendarError("bad_rows", where, f"{row!r} is not an object with a date")
        facts.append(read(row, where))
    return tuple(facts)
