"""Dates and times as Vietnamese administrative papers spell them (Decree 30/2020, Annex I; TT 01/2018 forms)."""

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def local(moment: datetime) -> datetime:
    """Vietnamese wall-clock time: an aware moment is moved to +07:00, a naive one is taken to be local already."""
    return moment if moment.tzinfo is None else moment.astimezone(VIETNAM)


def day_long(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`: days below 10 and months 1 and 2 take a leading zero, so no digit can be added."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def day_short(day: date) -> str:
    """`05/02/2026`, for tables."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def clock_long(moment: datetime) -> str:
    """`16 giờ 30 phút`, Vietnamese time."""
    here = local(moment)
    return f"{here.hour:02d} giờ {here.minute:02d} phút"


def clock_short(moment: datetime) -> str:
    """`16:30`, Vietnamese time."""
    here = local(moment)
    return f"{here.hour:02d}:{here.minute:02d}"
