"""The legal clock's reasons in words: one sentence, Vietnamese or English, for each step of a trace.

Plain tables and no gettext, so that the command line can say them without Django. Dates are written day first.
"""

from collections.abc import Iterable
from datetime import date, datetime

from motcua.law.worktime import TraceStep

LANGUAGES = ("vi", "en")

_SENTENCES = {
    "first_day_excluded": {
        "vi": "Ngày {day} không tính; thời hạn bắt đầu từ ngày tiếp theo",
        "en": "{day} itself is not counted; the period starts the next day",
    },
    "after_cutoff": {
        "vi": "Nhận sau {cutoff} nên tính là nhận vào ngày làm việc tiếp theo, {at}",
        "en": "Received after {cutoff}, so it counts as received on the next working day, {at}",
    },
    "received_outside_hours": {
        "vi": "Nhận ngoài giờ làm việc nên tính từ lúc mở cửa, {at}",
        "en": "Received outside office hours, so it counts from the opening, {at}",
    },
    "runs_from_moment": {
        "vi": "Thời hạn tính theo giờ, chạy từ {at}",
        "en": "The period is counted in hours and runs from {at}",
    },
    "skipped_rest_days": {
        "vi": "Không tính {days} ngày nghỉ hằng tuần",
        "en": "Weekly rest days not counted: {days}",
    },
    "skipped_day_off": {
        "vi": "Không tính {span}: {name}",
        "en": "Not counted, {span}: {name}",
    },
    "swapped_working_day": {
        "vi": "Có tính ngày {day}: {name} (làm việc như {as})",
        "en": "Counted, {day}: {name} (worked like a {as})",
    },
    "half_day": {
        "vi": "Ngày {day} chỉ làm việc đến {closing}: {name}",
        "en": "Office hours on {day} end at {closing}: {name}",
    },
    "saturday_mornings": {
        "vi": "Có tính {days} buổi sáng thứ Bảy",
        "en": "Saturday mornings counted: {days}",
    },
    "month_end": {
        "vi": "Tháng cuối không có ngày {day} nên thời hạn kết thúc vào ngày cuối tháng, {last}",
        "en": "The last month has no day {day}, so the period ends on the last day of that month, {last}",
    },
    "rolled_to_working_day": {
        "vi": "Ngày cuối {from} là ngày nghỉ nên thời hạn kết thúc vào ngày làm việc tiếp theo, {at}",
        "en": "The last day, {from}, is a day off, so the period ends on the next working day, {at}",
    },
    "fraction_rounded_up": {
        "vi": "Thời hạn tính theo ngày nên phần lẻ được tính tròn thành {days} ngày",
        "en": "The period is counted in days, so a part of a day counts as a whole one: {days}",
    },
    "provisional_year": {
        "vi": "Tạm tính: lịch nghỉ năm {year} chưa có quyết định chính thức",
        "en": "Provisional: the days off of {year} are not officially decided yet",
    },
    "end_of_office_hours": {
        "vi": "Hết giờ làm việc của ngày cuối: {at}",
        "en": "End of office hours of the last day: {at}",
    },
    "counted_working_minutes": {
        "vi": "Đủ {duration} làm việc (8 giờ là một ngày làm việc): {at}",
        "en": "{duration} of working time are done (a working day is 8 hours): {at}",
    },
    "paused": {
        "vi": "Tạm dừng từ {from} đến {to}; thời gian chờ không tính, ngày hẹn trả là {at}",
        "en": "Paused from {from} to {to}; waiting is not counted, due {at}",
    },
    "already_overdue": {
        "vi": "Tạm dừng khi đã quá hạn nên ngày hẹn trả giữ nguyên: {at}",
        "en": "Paused when already overdue, so the due time stays: {at}",
    },
    "extended": {
        "vi": "Gia hạn thêm {amount} {unit}: {at}",
        "en": "Extended by {amount} {unit}: {at}",
    },
    "calendar_changed": {
        "vi": "Lịch làm việc thay đổi từ {from} sang {to}; tính lại được {at}",
        "en": "The work calendar changed from {from} to {to}; counted anew: {at}",
    },
    "promise_kept": {
        "vi": "Giữ ngày đã hẹn {at} vì không được hẹn sớm hơn ngày đã ghi cho người nộp (tính lại được {computed})",
        "en": "The promised {at} is kept, since no promise is moved earlier (counted anew: {computed})",
    },
}

