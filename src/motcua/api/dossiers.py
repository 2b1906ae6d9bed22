"""Reading dossiers: lists by filters, the inbox of a post, one dossier with its story, and how far one is."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.formats import number_format
from ninja import Query, Router
from pydantic import Field

from motcua.agencies import queries as agencies
from motcua.agencies.access import for_citizen
from motcua.api import shapes
from motcua.api.fields import DossierMark, Key, Moment, PageSize, Told, among, answers
from motcua.api.gate import Bearer, Request
from motcua.api.problems import not_found
from motcua.dossiers import listing
from motcua.dossiers import queries as dossiers
from motcua.dossiers.buckets import Bucket
from motcua.dossiers.listing import Counted, Wanted
from motcua.dossiers.queries import Filters
from motcua.exchange.scopes import Scope
from motcua.law.dossier.vocabulary import Status

router = Router(auth=Bearer(Scope.DOSSIERS_READ), tags=["dossiers"])
public = Router(auth=Bearer(), tags=["dossiers"])

StatusName = Annotated[str, *among(status.name.lower() for status in Status)]
BucketName = Annotated[str, *among(bucket.name.lower() for bucket in Bucket if bucket != Bucket.CLOSED)]


class InboxCounts(Told):
    """The figures above an inbox, each counted up to a thousand."""

    due_today: shapes.Count
    overdue: shapes.Count
    waiting: shapes.Count
    ready: shapes.Count


class Tracking(Told):
    """What anybody may know of a dossier: its code and how far it is (Circular 01/2018, Art. 16)."""

    code: str
    state: str
    step: int
    steps: int


@router.get("/dossiers", response=answers(shapes.DossierPage, 404))
def list_dossiers(
    request: Request,
    agency: Key | None = None,
    side: Literal["received", "settled"] = "received",
    status: Annotated[list[StatusName], Query(max_length=10)] = [],  # noqa: B006 - ninja copies it
    procedure: Key | None = None,
    opened_from: Moment | None = None,
    opened_to: Moment | None = None,
    due_before: Moment | None = None,
    after: DossierMark = "",
    limit: PageSize = 50,
    count: bool = False,
) -> dict[str, Any]:
    """Dossiers that an agency (the caller's own, or one below) received or settles, the newest first.

    `count` asks for their number too, which is counted up to a thousand.
    """
    reader = request.auth.reader
    wanted = Wanted(
        agencies.agency_by_code(reader, agency).id if agency else reader.agency_id or 0,
        side,
        tuple(Status[each.upper()] for each in status),
        procedure or "",
        opened_from,
        opened_to,
        due_before,
    )
    page = listing.listed(reader, wanted, after=after, limit=limit)
    number = capped(listing.counted(reader, wanted)) if count else None
    return {"items": shapes.lines(reader, page.rows), "next": page.after, "count": number}


@router.get("/inbox", response=answers(shapes.DossierPage))
def list_inbox(
    request: Request,
    bucket: BucketName = "work",
    mine: bool = False,
    procedure: Key | None = None,
    due_from: Moment | None = None,
    due_before: Moment | None = None,
    after: DossierMark = "",
    limit: PageSize = 50,
) -> dict[str, Any]:
    """What the post has to do, due next first: its functions' shared work and what was given to it."""
    reader = request.auth.reader
    filters = Filters(Bucket[bucket.upper()], mine, procedure or "", due_before, due_from)
    page = dossiers.inbox(reader, filters, after=after, limit=limit)
    return {"items": shapes.lines(reader, page.rows), "next": page.after}


@router.get("/inbox/counts", response=answers(InboxCounts))
def count_inbox(request: Request) -> dict[str, Any]:
    """How much of it is due today, late, waiting for applicants, or ready to be given out."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=999_999)
    found = dossiers.counts(request.auth.reader, now, midnight)
    return {
        name: capped(Counted(value, value >= listing.MANY))
        for name, value in (
            ("due_today", found.due_today),
            ("overdue", found.overdue),
            ("waiting", found.waiting),
            ("ready", found.ready),
        )
    }


@router.get("/dossier-codes/{code}", response=answers(shapes.Dossier, 404))
def get_dossier_by_code(request: Request, code: Key) -> dict[str, Any]:
    """A dossier by the code on its receipt."""
    found = dossiers.by_code(request.auth.reader, code)
    if found is None:
        raise not_found()
    return get_dossier(request, found)


@router.get("/dossiers/{dossier_id}", response=answers(shapes.Dossier, 404))
def get_dossier(request: Request, dossier_id: UUID) -> dict[str, Any]:
    """A dossier with its state and the acts that the post could do now; `token` opens its tracking page."""
    reader = request.auth.reader
    detail = dossiers.detail(reader, dossier_id, timezone.now())
    return shapes.dossier(reader, detail, dossiers.story(reader, dossier_id))


@router.get("/dossiers/{dossier_id}/story", response=answers(list[shapes.Happened], 404))
def get_story(request: Request, dossier_id: UUID) -> list[dict[str, Any]]:
    """Everything that happened to a dossier, in order."""
    reader = request.auth.reader
    happened = dossiers.story(reader, dossier_id)
    return shapes.story(reader, dossiers.detail(reader, dossier_id, timezone.now()), happened)


@public.get("/tracking/{token}", response=answers(Tracking, 404))
def track(request: Request, token: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]) -> Any:
    """How far a dossier is, by the token in its receipt's QR code."""
    found = dossiers.tracking(for_citizen(token))
    if found is None:
        raise not_found()
    return found


@public.get("/tracking", response=answers(Tracking, 404))
def track_by_code(request: Request, code: Key) -> Any:
    """How far a dossier is, by the code on its receipt."""
    found = dossiers.tracking_by_code(request.auth.reader, code)
    if found is None:
        raise not_found()
    return found


def capped(found: Counted) -> dict[str, Any]:
    """A count with its words: "1.000+" where counting stopped."""
    text = number_format(found.value, use_l10n=True, force_grouping=True)
    return {"value": found.value, "capped": found.capped, "text": f"{text}+" if found.capped else text}
