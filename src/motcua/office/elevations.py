"""Rights given for some hours: the list for administrators, leaders and inspectors, and the form to give them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST

from motcua.agencies import elevations
from motcua.agencies import queries as agencies
from motcua.agencies.access import Role, staff_required
from motcua.agencies.commands import AgencyError
from motcua.office.fields import whole_number
from motcua.office.shell import ROLES, StaffRequest, page

_PLACE = "office:elevations"
_ROWS = 50


class ElevationForm(forms.Form):
    """Who gets which rights where, for how long, and why."""

    staff = forms.TypedChoiceField(label=_l("Cho ai"), coerce=int, error_messages={"required": _l("Hãy chọn người.")})
    agency = forms.TypedChoiceField(
        label=_l("Tại cơ quan"), coerce=int, error_messages={"required": _l("Hãy chọn cơ quan.")}
    )
    roles = forms.MultipleChoiceField(
        label=_l("Vai trò"),
        choices=[(role.value, ROLES[role]) for role in elevations.GIVEN],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _l("Hãy chọn ít nhất một vai trò.")},
    )
    hours = forms.IntegerField(label=_l("Trong mấy giờ"), min_value=1)
    reason = forms.CharField(
        label=_l("Lý do"),
        max_length=200,
        help_text=_l("Lãnh đạo và thanh tra đọc được, không ai sửa được."),
        error_messages={"required": _l("Hãy ghi lý do.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, people: list[tuple[int, str]], places: list[tuple[int, str]]) -> None:
        super().__init__(data, initial={"hours": 1})
        self.fields["staff"].choices = [("", _l("Chọn người")), *people]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _l("Chọn cơ quan")), *places]  # type: ignore[attr-defined]
        self.fields["hours"].max_value = settings.MOTCUA_ELEVATION_HOURS  # type: ignore[attr-defined]


@staff_required(roles=elevations.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: StaffRequest) -> HttpResponse:
    """The elevations of the own agency and those below; by POST an administrator gives one."""
    reader = request.reader
    form = None
    if Role.ADMINISTRATOR in reader.roles:
        places = [(each.id, each.name) for each in agencies.agencies_for(reader) if each.active]
        form = ElevationForm(request.POST or None, agencies.people_below(reader), places)
        if request.method == "POST" and form.is_valid() and _given(request, form):
            return redirect(_PLACE)
    rows = elevations.elevations(reader, before=whole_number(request.GET.get("truoc", "")), limit=_ROWS + 1)
    context = {
        "form": form,
        "most": settings.MOTCUA_ELEVATION_HOURS,
        "lines": [
            {"row": row, "roles": ", ".join(str(ROLES[role]) for role in row.roles), "may_end": _may_end(request, row)}
            for row in rows[:_ROWS]
        ],
        "older": rows[_ROWS - 1].id if len(rows) > _ROWS else None,
    }
    return page(request, "office/elevations.html", context, place=_PLACE)


def _may_end(request: StaffRequest, row: elevations.ElevationView) -> bool:
    roles = request.reader.roles
    return row.going_on and (Role.ADMINISTRATOR in roles or Role.LEADER in roles)


def _given(request: StaffRequest, form: ElevationForm) -> bool:
    values = form.cleaned_data
    try:
        elevations.elevate(
            request.reader,
            values["staff"],
            values["agency"],
            values["roles"],
            hours=values["hours"],
            reason=values["reason"],
        )
    except AgencyError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    messages.success(request, _("Đã nâng quyền. Quyền tự hết khi đến giờ."))
    return True


@staff_required
@require_POST
def end(request: StaffRequest, elevation_id: int) -> HttpResponse:
    """Ends an elevation before its time: its holder, an administrator or a leader."""
    try:
        elevations.end(request.reader, elevation_id)
    except LookupError as error:
        raise Http404(elevation_id) from error
    messages.success(request, _("Đã kết thúc nâng quyền."))
    return redirect(_PLACE if not request.reader.roles.isdisjoint(elevations.READERS) else "office:home")
