"""Files up and down, and the papers that a dossier has come to as PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from ninja import File, Router, Status
from ninja.files import UploadedFile

from motcua.api.acts import seal_file
from motcua.api.fields import Told, answers
from motcua.api.gate import Bearer, Request
from motcua.api.people import Opening
from motcua.api.problems import not_found
from motcua.api.repeats import Key, once
from motcua.dossiers import queries as dossiers
from motcua.dossiers.slip import ref_id
from motcua.exchange.scopes import Scope
from motcua.files import queries as files
from motcua.files.commands import NoSuchFile, store_upload
from motcua.law.dossier.vocabulary import Ref
from motcua.papers import commands, issued
from motcua.papers import queries as papers
from motcua.papers.kinds import COPIES, Kind
from motcua.papers.queries import NoSuchPaper, TrackingUrl
from motcua.papers.render import render, typeset

up = Router(auth=Bearer(Scope.FILES_WRITE), tags=["files"])
down = Router(auth=Bearer(Scope.DOSSIERS_READ, Scope.FILES_READ), tags=["files"])
printed = Router(auth=Bearer(Scope.DOSSIERS_READ, Scope.PERSONS_READ), tags=["files"])


class Kept(Told):
    """A file that was kept: `file` goes into an act within a day, by the same client."""

    file: str
    size: int
    kind: str
    repeated: bool = False


class IssuedPaper(Told):
    """A paper that was issued; `ordinal` counts the issues of this paper for the dossier."""

    ordinal: int
    issued_at: datetime


class FileLine(Told):
    """A file of a dossier."""

    id: UUID
    name: str
    kind: str
    size: int
    erased_by: str


@up.post("/files", response=answers(Kept, success=201))
def upload(request: Request, key: Key, file: Annotated[UploadedFile, File()]) -> Status[Any]:
    """Keep a file, checked by its content; it is swept away when no dossier refers to it."""

    def work(_id: UUID) -> dict[str, Any]:
        kept = store_upload(file, file.name or "tep", file.content_type or "")
        return {"file": seal_file(request, Ref(str(kept.id), kept.commitment)), "size": kept.size, "kind": kept.kind}

    return once(request, key, work, status=201)


@down.get("/dossiers/{dossier_id}/files", response=answers(list[FileLine], 404))
def list_files(request: Request, dossier_id: UUID) -> list[dict[str, Any]]:
    """The files of a dossier: scans of what was handed in, and results."""
    reader = request.auth.reader
    story = dossiers.story(reader, dossier_id)
    detail = dossiers.detail(reader, dossier_id, timezone.now())
    known = files.files(reader, referred(story), **_pair(detail))
    return [
        {"id": each.id, "name": each.name, "kind": each.kind, "size": each.size, "erased_by": each.erased_by}
        for each in known.values()
    ]


@down.post("/dossiers/{dossier_id}/files/{file_id}/open", response=answers(str, 404, 410))
def open_file(request: Request, dossier_id: UUID, file_id: UUID, data: Opening) -> HttpResponseBase:
    """A file's bytes; the opening is noted with its purpose."""
    reader = request.auth.reader
    story = dossiers.story(reader, dossier_id)
    detail = dossiers.detail(reader, dossier_id, timezone.now())
    if file_id not in referred(story):  # without this any known file could be opened through any dossier
        raise NoSuchFile
    opened = files.open_for(reader, file_id, **_pair(detail), purpose=data.said, dossier=detail.row.code)
    return StreamingHttpResponse(opened.chunks, headers=dict(opened.headers))


@printed.get("/dossiers/{dossier_id}/papers/{paper}", response=answers(str, 404, 409))
def get_paper(request: Request, dossier_id: UUID, paper: Kind) -> HttpResponse:
    """A paper as PDF/A-2b as it would be issued now, marked as a preview. Making it is noted in the access log."""
    try:
        made = papers.draft(request.auth.reader, paper, dossier_id, _tracking(request))
    except NoSuchPaper as error:
        raise not_found(str(error.message)) from error
    content = render(made.form, copies=COPIES[paper], basis=made.known.basis, draft=True)
    return _pdf(content, f"{paper}-{dossier_id}")


@printed.post(
    "/dossiers/{dossier_id}/papers/{paper}",
    auth=Bearer(Scope.DOSSIERS_WRITE, Scope.PERSONS_READ),
    response=answers(IssuedPaper, 404, 409),
)
def issue_paper(request: Request, dossier_id: UUID, paper: Kind, key: Key) -> Status[Any]:
    """Issue a paper; where nothing on it has changed, the answer names the one issued before."""

    def work(_id: UUID) -> dict[str, Any]:
        try:
            found = commands.issue(request.auth.reader, paper, dossier_id, _tracking(request))
        except NoSuchPaper as error:
            raise not_found(str(error.message)) from error
        return {"ordinal": found.ordinal, "issued_at": found.issued_at.isoformat()}

    return once(request, key, work)


@printed.get("/dossiers/{dossier_id}/papers/{paper}/{ordinal}", response=answers(str, 404))
def get_issued_paper(request: Request, dossier_id: UUID, paper: Kind, ordinal: int) -> HttpResponse:
    """A paper exactly as it was issued. It names the applicant, so opening it is noted in the access log."""
    try:
        found = issued.one(request.auth.reader, dossier_id, paper, ordinal)
    except issued.NotIssued as error:
        raise not_found(str(error.message)) from error
    return _pdf(typeset(found.paper), f"{paper}-{dossier_id}-{ordinal}")


def _tracking(request: Request) -> TrackingUrl:
    return lambda token: request.build_absolute_uri(reverse("portal:tracking", args=[token]))


def _pdf(content: bytes, name: str) -> HttpResponse:
    shown = f'inline; filename="{name}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})


open_file.media = "application/octet-stream"  # type: ignore[attr-defined]
get_paper.media = "application/pdf"  # type: ignore[attr-defined]
get_issued_paper.media = "application/pdf"  # type: ignore[attr-defined]


def referred(story: tuple[dossiers.Happening, ...]) -> set[UUID]:
    """Every file that a dossier's events refer to."""
    found = {ref_id(each.data, "document") for each in story}
    for each in story:
        came = each.data.get("intake") or each.data
        found |= {ref_id(item, "file") for item in came.get("components", ())}
    return {each for each in found if each is not None}


def _pair(detail: dossiers.Detail) -> dict[str, int]:
    row = detail.row
    return {"receiving_agency_id": row.receiving_agency_id, "competent_agency_id": row.competent_agency_id}
