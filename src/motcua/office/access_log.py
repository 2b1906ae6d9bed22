"""The log of who opened personal data, for inspectors: when, who, through which dossier, what for; never the data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, Role, staff_required
from motcua.dossiers.about import EXPORT
from motcua.office.fields import DayField, end_of, start_of, whole_number
from motcua.office.shell import StaffRequest, page
from motcua.persons import queries as persons

_PLACE = "office:access_log"
_ROWS = 50
ACTS: dict[str, Promise | str] = {
    Act.SEE_ID.value: _l("thông tin đầy đủ"),
    Act.SEE_NAME.value: _l("tên và nội dung ghi"),
    Act.SEE_FILES.value: _l("tệp"),
    EXPORT: _l("xuất toàn bộ dữ liệu của một người"),
}


class LogForm(forms.Form):
    """What the log is narrowed to."""

    nguoi = forms.TypedChoiceField(label=_l("Cán bộ"), required=False, coerce=int, empty_value=None)
    tu = DayField(label=_l("Từ ngày"), required=False)
    den = DayField(label=_l("Đến ngày"), required=False)
    ma = forms.CharField(
        label=_l("Mã hồ sơ"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, data: Any, people: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["nguoi"].choices = [("", _l("Tất cả")), *people]  # type: ignore[attr-defined]

    def asked(self) -> persons.Asked:
        """The filters as the reader of the log takes them."""
        values = self.cleaned_data
        first: date | None = values["tu"]
        last: date | None = values["den"]
        return persons.Asked(
            staff_id=values["nguoi"],
            dossier=values["ma"].strip().upper(),
            start=start_of(first) if first else None,
            end=end_of(last) if last else None,
        )


@staff_required(roles=frozenset({Role.INSPECTOR}))
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The log of the inspector's agency and those below, the latest first, page by page."""
    reader = request.reader
    people = agencies.people_below(reader)
    form = LogForm(request.GET, people)
    before = whole_number(request.GET.get("truoc", ""))
    rows: tuple[persons.Opening, ...] = ()
    if form.is_valid():
        rows = persons.access_log(reader, form.asked(), before=before, limit=_ROWS + 1)
    shown = rows[:_ROWS]
    names = agencies.staff_names(reader, {row.staff_id for row in shown if row.staff_id is not None})
    places = agencies.agency_names(reader, {row.agency_id for row in shown if row.agency_id is not None})
    narrowed = request.GET.copy()
    narrowed.pop("truoc", None)
    context = {
        "form": form,
        "lines": [
            {
                "row": row,
                "name": names.get(row.staff_id or 0, ""),
                "agency": places.get(row.agency_id or 0, ""),
                "act": ACTS.get(row.act, row.act),
            }
            for row in shown
        ],
        "older": shown[-1].id if len(rows) > _ROWS else None,
        "narrowed": narrowed.urlencode(),
    }
    return page(request, "office/access_log.html", context, place=_PLACE)
