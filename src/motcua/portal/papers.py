"""Whether a paper is real: by its QR code, or by the file itself, which is looked into and not kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_safe

from motcua.agencies.limited import limited, too_often
from motcua.agencies.policies import public
from motcua.dossiers import queries as dossiers
from motcua.files.commands import look_into
from motcua.files.inspect import UploadRefused
from motcua.papers import verifying
from motcua.papers.titles import TITLES
from motcua.papers.verifying import Found, NotOurs
from motcua.portal.site import VISITOR
from motcua.portal.tracking import private, shown
from motcua.signatures import checking
from motcua.signatures import queries as signatures
from motcua.signatures.queries import KeptFile
from motcua.signatures.reports import Fault, Report


class FileForm(forms.Form):
    """The file that somebody holds."""

    file = forms.FileField(
        label=_l("Tệp PDF của giấy"),
        help_text=_l("Tệp gốc bạn nhận được. Ảnh chụp và bản quét không kiểm tra được bằng cách này."),
        error_messages={"required": _l("Hãy chọn tệp PDF."), "empty": _l("Tệp trống. Hãy chọn lại tệp.")},
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of an upload: its signatures, the paper that it says it is, and whether it is that paper.

    `genuine` says that we issued these very bytes, None where that cannot be compared any more.
    """

    report: Report
    found: Found | None
    kept: KeptFile | None
    genuine: bool | None

    @property
    def unsigned(self) -> bool:
        """Whether there is no signature at all: nothing wrong with a paper as it was issued."""
        return self.report.fault is Fault.UNSIGNED

    @property
    def wrong(self) -> str:
        """What is wrong with the file, and what to do; empty when nothing is."""
        if self.report.changed or (self.report.fault and not self.unsigned and not self.kept):
            return self.report.message
        if self.genuine is False:
            return _("Tệp mang mã của một giấy có thật nhưng không giống bản đã phát hành. Hãy xin lại bản gốc.")
        if self.unsigned and self.found is None:
            return _("Tệp này không có chữ ký số, và không phải giấy do hệ thống này phát hành.")
        return ""


@public
@require_safe
@limited("paper-code")
def statement(request: HttpRequest, text: str) -> HttpResponse:
    """The page behind the QR code of a paper: what it is, whether it stands, and how far its dossier is."""
    try:
        found = verifying.by_statement(text)
    except NotOurs:
        context = {"section": "paper", "form": FileForm()}
        return private(render(request, "portal/no_paper.html", context, status=404))
    signers = signatures.signers_of(found.dossier_id, found.kind, found.ordinal)
    context = {
        "section": "paper", "found": found, "title": TITLES[found.kind], "signers": signers, **_progress(found.dossier),
    }  # fmt: skip
    return private(render(request, "portal/paper.html", context))


def _progress(code: str) -> dict[str, object]:
    tracked = dossiers.tracking_by_code(VISITOR, code)
    return shown(tracked) if tracked else {}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Looks into a file: who signed it and when, whether it was changed, and whether it is what was issued."""
    if request.method != "POST":
        return render(request, "portal/paper_check.html", {"section": "paper", "form": FileForm()})
    form = FileForm(request.POST, request.FILES)
    context: dict[str, Any] = {"section": "paper", "form": form}
    if not form.is_valid():
        return private(render(request, "portal/paper_check.html", context))
    refused = too_often(request, "paper-file")
    if refused is not None:
        return private(refused)
    upload = form.cleaned_data["file"]
    try:
        looked = look_into(upload, upload.name or "", upload.content_type or "")
    except UploadRefused as error:
        form.add_error("file", error.message)
    else:
        if looked.kind.code != "pdf":
            form.add_error("file", _("Chỉ kiểm tra được tệp PDF. Hãy chọn tệp PDF gốc."))
    if form.errors:
        return private(render(request, "portal/paper_check.html", context))
    checked = _checked(looked.content)
    if checked.found:
        context["title"] = TITLES[checked.found.kind]
    elif checked.kept and checked.kept.kind:
        context["title"] = TITLES[checked.kept.kind]
    return private(render(request, "portal/paper_check.html", {**context, "checked": checked}))


def _checked(content: bytes) -> Checked:
    report, kept, found = checking.check(content), signatures.kept_file(content), verifying.by_file(content)
    genuine: bool | None = None
    if kept:
        genuine = True
    elif found and found.comparable:
        genuine = verifying.same_bytes(found, content, signed=report.holds)
    return Checked(report, found, kept, genuine)
