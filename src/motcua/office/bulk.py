"""The papers of a day or more in one PDF: those that nobody has printed yet, and all of them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies.access import Reader, Role, staff_required
from motcua.agencies.limited import limited
from motcua.dossiers import folders
from motcua.office.downloads import pdf
from motcua.office.fields import DayField, end_of, start_of
from motcua.office.printing import KINDS, TITLES, tracking
from motcua.office.shell import StaffRequest, page
from motcua.papers import commands, issued, queries
from motcua.papers.kinds import Kind
from motcua.papers.render import typeset_many
from motcua.persons import queries as persons
from motcua.persons.queries import Sight
from motcua.procedures import queries as catalogue

PRINTERS = frozenset({Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER})
_SHOWN = 200  # lines of the list; a print takes all


class DayForm(forms.Form):
    """Which papers: their kind, from one day to another, both included."""

    loai = forms.ChoiceField(
        label=_l("Loại giấy"), choices=[(slug, title) for slug, title in TITLES.values()], required=True
    )
    tu = DayField(label=_l("Từ ngày"), error_messages={"required": _l("Hãy nhập ngày.")})
    den = DayField(label=_l("Đến ngày"), error_messages={"required": _l("Hãy nhập ngày.")})

    def clean(self) -> dict[str, Any]:
        """The span must run forward."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = values.get("tu"), values.get("den")
        if start and end and end < start:
            self.add_error("den", _("Ngày cuối phải không sớm hơn ngày đầu."))
        return values


@dataclass(frozen=True, slots=True)
class Wanted:
    """The papers asked for."""

    kind: Kind
    start: date
    end: date

    def ids(self, reader: Reader) -> tuple[UUID, ...]:
        """The dossiers that came to such a paper then. Raises TooManyPapers."""
        return queries.listed(reader, self.kind, start_of(self.start), end_of(self.end))

    @property
    def slug(self) -> str:
        """The kind's word in the address."""
        return TITLES[self.kind][0]

    @property
    def query(self) -> str:
        """The same as the address says it."""
        return urlencode({"loai": self.slug, "tu": f"{self.start:%d/%m/%Y}", "den": f"{self.end:%d/%m/%Y}"})


def _asked(data: QueryDict) -> tuple[DayForm, Wanted | None]:
    """The papers named by an address or a form; what it does not name is today's, None where it was typed wrongly."""
    today = timezone.localdate()
    usual = {"loai": TITLES[Kind.RECEIPT][0], "tu": today, "den": today}
    if not {"loai", "tu", "den"} & set(data):
        return DayForm(initial=usual), Wanted(Kind.RECEIPT, today, today)
    form = DayForm({name: data.get(name, value) for name, value in usual.items()})
    if not form.is_valid():
        return form, None
    said = form.cleaned_data
    return form, Wanted(KINDS[said["loai"]], said["tu"], said["den"])


@staff_required(roles=PRINTERS)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The papers that dossiers came to in a span of days, with who was given them already."""
    reader = request.reader
    form, wanted = _asked(request.GET)
    context: dict[str, Any] = {"form": form, "wanted": wanted, "lines": [], "open": 0, "total": 0}
    if wanted is not None:
        try:
            ids = wanted.ids(reader)
        except queries.TooManyPapers as error:
            return page(request, "office/papers.html", {**context, "too_many": error.message}, place="office:papers")
        done = issued.issued_of(reader, wanted.kind, ids) if ids else frozenset()
        context |= {"lines": _lines(reader, ids[:_SHOWN], done), "total": len(ids), "open": len(set(ids) - done)}
        context |= {"title": TITLES[wanted.kind][1], "more": max(0, len(ids) - _SHOWN), "done": len(done)}
    return page(request, "office/papers.html", context, place="office:papers")


def _lines(reader: Reader, ids: tuple[UUID, ...], done: frozenset[UUID]) -> list[dict[str, Any]]:
    rows = folders.rows(reader, ids) if ids else {}
    sights = [Sight(row.owner_id, row.receiving_agency_id, row.competent_agency_id) for row in rows.values()]
    names = persons.names_for(reader, sights) if sights else {}
    procedures = catalogue.names(reader, {row.procedure_version_id for row in rows.values()}) if rows else {}
    return [
        {
            "row": rows[each],
            "name": names.get(rows[each].owner_id, ""),
            "procedure": procedures.get(rows[each].procedure_version_id, rows[each].procedure_code),
            "issued": each in done,
        }
        for each in ids
        if each in rows
    ]


@staff_required(roles=PRINTERS)
@require_POST
@limited("papers-print")
def issue(request: StaffRequest) -> HttpResponse:
    """Issues the papers that nobody has printed yet and goes to the PDF of just these."""
    _form, wanted = _asked(request.POST)
    if wanted is None:
        return redirect("office:papers")
    back = f"{reverse('office:papers')}?{wanted.query}"
    begun = timezone.now()
    try:
        ids = wanted.ids(request.reader)
    except queries.TooManyPapers as error:
        messages.error(request, str(error.message))
        return redirect(back)
    done = issued.issued_of(request.reader, wanted.kind, ids)
    batch = commands.issue_many(
        request.reader, wanted.kind, [each for each in ids if each not in done], tracking(request)
    )
    if batch.unprintable:
        said = _("Không in được giấy của %(codes)s vì có ký tự lạ; hãy sửa thông tin bằng chữ Latinh rồi in riêng.")
        messages.warning(request, said % {"codes": ", ".join(batch.unprintable)})
    if not batch.issued:
        messages.info(request, _("Không có giấy nào chưa in."))
        return redirect(back)
    since = urlencode({"luc": begun.isoformat()})
    return redirect(f"{reverse('office:papers_issued')}?{wanted.query}&{since}")


@staff_required(roles=PRINTERS)
@require_safe
@limited("papers-print")
def again(request: StaffRequest) -> HttpResponse:
    """The issued papers of a span in one PDF, each exactly as it was issued; with `luc` those issued since then."""
    _form, wanted = _asked(request.GET)
    if wanted is None:
        return redirect("office:papers")
    reader, since = request.reader, _moment(request.GET.get("luc", ""))
    try:
        ids = wanted.ids(reader)
    except queries.TooManyPapers:
        return redirect(f"{reverse('office:papers')}?{wanted.query}")
    found = issued.many(reader, wanted.kind, ids, since)
    if not found:
        messages.info(request, _("Chưa có giấy nào được phát hành trong khoảng này."))
        return redirect(f"{reverse('office:papers')}?{wanted.query}")
    content = typeset_many([each.paper for each in found], "Giấy tờ hồ sơ")
    return pdf(content, f"{wanted.slug}-{wanted.start:%Y%m%d}-{wanted.end:%Y%m%d}")


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
