"""How numbers, money, dates and time left are written, in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, gettext, ngettext

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving time since 1975
NO_BREAK = "\u00a0"
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY_MINUTES = 480  # an office day of eight hours: reference practice for turning minutes into days

Number = int | float | Decimal


def is_english() -> bool:
    """True when the page is shown in English; every other language is written the Vietnamese way."""
    return (get_language() or "vi").startswith("en")


def local(moment: datetime) -> datetime:
    """The moment on Vietnamese clocks; a naive moment is taken to be local already."""
    return moment.astimezone(VIETNAM) if moment.tzinfo else moment


def day(value: date | datetime | None) -> str:
    """`25/11/2026`; in English `25 Nov 2026`, which no reader can mistake for another order. Empty for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = local(value)
    if is_english():
        return f"{value.day}{NO_BREAK}{ENGLISH_MONTHS[value.month - 1]}{NO_BREAK}{value.year}"
    return f"{value.day:02}/{value.month:02}/{value.year}"


def clock(value: datetime | None) -> str:
    """`16:30`, on Vietnamese clocks."""
    return "" if value is None else f"{local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """`16:30 25/11/2026`; in English `25 Nov 2026, 16:30`."""
    if value is None:
        return ""
    if is_english():
        return f"{day(value)}, {clock(value)}"
    return f"{clock(value)}{NO_BREAK}{day(value)}"


def number(value: Number | None, places: int = 0) -> str:
    """`1.250.000` or `87,46`; in English `1,250,000` or `87.46`. Halves are rounded away from zero. Empty for None."""
    if value is None:
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}".replace("-", "−")
    return text if is_english() else text.translate(str.maketrans(",.", ".,"))


def money(value: int | None) -> str:
    """Whole đồng: `1.250.000 đ`; in English `VND 1,250,000`. Empty for None."""
    if value is None:
        return ""
    return f"VND{NO_BREAK}{number(value)}" if is_english() else f"{number(value)}{NO_BREAK}đ"


def percent(value: Number | None, places: int = 1) -> str:
    """`98,5 %` of a number that is a percentage already; in English `98.5%`."""
    if value is None:
        return ""
    return f"{number(value, places)}%" if is_english() else f"{number(value, places)}{NO_BREAK}%"


def points(value: Number | None, places: int = 2) -> str:
    """`87,46 điểm`."""
    return "" if value is None else gettext("%(points)s điểm") % {"points": number(value, places)}


def duration(minutes: int, day_minutes: int = DAY_MINUTES) -> str:
    """A span of working time in its largest unit, rounded down: `3 ngày`, `2 giờ`, `40 phút`."""
    if minutes >= day_minutes:
        count = minutes // day_minutes
        return ngettext("%(count)s ngày", "%(count)s ngày", count) % {"count": number(count)}
    if minutes >= 60:
        count = minutes // 60
        return ngettext("%(count)s giờ", "%(count)s giờ", count) % {"count": number(count)}
    return ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": number(minutes)}


@dataclass(frozen=True)
class TimeLeft:
    """What a clerk reads in the first column: a tone (colour and shape) and words."""

    tone: str  # "on-time" | "soon" | "late" | "none"
    words: str


def time_left(minutes: int | None, soon: int = DAY_MINUTES, day_minutes: int = DAY_MINUTES) -> TimeLeft:
    """Turns working minutes until the due time into a tone and words.

    `minutes` is negative once the due time has passed and None while no clock runs. Up to `soon` minutes the tone
    warns. Exactly on the due minute is not late: lateness begins after it.
    """
    if minutes is None:
        return TimeLeft("none", gettext("không tính giờ"))
    if minutes < 0:
        return TimeLeft("late", gettext("quá hạn %(time)s") % {"time": duration(-minutes, day_minutes)})
    tone = "soon" if minutes <= soon else "on-time"
    if minutes == 0:
        return TimeLeft(tone, gettext("đến hạn ngay"))
    return TimeLeft(tone, gettext("còn %(time)s") % {"time": duration(minutes, day_minutes)})
