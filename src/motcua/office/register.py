"""The register of the desk (sổ theo dõi hồ sơ, form M06): a list for the screen and a print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.agencies.access import staff_required
from motcua.agencies.limited import limited
from motcua.dossiers import queries as dossiers
from motcua.dossiers.wording import STATUS
from motcua.office import words
from motcua.office.downloads import printed
from motcua.office.fields import DayField, end_of, start_of
from motcua.office.shell import REGISTER_ROLES, StaffRequest, page
from motcua.papers import books
from motcua.persons import queries as persons
from motcua.persons.queries import Sight
from motcua.procedures import queries as catalogue

_MONTH = timedelta(days=30)


class SpanForm(forms.Form):
    """From one day to another, both included."""

    tu = DayField(label=_("Từ ngày"), error_messages={"required": _("Hãy nhập ngày.")})
    den = DayField(label=_("Đến ngày"), error_messages={"required": _("Hãy nhập ngày.")})

    def clean(self) -> dict[str, Any]:
        """The span must run forward and stay within one year: the register's numbers begin anew each year."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = values.get("tu"), values.get("den")
        if start and end and end < start:
            self.add_error("den", _("Ngày cuối phải không sớm hơn ngày đầu."))
        elif start and end and start.year != end.year:
            self.add_error("den", _("Sổ lập theo từng năm: hãy chọn hai ngày trong cùng một năm."))
        return values


@dataclass(frozen=True, slots=True)
class Span:
    """The days asked for."""

    start: date
    end: date


def span_of(request: StaffRequest, days: timedelta = _MONTH) -> tuple[SpanForm, Span | None]:
    """The span in the address, or the last days of this year; None when it was typed wrongly."""
    today = timezone.localdate()
    usual = {"tu": max(today - days, date(today.year, 1, 1)), "den": today}
    if not {"tu", "den"} & set(request.GET):
        return SpanForm(initial=usual), Span(usual["tu"], usual["den"])
    form = SpanForm({"tu": request.GET.get("tu", ""), "den": request.GET.get("den", "")})
    if not form.is_valid():
        return form, None
    return form, Span(form.cleaned_data["tu"], form.cleaned_data["den"])


@staff_required(roles=REGISTER_ROLES)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The dossiers that the desk opened in a span of days, oldest first, page by page."""
    reader = request.reader
    form, span = span_of(request)
    shown = dossiers.Page((), None)
    if span is not None:
        try:
            after = request.GET.get("after", "")
            shown = dossiers.register(reader, start_of(span.start), end_of(span.end), after=after)
        except ValueError:  # a mark that a person has changed
            return redirect("office:register")
    sights = [Sight(row.owner_id, row.receiving_agency_id, row.competent_agency_id) for row in shown.rows]
    names = persons.names_for(reader, sights) if sights else {}
    stands = books.places(reader, [row.id for row in shown.rows]) if sights else {}
    procedures = catalogue.names(reader, {row.procedure_version_id for row in shown.rows}) if sights else {}
    lines = [
        {
            "row": row,
            "place": stands.get(row.id),
            "name": names.get(row.owner_id, ""),
            "procedure": procedures.get(row.procedure_version_id, row.procedure_code),
            "status": STATUS[row.status],
            "tone": words.STATUS_TONES[row.status],
        }
        for row in shown.rows
    ]
    context = {"form": form, "span": span, "lines": lines, "after": shown.after, "asked_after": "after" in request.GET}

    return page(request, "office/register.html", context, place="office:register")


@staff_required(roles=REGISTER_ROLES)
@require_safe
@limited("register-print")
def printed_register(request: StaffRequest) -> HttpResponse:
    """The lines of the register accepted in the same span, as pages of form M06."""
    _form, span = span_of(request)
    if span is None:
        return redirect("office:register")
    try:
        form = books.span_form(request.reader, start_of(span.start), end_of(span.end))
    except books.TooManyRows as error:
        context = {"title": _("Chưa in được"), "text": error.message}
        return page(request, "office/trouble.html", context, place="office:register")
    return printed(request, form, f"so-theo-doi-{span.start:%Y%m%d}-{span.end:%Y%m%d}")
