"""Accounts, for administrators: who can sign in how, and help for who cannot, each with its reason in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from motcua.agencies import accounts, oidc
from motcua.agencies.access import Reader, Role, staff_required
from motcua.agencies.commands import AgencyError
from motcua.office.shell import StaffRequest, page

_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_PLACE = "office:accounts"


class ActForm(forms.Form):
    """What to do to somebody's way in, and why."""

    act = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Ghi vào nhật ký tài khoản, không sửa được. Ví dụ: mất điện thoại, đã gặp trực tiếp."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    subject = forms.CharField(label=gettext_lazy("Định danh tại nơi xác nhận"), max_length=255, required=False)


@staff_required(roles=_ADMINISTRATORS)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The accounts of the administrator's agency and those below it."""
    return page(request, "office/accounts.html", {"accounts": accounts.accounts(request.reader)}, place=_PLACE)


@staff_required(roles=_ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: StaffRequest, staff_id: int) -> HttpResponse:
    """One account and its log; by POST one of the acts. A new password is shown once, on the answer to that POST."""
    try:
        accounts.account(request.reader, staff_id)
    except accounts.NoSuchAccount:
        raise Http404 from None
    form = ActForm(request.POST if request.method == "POST" else None)
    given = ""
    if form.is_bound and form.is_valid():
        try:
            given = _do(request, staff_id, form.cleaned_data)
        except AgencyError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            if not given:
                return redirect("office:account", staff_id)
    provider = oidc.provider(oidc.Audience.STAFF)
    context = {
        "account": accounts.account(request.reader, staff_id),
        "acts": accounts.acts_of(request.reader, staff_id),
        "own": staff_id == request.reader.staff_id,
        "form": form,
        "given": given,
        "provider": provider.name if provider else "",
    }
    return page(request, "office/account.html", context, place=_PLACE)


def _do(request: StaffRequest, staff_id: int, values: dict[str, Any]) -> str:
    """Carries out the act; gives the new password when there is one. Raises AgencyError and NotPermitted."""
    if values["act"] == "password":
        return accounts.give_password(request.reader, staff_id, values["reason"])
    act = _ACTS.get(values["act"])
    if act is None:
        raise AgencyError("act", _("Không có việc này."))
    messages.success(request, act(request.reader, staff_id, values))
    return ""


def _second_factor(reader: Reader, staff_id: int, values: dict[str, Any]) -> str:
    accounts.remove_second_factor(reader, staff_id, values["reason"])
    return _("Đã gỡ lớp xác thực thứ hai và kết thúc mọi phiên của tài khoản.")


def _sessions(reader: Reader, staff_id: int, values: dict[str, Any]) -> str:
    ended = accounts.end_sessions(reader, staff_id, values["reason"])
    return _("Số phiên đã kết thúc: %(count)s.") % {"count": ended}


def _identity(reader: Reader, staff_id: int, values: dict[str, Any]) -> str:
    provider = oidc.provider(oidc.Audience.STAFF)
    if provider is None:
        raise AgencyError("subject", _("Hệ thống chưa đặt nơi xác nhận danh tính cho cán bộ."))
    accounts.give_identity(reader, staff_id, provider.issuer, values["subject"], values["reason"])
    return _("Đã ghi định danh và kết thúc mọi phiên của tài khoản.")


_ACTS: dict[str, Callable[[Reader, int, dict[str, Any]], str]] = {
    "second_factor": _second_factor,
    "sessions": _sessions,
    "identity": _identity,
}