_ARTICLES = {
    "civil_code_2015:147": {"vi": "Điều 147 Bộ luật Dân sự 2015", "en": "Civil Code 2015, Article 147"},
    "civil_code_2015:148": {"vi": "Điều 148 Bộ luật Dân sự 2015", "en": "Civil Code 2015, Article 148"},
    "labour_code_2019:111": {"vi": "Điều 111 Bộ luật Lao động 2019", "en": "Labour Code 2019, Article 111"},
    "labour_code_2019:112": {"vi": "Điều 112 Bộ luật Lao động 2019", "en": "Labour Code 2019, Article 112"},
    "nd61_2018:18": {"vi": "Điều 18 Nghị định 61/2018/NĐ-CP", "en": "Decree 61/2018/NĐ-CP, Article 18"},
    "nd61_2018:19": {"vi": "Điều 19 Nghị định 61/2018/NĐ-CP", "en": "Decree 61/2018/NĐ-CP, Article 19"},
    "qd188_1999": {"vi": "Quyết định 188/1999/QĐ-TTg", "en": "Decision 188/1999/QĐ-TTg"},
    "yearly_swap": {"vi": "quyết định hoán đổi ngày làm việc hằng năm", "en": "the yearly decision on swapped days"},
    "agency_calendar": {"vi": "lịch làm việc của cơ quan", "en": "the agency's work calendar"},
    "waiting_rule": {
        "vi": "thời gian chờ người nộp không tính vào thời hạn của cơ quan",
        "en": "waiting for the applicant is not the agency's time",
    },
}
_WEEKDAYS = {
    "vi": {
        "mon": "thứ Hai",
        "tue": "thứ Ba",
        "wed": "thứ Tư",
        "thu": "thứ Năm",
        "fri": "thứ Sáu",
        "sat": "thứ Bảy",
        "sun": "Chủ nhật",
    },
    "en": {
        "mon": "Monday",
        "tue": "Tuesday",
        "wed": "Wednesday",
        "thu": "Thursday",
        "fri": "Friday",
        "sat": "Saturday",
        "sun": "Sunday",
    },
}
_UNITS = {
    "vi": {
        "working_day": "ngày làm việc",
        "day": "ngày",
        "working_hour": "giờ làm việc",
        "hour": "giờ",
        "month": "tháng",
        "same_day": "ngày",
    },
    "en": {
        "working_day": "working day(s)",
        "day": "day(s)",
        "working_hour": "working hour(s)",
        "hour": "hour(s)",
        "month": "month(s)",
        "same_day": "day",
    },
}
_RANGE = {"vi": ("ngày {0}", "từ ngày {0} đến ngày {1}"), "en": ("{0}", "{0} to {1}")}
_DURATION = {"vi": ("{0} giờ", "{0} phút"), "en": ("{0} h", "{0} min")}
_DOUBT = {"vi": " (ngày này còn phải kiểm tra lại)", "en": " (this day still has to be checked)"}


def moment(at: datetime) -> str:
    """A moment as people here write it: 17:00 06/05/2024."""
    return at.strftime("%H:%M %d/%m/%Y")


def article(code: str, language: str = "vi") -> str:
    """The name of an article of law; KeyError for a code that the clock does not use."""
    return _ARTICLES[code][language]


def sentence(step: TraceStep, language: str = "vi") -> str:
    """One step of a trace as a sentence with its article in brackets; KeyError for an unknown rule or language."""
    words: dict[str, object] = {key: _said(key, value, language) for key, value in step.params}
    words["at"] = moment(step.at)
    words["closing"] = step.at.strftime("%H:%M")
    if step.rule == "skipped_day_off":
        one, many = _RANGE[language]
        words["span"] = (one if words["from"] == words["to"] else many).format(words["from"], words["to"])
    if "minutes" in words:
        words["duration"] = _duration(int(str(words["minutes"])), language)
    text = _SENTENCES[step.rule][language].format(**words)
    doubt = _DOUBT[language] if words.get("confidence") == "U" else ""
    return f"{text}{doubt} ({article(step.article, language)})."


def sentences(trace: Iterable[TraceStep], language: str = "vi") -> list[str]:
    """Every step of a trace in order."""
    return [sentence(step, language) for step in trace]


def _said(key: str, value: str | int, language: str) -> object:
    """A parameter as it is written: dates and moments day first, weekdays and units by name, the rest as it stands."""
    if key == "as":
        return _WEEKDAYS[language][str(value)]
    if key == "unit":
        return _UNITS[language][str(value)]
    if isinstance(value, str) and key in {"day", "from", "to", "last", "computed"}:
        try:
            return moment(datetime.fromisoformat(value)) if "T" in value else f"{date.fromisoformat(value):%d/%m/%Y}"
        except ValueError:
            return value  # the name of a calendar's version
    return value


def _duration(minutes: int, language: str) -> str:
    """480 as "8 giờ", 90 as "1 giờ 30 phút"."""
    hours, rest = divmod(minutes, 60)
    in_hours, in_minutes = _DURATION[language]
    return " ".join([in_hours.format(hours)] * bool(hours) + [in_minutes.format(rest)] * bool(rest))
