"""Papers as PDF and uploads as files; both only for a reader who may have what is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.agencies.access import Reader, staff_required
from motcua.agencies.limited import limited
from motcua.dossiers import queries as dossiers
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.queries import Detail, Happening
from motcua.dossiers.slip import ref_id
from motcua.files import queries as files
from motcua.files.commands import NoSuchFile
from motcua.law.dossier import events as e
from motcua.office.shell import StaffRequest, page
from motcua.papers import queries as papers
from motcua.papers.forms import AnyForm, Copy
from motcua.papers.queries import TrackingUrl
from motcua.papers.render import UnprintableTextError, render

Make = Callable[[Reader, UUID, TrackingUrl], AnyForm]
# The word in the address, who makes the form, and the copies that are printed of it (form M01, note: two).
PAPERS: Mapping[str, tuple[Make, tuple[Copy, ...]]] = {
    "tiep-nhan": (papers.receipt, (Copy.CUSTOMER, Copy.KEPT)),
    "bo-sung": (papers.supplement_request, (Copy.CUSTOMER,)),
    "tu-choi": (papers.refusal, (Copy.CUSTOMER,)),
    "xin-loi": (papers.apology, (Copy.CUSTOMER,)),
    "kiem-soat": (papers.control_slip, (Copy.KEPT,)),
}
_HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@staff_required
@require_safe
@limited("paper")
def paper(request: StaffRequest, dossier_id: UUID, paper: str) -> HttpResponse:
    """One paper of a dossier, to print."""
    if paper not in PAPERS:
        raise Http404(paper)
    make, copies = PAPERS[paper]
    try:
        form = make(request.reader, dossier_id, lambda token: _address(request, token))
    except (NoSuchDossier, papers.NoSuchPaper) as error:
        raise Http404(paper) from error
    return printed(request, form, f"{paper}-{dossier_id}", copies)


def printed(request: StaffRequest, form: AnyForm, name: str, copies: tuple[Copy, ...] = (Copy.KEPT,)) -> HttpResponse:
    """A form as PDF in the browser; a name that cannot be printed is said in words instead."""
    try:
        content = render(form, copies=copies)
    except UnprintableTextError as error:
        said = _("Không in được vì có ký tự lạ: %(signs)s. Hãy sửa thông tin bằng chữ Latinh rồi in lại.")
        context = {"title": _("Chưa in được"), "text": said % {"signs": error.characters}}
        return page(request, "office/trouble.html", context)
    response = HttpResponse(content, content_type="application/pdf", headers=_HEADERS)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _address(request: StaffRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("portal:tracking", args=[token]))


@staff_required
@require_safe
@limited("download")
def upload(request: StaffRequest, dossier_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A scan or a result of a dossier, to save; the opening is noted in the access log."""
    reader = request.reader
    try:
        story = dossiers.story(reader, dossier_id)
        detail = dossiers.detail(reader, dossier_id, story[-1].recorded_at)
        if file_id not in _files(detail, story):
            raise Http404(file_id)
        row = detail.row
        opened = files.open_for(
            reader,
            file_id,
            receiving_agency_id=row.receiving_agency_id,
            competent_agency_id=row.competent_agency_id,
            purpose=_("Mở tệp của hồ sơ %(code)s") % {"code": row.code},
            dossier=row.code,
        )
    except (NoSuchDossier, NoSuchFile, files.FileErased) as error:
        raise Http404(file_id) from error
    return StreamingHttpResponse(opened.chunks, headers=dict(opened.headers))


def _files(detail: Detail, story: tuple[Happening, ...]) -> set[UUID]:
    """Every file that the dossier's events refer to: without this check any known id could be opened through it."""
    found = {ref_id(each.data, "document") for each in story}
    listed = [*detail.state.intake.components]
    for each in story:
        came = each.data.get("intake", {}) if each.type in (e.Registered.TYPE, e.Received.TYPE) else each.data
        found |= {ref_id(item, "file") for item in came.get("components", ())}
    found |= {UUID(item.file.id) for item in listed if item.file}
    return {each for each in found if each is not None}
