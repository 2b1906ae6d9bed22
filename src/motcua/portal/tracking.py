"""How far a dossier is, for who holds its receipt: code and completion level only (Circular 01/2018, Article 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.agencies.access import for_citizen
from motcua.agencies.limited import limited, too_often
from motcua.agencies.policies import public
from motcua.dossiers import queries
from motcua.dossiers.queries import Tracking
from motcua.portal.log import printed
from motcua.portal.site import VISITOR

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Words:
    """A state in a citizen's words, and what to do now."""

    icon: str  # no colour and shape of time: whether a dossier is late is more than its holder may learn here
    state: Promise | str
    advice: Promise | str


# The states as `Tracking.state` names them: the national list, in small letters.
WORDS: Mapping[str, Words] = {
    "registered": Words("inbox", _("Đã nộp, chờ kiểm tra"), _("Cán bộ một cửa sẽ kiểm tra giấy tờ rồi báo cho bạn.")),
    "accepted": Words("inbox", _("Đã tiếp nhận"), _("Ngày hẹn trả ghi trên giấy tiếp nhận.")),
    "processing": Words("hourglass", _("Đang giải quyết"), _("Ngày hẹn trả ghi trên giấy tiếp nhận.")),
    "supplement_requested": Words(
        "triangle-alert",
        _("Chờ bạn bổ sung giấy tờ"),
        _("Hãy xem phiếu yêu cầu bổ sung và nộp sớm; thời gian chờ không tính vào hạn."),
    ),
    "payment_requested": Words(
        "banknote", _("Chờ bạn nộp tiền"), _("Hãy nộp khoản tiền trong thông báo; thời gian chờ không tính vào hạn.")
    ),
    "suspended": Words("pause", _("Đang tạm dừng"), _("Thời gian tạm dừng không tính vào hạn.")),
    "resolved": Words("package-check", _("Đã có kết quả"), _("Hãy mang giấy tiếp nhận đến quầy để nhận kết quả.")),
    "returned": Words("circle-check", _("Đã trả kết quả"), _("Hồ sơ đã xong.")),
    "refused_at_intake": Words("ban", _("Không tiếp nhận"), _("Lý do ghi trong phiếu từ chối đã gửi cho bạn.")),
    "withdrawn": Words("undo-2", _("Đã rút hồ sơ"), _("Hồ sơ dừng theo yêu cầu của người nộp.")),
    "stopped": Words("ban", _("Đã dừng giải quyết"), _("Lý do ghi trong thông báo đã gửi cho bạn.")),
}
ENDED = frozenset({"refused_at_intake", "withdrawn", "stopped"})


class CodeForm(forms.Form):
    """The look-up by the code that stands on the receipt."""

    code = forms.CharField(
        label=_("Mã hồ sơ"),
        help_text=_("In trên giấy tiếp nhận, ví dụ H55.24-261122-0007."),
        max_length=60,
        error_messages={"required": _("Hãy nhập mã hồ sơ.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@public
@require_safe
@limited("tracking")
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code of a receipt."""
    found = queries.tracking(for_citizen(token))
    if found is None:
        return private(render(request, "portal/no_tracking.html", {"section": "lookup"}, status=404))
    context = {"section": "lookup", **shown(found), "code_of_log": (code := request.GET.get("n", "")[:64])}
    if code:
        context["head_of_paper"] = printed(code)
    return private(render(request, "portal/tracking.html", context))


@public
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """The look-up by code; as many as a person can want, too few for a machine that tries codes."""
    if "code" not in request.GET:
        return render(request, "portal/lookup.html", {"section": "lookup", "form": CodeForm()})
    form = CodeForm(request.GET)
    status, found = 200, None
    if form.is_valid():
        refused = too_often(request, "lookup")
        if refused is not None:
            return private(refused)
        found = queries.tracking_by_code(VISITOR, form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("Không có hồ sơ nào mang mã này. Hãy so lại từng chữ số với giấy tiếp nhận."))
            status = 404
    context = {"section": "lookup", "form": form, **(shown(found) if found else {})}
    return private(render(request, "portal/lookup.html", context, status=status))


def shown(found: Tracking) -> dict[str, object]:
    """`step` counts what is done, the first step being the reception; the page names the step under way."""
    return {
        "code": found.code,
        "words": WORDS[found.state],
        "step": found.step + 1,
        "steps": found.steps,
        "ended": found.state in ENDED,
    }


def private(response: _Answer) -> _Answer:
    """An answer about somebody: kept by no cache, named to no other site, found by no search engine.

    It names itself to this site: browsers that may not do that send forms without an origin, which count as forged.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
