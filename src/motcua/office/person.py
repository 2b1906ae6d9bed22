"""What is held about one person: to tell that person, to hand it over, and for a leader to hold or to erase it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from motcua.agencies.access import Role, staff_required
from motcua.agencies.limited import limited
from motcua.dossiers import about, about_zip, erasing, holds
from motcua.dossiers.wording import PURPOSES, STATUS, Refused
from motcua.office.fields import DayField
from motcua.office.shell import StaffRequest, page
from motcua.persons.commands import NoSuchRecord
from motcua.persons.identity import mask_id, normal_id

PERSON_ROLES = frozenset({Role.DESK_OFFICER, Role.LEADER})
_LEADER = frozenset({Role.LEADER})
_HOLD, _ERASE = "id_hold_%s", "id_erase_%s"  # both forms stand on one page
_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class NumberForm(forms.Form):
    """Whose data, and what for."""

    number = forms.CharField(
        label=_l("Số giấy tờ của người được hỏi"),
        max_length=40,
        error_messages={"required": _l("Hãy nhập số giấy tờ.")},
        widget=forms.TextInput(attrs=_TYPED),
    )
    purpose = forms.ChoiceField(
        label=_l("Mục đích"),
        choices=list(PURPOSES.items()),
        help_text=_l("Người được hỏi đọc được dòng này trong nhật ký truy cập."),
        error_messages={"required": _l("Hãy chọn mục đích."), "invalid_choice": _l("Hãy chọn mục đích.")},
    )


class OrderForm(forms.Form):
    """The order that something is done by."""

    order = forms.CharField(
        label=_l("Số, ký hiệu văn bản"),
        help_text=_l("Ví dụ 12/QĐ-UBND. Không ghi tên người."),
        max_length=100,
        error_messages={"required": _l("Hãy ghi số, ký hiệu văn bản.")},
        widget=forms.TextInput(attrs=_TYPED),
    )


class HoldForm(OrderForm):
    """Holding, until a day or until it is lifted."""

    reason = forms.CharField(
        label=_l("Lý do"),
        max_length=3000,
        error_messages={"required": _l("Hãy ghi rõ lý do.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = DayField(label=_l("Giữ đến hết ngày"), required=False)


class EraseForm(OrderForm):
    """Erasing; `early` before the time of keeping is over."""

    early = forms.BooleanField(
        label=_l("Văn bản cho xóa trước khi hết thời hạn lưu giữ"),
        required=False,
        help_text=_l("Nhật ký hồ sơ sẽ ghi điều này."),
    )


@staff_required(roles=PERSON_ROLES)
@limited("person")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest) -> HttpResponse:
    """The form, and after it what the own agency holds of the person; the number comes by POST only."""
    form = NumberForm(request.POST) if request.method == "POST" else NumberForm()
    return _shown(request, form)


@staff_required(roles=PERSON_ROLES)
@limited("person")
@require_POST
def download(request: StaffRequest) -> HttpResponseBase:
    """Everything as a ZIP, to hand over; the opening is noted with its purpose."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    held = about.about(request.reader, form.cleaned_data["number"], purpose=str(PURPOSES[form.cleaned_data["purpose"]]))
    return StreamingHttpResponse(about_zip.stream(held), content_type=about_zip.MEDIA_TYPE, headers=about_zip.headers())


@staff_required(roles=_LEADER)
@require_POST
def hold(request: StaffRequest) -> HttpResponse:
    """Holds whatever is kept of the person, in the whole installation."""
    form, asked = HoldForm(request.POST, auto_id=_HOLD), NumberForm(request.POST)
    if asked.is_valid() and form.is_valid():
        values = form.cleaned_data
        try:
            holds.hold_person(
                request.reader,
                asked.cleaned_data["number"],
                order=values["order"],
                reason=values["reason"],
                until=values["until"],
            )
        except Refused as refused:
            form.add_error("until" if refused.refusal.code == "hold_ends_before" else "order", str(refused.message))
        except NoSuchRecord:
            asked.add_error("number", _("Cơ quan bạn không có hồ sơ nào ghi số giấy tờ này."))
        else:
            messages.success(request, _("Đã giữ dữ liệu của người này theo %(order)s.") % {"order": values["order"]})
            return redirect("office:retention")
    return _shown(request, asked, hold=form)


@staff_required(roles=_LEADER)
@require_POST
def erase(request: StaffRequest) -> HttpResponse:
    """Erases the person in the dossiers that the own agency settled; what stays is named with its reason."""
    form, asked = EraseForm(request.POST, auto_id=_ERASE), NumberForm(request.POST)
    if asked.is_valid() and form.is_valid():
        values = form.cleaned_data
        try:
            done = erasing.erase_person(
                request.reader, asked.cleaned_data["number"], values["order"], early=values["early"]
            )
        except Refused as refused:
            form.add_error("order", str(refused.message))
        else:
            tell(request, done, values["order"])
            return redirect("office:retention")
    return _shown(request, asked, erase=form)


def tell(request: StaffRequest, done: erasing.Done, order: str) -> None:
    """Says what an order came to: what went, and each dossier that stays with its reason."""
    count = len(done.gone)
    said = ngettext(
        "Đã xóa dữ liệu cá nhân của %(count)s hồ sơ theo %(order)s.",
        "Đã xóa dữ liệu cá nhân của %(count)s hồ sơ theo %(order)s.",
        count,
    )
    (messages.success if count else messages.info)(request, said % {"count": count, "order": order})
    for code, refused in done.kept:
        messages.warning(request, f"{code}: {refused.message}")


def _shown(
    request: StaffRequest, form: NumberForm, *, hold: HoldForm | None = None, erase: EraseForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "leads": Role.LEADER in request.reader.roles}
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        context |= {
            "masked": mask_id(normal_id(number)),
            "found": [(each, STATUS[each.status]) for each in about.found(request.reader, number)],
            "hold": hold or HoldForm(auto_id=_HOLD),
            "erase": erase or EraseForm(auto_id=_ERASE),
        }
    return page(request, "office/person.html", context, place="office:person")
