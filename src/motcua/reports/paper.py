"""Report II.06a as a paper, A4 across: the form's head and columns, set by the papers' own typesetter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from motcua.agencies.queries import FormHead
from motcua.law.dossier.reckoning import local
from motcua.law.reporting import Column, LateBy, Period, Reading, Row, months
from motcua.papers import render, wording
from motcua.papers.checks import Checked
from motcua.papers.render import Paper
from motcua.reports.queries import Report
from motcua.reports.wording import FORM, GROUPS, TITLE, UNIT, figure

# Its folder's version; a report is never kept to be set again, so the folder may change with the form.
TEMPLATE: Final = "reports-v1/ii06a.typ"


@dataclass(frozen=True, kw_only=True)
class Line(Checked):
    """A line of the table: its number, the field, and columns 3 to 13 as they are printed."""

    number: str | None
    field: str
    figures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SettlementReport(Checked):
    """Form II.06a/VPCP/KSTT of an agency and a period. `notes` say how the figures were read; `made_at` when."""

    agency: str
    receiver: str | None
    place: str
    period: str
    lines: tuple[Line, ...]
    total: Line
    notes: tuple[str, ...]
    made_at: datetime
    demo: bool = False


def form(
    head: FormHead, period: Period, found: Report, read: Reading, *, below: bool, made_at: datetime
) -> SettlementReport:
    """The report as a form, to be printed or written as a spreadsheet."""
    return SettlementReport(
        agency=head.agency_name + (" và các cơ quan trực thuộc" if below else ""),
        receiver=head.parent_name or None,
        place=head.place_name or "…",
        period=f"Kỳ báo cáo: {period_words(period)}",
        lines=tuple(_line(str(place), row) for place, row in enumerate(found.rows, start=1)),
        total=_line(None, found.total),
        notes=notes(found, read),
        made_at=made_at,
        demo=head.demo,
    )


def period_words(period: Period) -> str:
    """From which day to which, after the name of the period if it has one: "Quý III năm 2026 (từ ngày … …)"."""
    days = f"từ ngày {wording.day_short(period.start)} đến ngày {wording.day_short(period.end)}"
    name = _name(period)
    return f"{name} ({days})" if name else days


def _name(period: Period) -> str:
    year, month = period.start.year, period.start.month
    named = {
        12: f"Năm {year}",
        6: f"6 tháng {'đầu' if month == 1 else 'cuối'} năm {year}",
        1: f"Tháng {month} năm {year}",
    }
    named[3] = f"Quý {('I', 'II', 'III', 'IV')[(month - 1) // 3]} năm {year}"
    for count, name in named.items():
        if (month - 1) % count == 0 and period == months(year, month, count):
            return name
    return ""


def notes(found: Report, read: Reading) -> tuple[str, ...]:
    """What the figures rest on, for who reads them without the program."""
    at = local(found.at)
    promise = "ban đầu" if read.late_by is LateBy.ORIGINAL else "mới nhất (sau khi xin lỗi, hẹn lại)"
    said = [
        f"Số liệu tính đến {at:%H:%M} ngày {at:%d/%m/%Y}, theo nhật ký hồ sơ đến vị trí {figure(found.position)}; "
        f"hạn xét theo ngày hẹn {promise}.",
    ]
    left_out = [word for ending, word in (("withdrawn", "rút"), ("stopped", "dừng")) if ending in read.leaves_out]
    counted = [word for word in ("rút", "dừng") if word not in left_out]
    if counted:
        said.append(f"Hồ sơ {' và hồ sơ '.join(counted)} tính vào đã giải quyết.")
    if left_out:
        said.append(f"Hồ sơ {' và hồ sơ '.join(left_out)} trong kỳ không tính.")
    return tuple(said)


def _line(number: str | None, row: Row) -> Line:
    return Line(number=number, field=row.field, figures=tuple(figure(row[column]) for column in Column))


def pdf(of: SettlementReport) -> bytes:
    """The report as a PDF/A-2b. Raises UnprintableTextError for a field's name with characters that no paper shows."""
    data = render.printable(of) | {
        "form": FORM,
        "title": TITLE,
        "unit": UNIT,
        "groups": [
            {"name": name, "columns": [{"words": words, "number": number} for _column, words, number in columns]}
            for name, columns in GROUPS
        ],
        "copies": ["one"],
        "counted": True,
        "draft": False,
        "entry": None,
        "nth": "0",
        "qr": None,
    }
    made_at = of.made_at.astimezone(wording.VIETNAM).replace(microsecond=0)  # as the typesetter takes it
    return render.typeset(Paper(TEMPLATE, data, made_at))
