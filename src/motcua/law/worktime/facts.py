"""The facts a work calendar is made of, and how each is read from and written to plain JSON-able data.

Minutes of a day run from 0 (00:00) to 1440 (24:00); office hours are pairs of them, start before end.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

Spans = tuple[tuple[int, int], ...]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFF_KINDS = ("statutory", "compensatory", "swap_off", "agency")
CONFIDENCES = ("S", "K", "U")  # seen in a source; certain; unsure, to be checked before relying on it
DAY_MINUTES = 1440
EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = EPOCH.toordinal()


class CalendarError(ValueError):
    """A calendar's data cannot be used. `code` says what is wrong and `where` which part of the data it is."""

    def __init__(self, code: str, where: str, text: str) -> None:
        super().__init__(f"{where}: {text}")
        self.code = code
        self.where = where


class DayOff(NamedTuple):
    """A day (ngày nghỉ) on which the office would have worked but is closed."""

    day: date
    name: str
    kind: str = "statutory"
    confidence: str = "S"


class SwappedDay(NamedTuple):
    """A rest day turned into a working day (làm bù): it has the office hours of `as_weekday` (0 = Monday)."""

    day: date
    as_weekday: int
    name: str
    confidence: str = "S"


class HalfDay(NamedTuple):
    """A working day with hours of its own, such as the afternoon off before Tết."""

    day: date
    hours: Spans
    name: str
    confidence: str = "S"


def to_minutes(moment: datetime) -> int:
    """Whole minutes from 1970-01-01 00:00 local time to this naive local moment; seconds are dropped.

    ValueError for a moment with a time zone: the caller turns it into local time first.
    """
    if moment.tzinfo is not None:
        raise ValueError("the legal clock reads local time; turn a moment with a time zone into naive local time first")
    return (moment.toordinal() - EPOCH_DAY) * DAY_MINUTES + moment.hour * 60 + moment.minute


def from_minutes(minutes: int) -> datetime:
    """The reverse of `to_minutes`."""
    return EPOCH + timedelta(0, minutes * 60)


def due_day(minute: int) -> int:
    """The day to which an end of working time belongs: 24:00 is still the day that ends."""
    return (minute - 1) // DAY_MINUTES


def clock(minute: int) -> str:
    """A minute of the day as HH:MM (1440 is 24:00)."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_clock(text: object, where: str) -> int:
    """HH:MM as the minute of the day; CalendarError when it is not one."""
    hour, colon, minute = text.partition(":") if isinstance(text, str) else ("", "", "")
    if colon and hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2 and int(minute) < 60:
        total = int(hour) * 60 + int(minute)
        if total <= DAY_MINUTES:
            return total
    raise CalendarError("bad_clock", where, f"{text!r} is not a time of day; write it as HH:MM")


def read_spans(value: object, where: str) -> Spans:
    """A list of [start, end] clock pairs in order of the day; CalendarError when one is empty or overlaps."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise CalendarError("bad_hours", where, 'office hours are a list of pairs such as ["07:00", "11:30"]')
    spans = []
    for pair in value:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise CalendarError("bad_hours", where, f"{pair!r} is not a pair of start and end")
        spans.append((read_clock(pair[0], where), read_clock(pair[1], where)))
    check_spans(tuple(spans), where)
    return tuple(spans)


def check_spans(spans: Spans, where: str) -> None:
    """CalendarError unless every pair is within the day, ends after it starts, and starts after the one before ends."""
    last = -1
    for start, end in spans:
        if not (0 <= start < end <= DAY_MINUTES and start > last):
            text = f"{clock(start)}-{clock(end)} is empty or overlaps the hours before it"
            raise CalendarError("bad_hours", where, text)
        last = end


def dump_spans(spans: Spans) -> list[list[str]]:
    """The reverse of `read_spans`."""
    return [[clock(start), clock(end)] for start, end in spans]


def read_day(value: object, where: str) -> date:
    """YYYY-MM-DD as a date; CalendarError when it is not one."""
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise CalendarError("bad_date", where, f"{value!r} is not a date; write it as YYYY-MM-DD") from None


def read_choice(value: object, choices: Sequence[str], where: str) -> str:
    """The value if it is one of the choices, else CalendarError."""
    if isinstance(value, str) and value in choices:
        return value
    raise CalendarError("bad_choice", where, f"{value!r} is not one of {', '.join(choices)}")


def read_day_off(row: Mapping[str, Any], where: str) -> DayOff:
    """One entry of `days_off`."""
    return DayOff(
        read_day(row.get("date"), where),
        str(row.get("name", "")),
        read_choice(row.get("kind", "statutory"), OFF_KINDS, where),
        read_choice(row.get("confidence", "S"), CONFIDENCES, where),
    )


def read_swapped(row: Mapping[str, Any], where: str) -> SwappedDay:
    """One entry of `working_days`; without `as` the day works like a Monday."""
    return SwappedDay(
        read_day(row.get("date"), where),
        WEEKDAYS.index(read_choice(row.get("as", "mon"), WEEKDAYS, where)),
        str(row.get("name", "")),
        read_choice(row.get("confidence", "S"), CONFIDENCES, where),
    )


def read_half_day(row: Mapping[str, Any], where: str) -> HalfDay:
    """One entry of `half_days`."""
    return HalfDay(
        read_day(row.get("date"), where),
        read_spans(row.get("hours"), where),
        str(row.get("name", "")),
        read_choice(row.get("confidence", "S"), CONFIDENCES, where),
    )
