"""Which agency and which period a report is asked for: the form, usual periods, and what the address says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.queries import AgencyView
from motcua.law.reporting import Period, months
from motcua.office.fields import DayField
from motcua.office.shell import StaffRequest
from motcua.reports.queries import Asked, with_below

_FIRST_YEAR = 1945  # before it nothing was received by anybody
_LAST_YEAR = 9000


class ReportForm(forms.Form):
    """An agency of those that the reader may choose, with those below it or without, and two days."""

    co_quan = forms.TypedChoiceField(label=_("Cơ quan"), coerce=int)
    tu = DayField(label=_("Từ ngày"), error_messages={"required": _("Hãy nhập ngày.")})
    den = DayField(label=_("Đến ngày"), error_messages={"required": _("Hãy nhập ngày.")})
    ca_duoi = forms.BooleanField(label=_("Gồm cả cơ quan trực thuộc"), required=False)

    def __init__(self, *args: Any, agencies: Sequence[AgencyView], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["co_quan"].choices = [(each.id, each.name) for each in agencies]  # type: ignore[attr-defined]
        if len(agencies) == 1:
            self.fields["co_quan"].widget = forms.HiddenInput()
            del self.fields["ca_duoi"]

    def clean(self) -> dict[str, Any]:
        """The period must run forward, in years that a calendar has."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = values.get("tu"), values.get("den")
        if start and end and end < start:
            self.add_error("den", _("Ngày cuối phải không sớm hơn ngày đầu."))
        for name, day in (("tu", start), ("den", end)):
            if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
                self.add_error(name, _("Hãy nhập năm có bốn chữ số, ví dụ 2026."))
        return values


@dataclass(frozen=True, slots=True)
class Wanted:
    """The report that the address asks for."""

    agency: AgencyView
    below: bool
    period: Period
    asked: Asked

    @property
    def query(self) -> str:
        """The same as part of an address."""
        values = {
            "co_quan": self.agency.id,
            "tu": f"{self.period.start:%d/%m/%Y}",
            "den": f"{self.period.end:%d/%m/%Y}",
        }
        return urlencode(values | ({"ca_duoi": "1"} if self.below else {}))


def wanted_of(
    request: StaffRequest, agencies: Sequence[AgencyView], *, below: bool = True
) -> tuple[ReportForm, Wanted | None]:
    """What the address asks for, or the own agency in this quarter; None when it was typed wrongly.

    `below` is whether agencies below are counted in where the address says nothing.
    """
    if not agencies:
        return ReportForm(agencies=agencies), None
    own = next((each for each in agencies if each.id == request.reader.agency_id), agencies[0])
    quarter = _quarter(timezone.localdate())
    several = below and len(agencies) > 1
    usual = {"co_quan": own.id, "tu": quarter.start, "den": quarter.end, "ca_duoi": several}
    if not {"tu", "den", "co_quan"} & set(request.GET):
        return ReportForm(initial=usual, agencies=agencies), _wanted(own, agencies, several, quarter)
    given = {"co_quan": str(own.id), "tu": f"{quarter.start:%d/%m/%Y}", "den": f"{quarter.end:%d/%m/%Y}"}
    form = ReportForm(given | request.GET.dict(), agencies=agencies)
    if not form.is_valid():
        return form, None
    values = form.cleaned_data
    agency = next(each for each in agencies if each.id == values["co_quan"])
    return form, _wanted(agency, agencies, values.get("ca_duoi", False), Period(values["tu"], values["den"]))


def _wanted(agency: AgencyView, agencies: Sequence[AgencyView], below: bool, period: Period) -> Wanted:
    ids = with_below(agencies, agency.id) if below else frozenset({agency.id})
    return Wanted(agency, below, period, Asked(ids, period, timezone.now()))


def _quarter(day: date) -> Period:
    return months(day.year, (day.month - 1) // 3 * 3 + 1, 3)


def usual_periods(today: date) -> tuple[tuple[Promise | str, Period], ...]:
    """Periods that reports are asked for, each with its name."""
    quarter = _quarter(today)
    before = date.fromordinal(quarter.start.toordinal() - 1)
    last_month = date.fromordinal(today.replace(day=1).toordinal() - 1)
    return (
        (_("Tháng này"), months(today.year, today.month, 1)),
        (_("Tháng trước"), months(last_month.year, last_month.month, 1)),
        (_("Quý này"), quarter),
        (_("Quý trước"), _quarter(before)),
        (_("6 tháng đầu năm"), months(today.year, 1, 6)),
        (_("Năm nay"), months(today.year, 1, 12)),
        (_("Năm trước"), months(today.year - 1, 1, 12)),
    )


def links(of: Wanted | None) -> list[tuple[Promise | str, str, bool]]:
    """The usual periods as links for the same agency: words, address, and whether it is the one shown."""
    found = []
    for words, period in usual_periods(timezone.localdate()):
        values: dict[str, Any] = {"tu": f"{period.start:%d/%m/%Y}", "den": f"{period.end:%d/%m/%Y}"}
        if of is not None:
            values |= {"co_quan": of.agency.id} | ({"ca_duoi": "1"} if of.below else {})
        found.append((words, "?" + urlencode(values), of is not None and of.period == period))
    return found
