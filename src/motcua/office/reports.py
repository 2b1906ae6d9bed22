"""Report II.06a: the page, its print and spreadsheet, and the list of dossiers behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import staff_required
from motcua.agencies.limited import limited
from motcua.law.reporting import Column, Row
from motcua.office.downloads import pdf, spreadsheet, unprintable
from motcua.office.report_asked import Wanted, links, wanted_of
from motcua.office.shell import OVERVIEW_ROLES, StaffRequest, page
from motcua.papers.render import UnprintableTextError
from motcua.procedures import queries as catalogue
from motcua.reports import paper, queries, sheet
from motcua.reports.paper import SettlementReport
from motcua.reports.queries import Listed, Report
from motcua.reports.wording import COLUMNS, ENDINGS, GROUPS, Words

_PLACE = "office:report"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the table, with the list behind it unless it is 0."""

    column: Column
    words: Words
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table."""

    field: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A dossier of the list with the words for it."""

    of: Listed
    procedure: str
    agency: str
    ending: Words


@staff_required(roles=OVERVIEW_ROLES)
@require_safe
def report(request: StaffRequest) -> HttpResponse:
    """The report of an agency and a period, each number leading to its dossiers."""
    form, wanted = wanted_of(request, queries.agencies_to_report(request.reader))
    found = queries.report(request.reader, wanted.asked) if wanted else None
    context = {
        "form": form,
        "links": links(wanted),
        "wanted": wanted,
        "found": found,
        "lines": [_line(wanted, row, row.field) for row in found.rows] if wanted and found else [],
        "total": _line(wanted, found.total, None) if wanted and found else None,
        "groups": GROUPS,
        "notes": paper.notes(found, queries.reading()) if found else (),
        "period": paper.period_words(wanted.period) if wanted else "",
    }
    return page(request, "office/report.html", context, place=_PLACE)


def _line(wanted: Wanted, row: Row, field: str | None) -> Line:
    def url(column: Column) -> str:
        values = {"cot": column.value} | ({"linh_vuc": field} if field is not None else {})
        return f"{reverse('office:report_list')}?{wanted.query}&{urlencode(values)}"

    return Line(
        row.field, tuple(Cell(each, COLUMNS[each], row[each], url(each) if row[each] else "") for each in Column)
    )


@staff_required(roles=OVERVIEW_ROLES)
@require_safe
def behind(request: StaffRequest) -> HttpResponse:
    """The dossiers behind a number of the report, as they stood at the period's end; keyset pages."""
    reader = request.reader
    _form, wanted = wanted_of(request, queries.agencies_to_report(reader), below=False)
    column, field = _column(request.GET.get("cot", "")), request.GET.get("linh_vuc")
    after = request.GET.get("after", "")
    if wanted is None or column is None:
        raise Http404
    try:
        found, following = queries.behind(reader, wanted.asked, column, field, after=after)
    except ValueError as error:  # a mark that nobody gave out
        raise Http404 from error
    names = catalogue.names(reader, {each.procedure_version_id for each in found}) if found else {}
    several = len(wanted.asked.agency_ids) > 1
    names_of = agencies.agency_names(reader, {each.agency_id for each in found}) if found and several else {}
    rows = [
        _Shown(
            each,
            names.get(each.procedure_version_id, ""),
            names_of.get(each.agency_id, ""),
            ENDINGS[each.ending] if each.ending else "",
        )
        for each in found
    ]
    context = {
        "wanted": wanted,
        "words": COLUMNS[column],
        "field": field,
        "rows": rows,
        "several": several,
        "counted": queries.counted(reader, wanted.asked, column, field),
        "period": paper.period_words(wanted.period),
        "back": f"{reverse('office:report')}?{wanted.query}",
        "after": following,
        "asked_after": after,
    }
    return page(request, "office/report_list.html", context, place=_PLACE)


def _column(text: str) -> Column | None:
    return next((each for each in Column if str(each.value) == text), None)


@staff_required(roles=OVERVIEW_ROLES)
@require_safe
@limited("paper")
def printed_report(request: StaffRequest) -> HttpResponse:
    """The report as PDF, A4 across."""
    form, _found, name = _form(request)
    try:
        return pdf(paper.pdf(form), name)
    except UnprintableTextError as error:
        return unprintable(request, error)


@staff_required(roles=OVERVIEW_ROLES)
@require_safe
@limited("paper")
def report_sheet(request: StaffRequest) -> HttpResponse:
    """The report as a spreadsheet with the form's head and columns."""
    form, found, name = _form(request)
    return spreadsheet(sheet.workbook(form, found), name)


def _form(request: StaffRequest) -> tuple[SettlementReport, Report, str]:
    """The report as a form, its figures, and the name of its file. Raises Http404 for what was typed wrongly."""
    _asked, wanted = wanted_of(request, queries.agencies_to_report(request.reader), below=False)
    if wanted is None:
        raise Http404
    found = queries.report(request.reader, wanted.asked)
    head = agencies.form_head(wanted.agency.id)
    form = paper.form(head, wanted.period, found, queries.reading(), below=wanted.below, made_at=timezone.now())
    return form, found, f"ii06a-{wanted.agency.code.lower()}-{wanted.period.start:%Y%m%d}-{wanted.period.end:%Y%m%d}"
