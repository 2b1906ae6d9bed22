"""The clock of a dossier as pages show it: how much working time is left, in a tone and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Status
from motcua.law.timeliness import Standing, standing
from motcua.law.worktime import CalendarEdgeError, LimitError, TimeLimit, TraceStep, Unit, WorkCalendar, elapsed
from motcua.office import words
from motcua.ui import formats
from motcua.ui.clock_words import LANGUAGES, sentences

_WHOLE_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Left:
    """What the first column says: a tone, words, and the due time behind them."""

    tone: str
    words: str
    due: datetime | None = None


def time_left(calendar: WorkCalendar | None, now: datetime, due: datetime | None, *, paused: bool = False) -> Left:
    """The time left until `due` in working time of the calendar; whether it is late is the law's own comparison.

    Where the calendar does not reach, or there is none, the time on the wall is said instead.
    """
    here, then = local(now), local(due) if due else None
    state = standing(here, then, paused=paused)
    if then is None or state in (Standing.NO_LIMIT, Standing.PAUSED):
        return Left("none", _("không có thời hạn") if then is None else _("đang tạm dừng"), due)
    late = state is Standing.OVERDUE
    start, end = (then, here) if late else (here, then)
    day = formats.DAY_MINUTES
    try:
        if calendar is None:
            raise CalendarEdgeError("beyond_calendar", end.date())
        minutes = elapsed(calendar, start, end)
    except CalendarEdgeError:
        minutes, day = int((end - start).total_seconds()) // 60, _WHOLE_DAY
    if late and minutes == 0:  # late by a night or a weekend is no working minute, and yet late
        return Left("late", _("vừa quá hạn"), due)
    left = formats.time_left(-minutes if late else minutes, day, day)
    return Left(left.tone, left.words, due)


def row_left(
    calendar: WorkCalendar | None,
    now: datetime,
    *,
    status: Status,
    due: datetime | None,
    paused_at: datetime | None,
    ready_at: datetime | None,
    timeliness: str | None,
    answer_due: datetime | None = None,
) -> Left:
    """The first column of a list: time left, since when it waits, or how it was finished.

    For an online filing that nobody has answered it is the time left for the answer.
    """
    if status in (Status.RESOLVED, Status.RETURNED):
        tone, said = words.TIMELINESS.get(timeliness or "", ("none", _("không có thời hạn")))
        if status is Status.RETURNED or ready_at is None:
            return Left(tone, str(said), due)
        return Left(tone, _("xong %(day)s, %(timeliness)s") % {"day": formats.day(ready_at), "timeliness": said}, due)
    if paused_at is not None:
        return Left("none", _("chờ từ %(day)s") % {"day": formats.day(paused_at)}, due)
    if status in (Status.REFUSED_AT_INTAKE, Status.WITHDRAWN, Status.STOPPED):
        return Left("none", _("đã kết thúc"), due)
    if status is Status.REGISTERED:
        return _until_answered(calendar, now, answer_due)
    return time_left(calendar, now, due)


def _until_answered(calendar: WorkCalendar | None, now: datetime, answer_due: datetime | None) -> Left:
    if answer_due is None:
        return Left("none", _("chờ kiểm tra"))
    left = time_left(calendar, now, answer_due)
    return Left(left.tone, _("trả lời: %(left)s") % {"left": left.words}, answer_due)


def reasons(trace: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """Why a due time is what it is, one sentence for each step of its trace."""
    language = (get_language() or "vi")[:2]
    return sentences([TraceStep.from_data(step) for step in trace or ()], language if language in LANGUAGES else "vi")


def limit_words(text: str | None) -> str:
    """A limit as appointments keep it ("3 ngày làm việc") in the words of the page's language."""
    if not text:
        return _("không quy định")
    try:
        limit = TimeLimit.parse(text)
    except LimitError:
        return text
    if limit.unit is Unit.SAME_DAY:
        return _("trong ngày")
    amount = Fraction(limit.amount)
    plural = 1 if amount == 1 else 2
    # Each call is spelt out, since the message tool can only collect literal texts.
    return {
        Unit.WORKING_DAY: ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", plural),
        Unit.DAY: ngettext("%(count)s ngày", "%(count)s ngày", plural),
        Unit.WORKING_HOUR: ngettext("%(count)s giờ làm việc", "%(count)s giờ làm việc", plural),
        Unit.HOUR: ngettext("%(count)s giờ", "%(count)s giờ", plural),
        Unit.MONTH: ngettext("%(count)s tháng", "%(count)s tháng", plural),
    }[limit.unit] % {"count": formats.number(float(amount), 0 if amount.denominator == 1 else 1)}
