"""Papers as PDF and uploads as files; both only for a reader who may have what is in them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.agencies.access import staff_required
from motcua.agencies.limited import limited
from motcua.dossiers import queries as dossiers
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.queries import Detail, Happening
from motcua.dossiers.slip import ref_id
from motcua.files import queries as files
from motcua.files.commands import NoSuchFile
from motcua.law.dossier import events as e
from motcua.office.shell import StaffRequest, page
from motcua.papers.forms import AnyForm, Copy
from motcua.papers.render import UnprintableTextError, render

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def printed(request: StaffRequest, form: AnyForm, name: str, copies: tuple[Copy, ...] = (Copy.KEPT,)) -> HttpResponse:
    """A form as PDF in the browser; a name that cannot be printed is said in words instead."""
    try:
        return pdf(render(form, copies=copies), name)
    except UnprintableTextError as error:
        return unprintable(request, error)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF, shown in the browser; no cache keeps it."""
    response = HttpResponse(content, content_type="application/pdf", headers=_HEADERS)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def spreadsheet(content: bytes, name: str) -> HttpResponse:
    """A spreadsheet to save; no cache keeps it."""
    response = HttpResponse(content, content_type=_XLSX, headers=_HEADERS)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def unprintable(request: StaffRequest, error: UnprintableTextError) -> HttpResponse:
    """The page that says which signs stand in the way of printing."""
    said = _("Không in được vì có ký tự lạ: %(signs)s. Hãy sửa thông tin bằng chữ Latinh rồi in lại.")
    context = {"title": _("Chưa in được"), "text": said % {"signs": error.characters}}
    return page(request, "office/trouble.html", context)


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
